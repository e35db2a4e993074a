import { Combobox, Modal, useVirtualizedCombobox } from '@mantine/core'
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Kbd } from './kbd.tsx'
import { paletteGroups, type PaletteGroup, type PaletteItem } from './palette-items.ts'
import { useActions } from './use-shortcut.ts'
import css from './command-palette-dialog.module.css'

export type PaletteDialogProps = {
  open: boolean
  onClose: () => void
  /** Records found for the text (orders, refunds…), already limited; shown after the actions. */
  results: readonly PaletteItem[]
  /** Records that were open last. */
  recent?: readonly PaletteItem[]
  /** The text of the input; the caller keeps it, because it searches with it and may open the palette on a text. */
  text: string
  onTextChange: (text: string) => void
  /** The results are still those of another text: Enter waits for those of this one, instead of opening a wrong record. */
  searching?: boolean
  /** Words while the search runs or when it failed. */
  status?: ReactNode
  /** The input has the focus: what is typed from here on goes there by itself. */
  onFocus: (input: HTMLInputElement) => void
}

/**
 * `Ctrl K`: actions of the record and the page first, then recent records, places and what was found. Roles, keys and the
 * current option are Mantine's Combobox: focus stays in the input, which points at the option. An action that is not
 * allowed now is listed with its reason and cannot be chosen; Tab lists what else can be done with a record.
 */
export function PaletteDialog({ open, ...body }: PaletteDialogProps) {
  // Opened after it is there, or the dialog would not learn where the focus was and could not give it back.
  const [there, setThere] = useState(false)
  useEffect(() => queueMicrotask(() => setThere(true)), [])
  const opened = open && there
  return (
    <Modal.Root
      opened={opened}
      onClose={body.onClose}
      size={640}
      yOffset="15vh"
      padding={0}
      radius="lg"
      zIndex={40}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css['content'] ?? '' }}
    >
      <Modal.Overlay color="var(--scrim)" backgroundOpacity={1} />
      <Modal.Content aria-label="Search or jump to">
        {opened ? <PaletteBody {...body} /> : null}
      </Modal.Content>
    </Modal.Root>
  )
}

type BodyProps = Omit<PaletteDialogProps, 'open'>

const NO_RECORDS: readonly PaletteItem[] = []

