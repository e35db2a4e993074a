import { Popover } from '@mantine/core'
import IconGripVertical from '@tabler/icons-react/dist/esm/icons/IconGripVertical.mjs'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { ActionButton } from './action-button.tsx'
import { announce } from './announcer.tsx'
import type { ColumnChoice, ColumnMenuProps } from './column-menu.tsx'
import css from './column-menu.module.css'
import { TextField } from './fields.tsx'
import type { Density } from './kit-context.ts'
import { Anchor } from './menu-body.tsx'

const DENSITY_NAMES: readonly (readonly [Density, string])[] = [
  ['compact', 'Compact'],
  ['default', 'Default'],
  ['comfortable', 'Comfortable'],
]

type ColumnPopoverProps = ColumnMenuProps & {
  opened: boolean
  /** Closed by a key or a press beside it. */
  onClose: () => void
  /** The focus has gone elsewhere, and is to stay there. */
  onLeave: () => void
  button: RefObject<HTMLElement | null>
}

/**
 * The panel of the columns, on its button and next to it for `Tab`, which leads out of it and closes it. The library's
 * trap for the focus is not used: it sets the focus a moment after the panel is there, when somebody quick has gone on.
 */
export function ColumnPopover({ opened, onClose, onLeave, button, ...panel }: ColumnPopoverProps) {
  return (
    <Popover
      opened={opened}
      onChange={(next) => {
        if (!next) onClose()
      }}
      position="bottom-end"
      width={280}
      withinPortal={false}
      floatingStrategy="fixed"
      zIndex={50}
      transitionProps={{ duration: 80 }}
      classNames={{ dropdown: css['panel'] ?? '' }}
    >
      <Popover.Target>
        <Anchor element={button} />
      </Popover.Target>
      <Popover.Dropdown
        aria-label="Columns"
        onBlur={({ currentTarget, relatedTarget }) => {
          if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) onLeave()
        }}
      >
        <ColumnPanel {...panel} />
      </Popover.Dropdown>
    </Popover>
  )
}

function ColumnPanel({ columns, shown, onChange, density, onDensity, onReset }: ColumnMenuProps) {
  const [text, setText] = useState('')
  const [dragged, setDragged] = useState<string | null>(null)
  const moved = useRef<string>(null)
  const byId = new Map(columns.map((column) => [column.id, column]))
  const listed = [
    ...shown.flatMap((id) => byId.get(id) ?? []),
    ...columns.filter(({ id }) => !shown.includes(id)),
  ].filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))

  const announceMove = useEffectEvent((id: string) =>
    announce(`${byId.get(id)?.label ?? id}, column ${shown.indexOf(id) + 1} of ${shown.length}`),
  )
  // Where a column went is known when the new order is there.
  useEffect(() => {
    const id = moved.current
    moved.current = null
    if (id !== null && shown.includes(id)) announceMove(id)
  }, [shown])

  /** Puts a column where another one is. Columns at the start keep their place. */
  function move(id: string, to: (order: readonly string[]) => number) {
    moved.current = id
    onChange((order) => {
      const target = order[to(order)]
      if (!order.includes(id) || target === undefined) return order
      if (byId.get(id)?.pinned || byId.get(target)?.pinned) return order
      return order.filter((one) => one !== id).toSpliced(to(order), 0, id)
    })
  }

  function toggle({ id, required }: ColumnChoice) {
    if (required) return
    moved.current = null
    onChange((order) => (order.includes(id) ? order.filter((one) => one !== id) : [...order, id]))
  }

  function onKeyDown(event: KeyboardEvent, id: string) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    move(id, (order) => order.indexOf(id) + (event.key === 'ArrowUp' ? -1 : 1))
  }

  return (
    <>
      <TextField label="Find a column" value={text} onChange={setText} autoFocus />
      <ul className={css['list']} aria-label="Columns, in their order">
        {listed.map((column) => {
          const on = shown.includes(column.id)
          const moves = on && !column.pinned
          return (
            <li
              key={column.id}
              className={css['line']}
              draggable={moves}
              data-dragged={dragged === column.id || undefined}
              onDragStart={() => setDragged(column.id)}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={() => {
                if (dragged) move(dragged, (order) => order.indexOf(column.id))
              }}
            >
              <label className={css['choice']}>
                <input
                  type="checkbox"
                  checked={on}
                  aria-disabled={column.required || undefined}
                  aria-keyshortcuts={moves ? 'Alt+ArrowUp Alt+ArrowDown' : undefined}
                  onChange={() => toggle(column)}
                  onKeyDown={(event) => onKeyDown(event, column.id)}
                />
                {column.label}
                {column.required ? <span className="caption">always shown</span> : null}
              </label>
              {moves ? <IconGripVertical size={14} stroke={1.75} aria-hidden /> : null}
            </li>
          )
        })}
        {listed.length === 0 ? <li className="caption">No column is called that.</li> : null}
      </ul>
      <fieldset className={css['density']}>
        <legend className="caption">Row height</legend>
        {DENSITY_NAMES.map(([value, label]) => (
          <label key={value} className={css['choice']}>
            <input
              type="radio"
              name="density"
              checked={density === value}
              onChange={() => onDensity(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div className={css['foot']}>
        <span className="caption">Alt and an arrow moves a column.</span>
        <ActionButton tone="quiet" onPress={onReset}>
          Reset
        </ActionButton>
      </div>
    </>
  )
}
