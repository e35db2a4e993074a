import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { copyText } from './copy-button.tsx'
import { IconButton } from './icon-button.tsx'
import { useShortcut } from './use-shortcut.ts'
import css from './filter-bar.module.css'

/** One finished clause of the query. */
export type FilterPill = { id: string; label: string; value: string; negated?: boolean }

export type FilterSuggestion = {
  id: string
  label: string
  /** One line of help or the operator in words. */
  help?: string
  count?: number | undefined
  /** A whole filter that was used before, which would replace this one. */
  recent?: boolean
  /** Nothing is left to type: it is run, and the list makes room for what it finds. */
  run?: boolean
}

export type FilterBarProps = {
  /** Name of the field: "Filter transactions". */
  label: string
  placeholder: string
  pills: readonly FilterPill[]
  onRemove: (pill: FilterPill) => void
  /** Backspace at the start of the text, or a press on the pill: the pill becomes text again. */
  onEdit: (pill: FilterPill) => void
  /** All pills become text at once; without it the bar does not offer that. */
  onEditAll?: () => void
  text: string
  onTextChange: (text: string) => void
  /** Enter: parse and run. */
  onSubmit: () => void
  /** Why the query is not run, and the one-press repair. */
  error?: { message: string; fix?: { label: string; apply: () => void } } | null
  suggestions?: readonly FilterSuggestion[]
  onAccept?: (suggestion: FilterSuggestion) => void
  /** Time range, columns, export: at the end of the bar. */
  children?: ReactNode
}

const EDIT_ALL_KEYS = 'Shift+F'

/**
 * The look and keys of the filter line: pills, text, suggestions as a combobox, error under the bar. It knows nothing
 * of the language; parsing and suggesting are the caller's.
 */
export function FilterBar(props: FilterBarProps) {
  const { pills, text, suggestions = [], error } = props
  const input = useRef<HTMLInputElement>(null)
  const [focused, setFocused] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const [closed, setClosed] = useState(false)
  const id = useId()
  useShortcut({
    id: 'filter.focus',
    keys: '/',
    label: 'Filter',
    group: 'This page',
    run: () => input.current?.focus(),
  })
  useShortcut({
    id: 'filter.add',
    keys: 'F',
    label: 'Add a filter',
    group: 'This page',
    run: () => {
      input.current?.focus()
      setClosed(false)
      // Adding must not replace: one used before is never what Enter takes at once.
      setChosen(suggestions.findIndex(({ recent }) => !recent))
    },
  })

  // A list with a filter has it in the address, as all that its view is.
  useShortcut({
    id: 'view.link',
    label: 'Copy link to this view',
    group: 'This page',
    run: () => void copyText(window.location.href, 'link to this view'),
  })
  const editAll = pills.length > 0 ? props.onEditAll : undefined
  function editAsText() {
    editAll?.()
    setClosed(true)
    input.current?.focus()
  }
  useShortcut(
    editAll
      ? {
          id: 'filter.text',
          keys: EDIT_ALL_KEYS,
          label: 'Edit the filter as text',
          group: 'This page',
          run: editAsText,
        }
      : null,
  )

  const open = focused && !closed && suggestions.length > 0
  const active = open ? suggestions[chosen] : undefined

  function accept(suggestion: FilterSuggestion) {
    props.onAccept?.(suggestion)
    setChosen(-1)
    if (suggestion.run) setClosed(true)
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const last = pills.at(-1)
    if (event.key === 'ArrowDown' && suggestions.length) {
      setClosed(false)
      setChosen((at) => (at + 1) % suggestions.length)
    } else if (event.key === 'ArrowUp' && open) {
      setChosen((at) => (at <= 0 ? suggestions.length : at) - 1)
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      if (active) accept(active)
      else {
        props.onSubmit()
        setClosed(true)
      }
    } else if (event.key === 'Tab' && active && !event.shiftKey) accept(active)
    else if (event.key === 'Escape' && open) setClosed(true)
    else if (event.key === 'Escape') input.current?.blur()
    else if (event.key === 'Backspace' && text === '' && last) props.onEdit(last)
    else return
    event.preventDefault()
  }

  return (
    <div className={css['wrap']} role="search">
      <div className={css['bar']}>
        <div className={css['box']} data-invalid={error ? true : undefined}>
          <IconSearch size={16} stroke={1.75} aria-hidden />
          {pills.map((pill) => (
            <Pill key={pill.id} pill={pill} onEdit={props.onEdit} onRemove={props.onRemove} />
          ))}
          <input
            ref={input}
            className={css['input']}
            role="combobox"
            aria-label={props.label}
            aria-expanded={open}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={active ? `${id}-${active.id}` : undefined}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? `${id}-error` : undefined}
            placeholder={props.placeholder}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setClosed(false)
              setChosen(-1)
              props.onTextChange(event.target.value)
            }}
            onKeyDown={onKeyDown}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              setFocused(false)
              setClosed(false)
            }}
          />
          {editAll ? (
            <button
              type="button"
              className={css['asText']}
              aria-keyshortcuts={EDIT_ALL_KEYS}
              onClick={editAsText}
            >
              Edit as text
            </button>
          ) : null}
          <ul
            id={`${id}-list`}
            role="listbox"
            aria-label="Suggestions"
            className={css['list']}
            hidden={!open}
          >
            {suggestions.map((suggestion, i) => (
              <li
                key={suggestion.id}
                id={`${id}-${suggestion.id}`}
                role="option"
                aria-selected={i === chosen}
                className={css['option']}
                // Before blur, which would close the list.
                onMouseDown={(event) => {
                  event.preventDefault()
                  accept(suggestion)
                }}
              >
                <span>{suggestion.label}</span>
                <span className={css['help']}>{suggestion.help}</span>
                {suggestion.count === undefined ? null : (
                  <span className={css['count']}>{suggestion.count}</span>
                )}
              </li>
            ))}
          </ul>
        </div>
        {props.children ? <div className={css['controls']}>{props.children}</div> : null}
      </div>
      {error ? (
        <p id={`${id}-error`} className={css['error']} role="alert">
          {error.message}
          {error.fix ? (
            <button type="button" className={css['fix']} onClick={error.fix.apply}>
              {error.fix.label}
            </button>
          ) : null}
        </p>
      ) : null}
    </div>
  )
}

type PillProps = {
  pill: FilterPill
  onEdit: (pill: FilterPill) => void
  onRemove: (pill: FilterPill) => void
}

function Pill({ pill, onEdit, onRemove }: PillProps) {
  const name = `${pill.negated ? 'not ' : ''}${pill.label} ${pill.value}`
  return (
    <span className={css['pill']} data-negated={pill.negated || undefined}>
      <button
        type="button"
        className={css['pillText']}
        aria-label={`Edit filter ${name}`}
        onClick={() => onEdit(pill)}
      >
        <span className={css['pillLabel']}>
          {pill.negated ? '-' : ''}
          {pill.label}:
        </span>
        <span className={css['pillValue']}>{pill.value}</span>
      </button>
      <IconButton aria-label={`Remove filter ${name}`} onClick={() => onRemove(pill)}>
        <IconX size={14} stroke={1.75} aria-hidden />
      </IconButton>
    </span>
  )
}
