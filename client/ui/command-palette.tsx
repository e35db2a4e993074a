import { Modal } from '@mantine/core'
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Kbd } from './kbd.tsx'
import { paletteGroups, type PaletteItem } from './palette-items.ts'
import { useActions } from './use-shortcut.ts'
import css from './command-palette.module.css'

export type CommandPaletteProps = {
  open: boolean
  onClose: () => void
  /** Records found for the text (orders, refunds…), already limited; shown after the actions. */
  results: readonly PaletteItem[]
  /** The text of the input; the caller keeps it, because it searches with it and may open the palette on a text. */
  text: string
  onTextChange: (text: string) => void
  /** Words while the search runs or when it failed. */
  status?: ReactNode
}

/**
 * `Ctrl K`: actions of the page first, then places, then records. A combobox that keeps focus in its input and points at
 * the current option. An action that is not allowed now is listed with its reason and cannot be chosen.
 */
export function CommandPalette({ open, ...body }: CommandPaletteProps) {
  return (
    <Modal.Root
      opened={open}
      onClose={body.onClose}
      size={640}
      yOffset="15vh"
      padding={0}
      radius="lg"
      zIndex={40}
      // At once: what is typed right after the keys must land in the input.
      transitionProps={{ duration: 0 }}
      classNames={{ content: css['content'] ?? '' }}
    >
      <Modal.Overlay color="var(--scrim)" backgroundOpacity={1} />
      <Modal.Content aria-label="Search or jump to">{open ? <PaletteBody {...body} /> : null}</Modal.Content>
    </Modal.Root>
  )
}

type BodyProps = Omit<CommandPaletteProps, 'open'>

function PaletteBody({ onClose, results, text, onTextChange, status }: BodyProps) {
  const actions = useActions()
  const [at, setAt] = useState(0)
  const id = useId()
  const groups = paletteGroups(actions, results, text)
  const items = groups.flatMap((group) => group.items)
  const choices = items.filter((item) => !item.disabledReason)
  const current = choices[Math.min(at, choices.length - 1)]

  useEffect(() => {
    if (current) document.getElementById(`${id}-${current.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [current, id])

  function choose(item: PaletteItem | undefined, newTab: boolean) {
    if (!item || item.disabledReason) return
    onClose()
    // After the palette gave the focus back, so that a dialog opened here keeps it.
    setTimeout(() => item.run({ newTab }), 0)
  }

  function onKeyDown(event: KeyboardEvent) {
    const count = choices.length
    if (event.key === 'ArrowDown') setAt((i) => (Math.min(i, count - 1) + 1) % Math.max(count, 1))
    else if (event.key === 'ArrowUp') setAt((i) => (Math.min(i, count - 1) + count - 1) % Math.max(count, 1))
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing)
      choose(current, event.ctrlKey || event.metaKey)
    else return
    event.preventDefault()
  }

  return (
    <>
      <input
        className={css['input']}
        data-autofocus
        role="combobox"
        aria-label="Search or jump to"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current ? `${id}-${current.id}` : undefined}
        placeholder="Order ID, UTR, email, amount, or what you want to do"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setAt(0)
          onTextChange(event.target.value)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label="Results" className={css['list']}>
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={group.title}>
            <p className={css['group']} aria-hidden>
              {group.title}
            </p>
            {group.items.map((item) => (
              <div
                key={item.id}
                id={`${id}-${item.id}`}
                role="option"
                aria-selected={item === current}
                aria-disabled={item.disabledReason ? true : undefined}
                className={css['option']}
                onMouseDown={(event) => event.preventDefault()}
                onClick={(event) => choose(item, event.ctrlKey || event.metaKey)}
              >
                <span className={css['label']}>
                  {item.label}
                  {item.disabledReason ? <span className={css['reason']}>{item.disabledReason}</span> : null}
                </span>
                {item.detail}
                {item.keys ? <Kbd keys={item.keys} /> : null}
              </div>
            ))}
          </div>
        ))}
      </div>
      {items.length === 0 && !status ? <p className={css['status']}>Nothing matches.</p> : null}
      {status ? <div className={css['status']}>{status}</div> : null}
      <p className="visually-hidden" role="status">
        {items.length} {items.length === 1 ? 'result' : 'results'}
      </p>
      <div className={css['foot']} aria-hidden>
        <Kbd keys="Enter" /> open <Kbd keys="Mod+Enter" /> new tab <Kbd keys="Escape" /> close
      </div>
    </>
  )
}