function PaletteBody(props: BodyProps) {
  const { onClose, results, recent = NO_RECORDS, text, onTextChange, searching = false, onFocus } = props
  const actions = useActions()
  const id = useId()
  const [place, setPlace] = useState<{ text: string; at: number } | null>(null)
  const [held, setHeld] = useState<string | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const groups = withActs(paletteGroups(actions, { recent, found: results }, text), opened, onClose)
  const items = groups.flatMap((group) => group.items)
  const isOff = (at: number): boolean => Boolean(items[at]?.disabledReason)
  const first = items.findIndex((item) => !item.disabledReason)
  // Another text begins at its first line.
  const moved = place?.text === text
  const wanted = moved ? place.at : first
  const at = wanted >= 0 && wanted < items.length && !isOff(wanted) ? wanted : first
  const current = items[at]
  const newTab = useRef(false)
  const idOf = (item: PaletteItem | undefined): string => (item ? `${id}-${item.id}` : '')

  const combobox = useVirtualizedCombobox({
    opened: true,
    totalOptionsCount: items.length,
    isOptionDisabled: isOff,
    getOptionId: (index) => idOf(items[index]),
    selectedOptionIndex: at,
    setSelectedOptionIndex: (index) => setPlace({ text, at: index }),
    onSelectedOptionSubmit: () => enter(),
  })
  const waits = searching && !moved && (!current || results.some((item) => item.id === current.id))
  const status = waits && held === text ? 'Searching…' : props.status

  useEffect(() => {
    document.getElementById(`${id}-${current?.id ?? ''}`)?.scrollIntoView({ block: 'nearest' })
  }, [current?.id, id])

  function enter() {
    if (waits) setHeld(text)
    else choose(current)
  }

  function choose(item: PaletteItem | undefined) {
    if (!item || item.disabledReason) return
    const how = { newTab: newTab.current }
    onClose()
    // After the palette gave the focus back, so that a dialog opened here keeps it.
    setTimeout(() => item.run(how), 0)
  }

  const chooseHeld = useEffectEvent(() => choose(current))
  useEffect(() => {
    if (held === text && !waits) chooseHeld()
  }, [held, text, waits])

  function onKeyDown(event: KeyboardEvent) {
    newTab.current = event.ctrlKey || event.metaKey
    if (event.key !== 'Enter') setHeld(null)
    if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
      if (opened === null) onClose()
      else setOpened(null)
    } else if (event.key === 'Enter' && !current && !event.nativeEvent.isComposing) enter()
    else if (event.key === 'Tab' && !event.shiftKey && current?.more)
      setOpened(opened === current.id ? null : current.id)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Combobox store={combobox} onOptionSubmit={(value) => choose(items.find((item) => item.id === value))}>
      <Combobox.EventsTarget withExpandedAttribute aria-activedescendant={idOf(current) || undefined}>
        <input
          className={css['input']}
          data-autofocus
          aria-label="Search or jump to"
          aria-autocomplete="list"
          placeholder="Order ID, UTR, email, amount, or what you want to do"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setOpened(null)
            onTextChange(event.target.value)
          }}
          onKeyDown={onKeyDown}
          onFocus={(event) => onFocus(event.currentTarget)}
        />
      </Combobox.EventsTarget>
      <Combobox.Options aria-label="Results" className={css['list'] ?? ''}>
        {groups.map((group) => (
          <Combobox.Group
            key={group.title}
            label={group.title}
            classNames={{ groupLabel: css['group'] ?? '' }}
          >
            {group.items.map((item) => (
              <PaletteLine
                key={item.id}
                item={item}
                optionId={idOf(item)}
                current={item === current}
                onPress={(pressed) => {
                  newTab.current = pressed
                }}
              />
            ))}
          </Combobox.Group>
        ))}
      </Combobox.Options>
      {items.length === 0 && !status ? <p className={css['status']}>Nothing matches.</p> : null}
      {status ? <div className={css['status']}>{status}</div> : null}
      <p className="visually-hidden" role="status">
        {items.length} {items.length === 1 ? 'result' : 'results'}
      </p>
      <div className={css['foot']} aria-hidden>
        <Kbd keys="Enter" /> open <Kbd keys="Mod+Enter" /> new tab <Kbd keys="Tab" /> actions{' '}
        <Kbd keys="Escape" /> close
      </div>
    </Combobox>
  )
}

/** The record whose actions are asked for is followed by them. */
function withActs(groups: PaletteGroup[], opened: string | null, onClose: () => void): PaletteGroup[] {
  if (opened === null) return groups
  return groups.map((group) => ({
    ...group,
    items: group.items.flatMap((item) =>
      item.id !== opened
        ? [item]
        : [
            item,
            ...(item.more ?? []).map((act) => ({
              id: `${item.id}-${act.id}`,
              label: act.label,
              group: group.title,
              indented: true,
              disabledReason: act.disabledReason,
              run: () => {
                onClose()
                act.run()
              },
            })),
          ],
    ),
  }))
}

type LineProps = {
  item: PaletteItem & { indented?: boolean }
  optionId: string
  current: boolean
  onPress: (newTab: boolean) => void
}

function PaletteLine({ item, optionId, current, onPress }: LineProps) {
  return (
    <Combobox.Option
      value={item.id}
      id={optionId}
      selected={current}
      aria-selected={current}
      disabled={Boolean(item.disabledReason)}
      className={css['option'] ?? ''}
      mod={{ indented: item.indented }}
      // Before the press counts as a choice.
      onMouseDown={(event) => onPress(event.ctrlKey || event.metaKey)}
    >
      <span className={css['label']}>
        {item.label}
        {item.disabledReason ? <span className={css['reason']}>{item.disabledReason}</span> : null}
      </span>
      {item.detail}
      {item.keys ? <Kbd keys={item.keys} /> : null}
    </Combobox.Option>
  )
}
