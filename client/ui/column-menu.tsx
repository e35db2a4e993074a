import { Popover } from '@mantine/core'
import IconColumns3 from '@tabler/icons-react/dist/esm/icons/IconColumns3.mjs'
import IconGripVertical from '@tabler/icons-react/dist/esm/icons/IconGripVertical.mjs'
import { useState, type KeyboardEvent } from 'react'
import { ActionButton } from './action-button.tsx'
import { announce } from './announcer.tsx'
import css from './column-menu.module.css'
import { TextField } from './fields.tsx'
import type { Density } from './kit-context.ts'

export type ColumnChoice = {
  id: string
  label: string
  /** Always shown: its box cannot be cleared. */
  required?: boolean | undefined
  /** At the start, whatever order the others have. */
  pinned?: boolean | undefined
}

export type ColumnMenuProps = {
  /** Every column there is, in the usual order. */
  columns: readonly ColumnChoice[]
  /** Ids of those that are shown, in their order. */
  shown: readonly string[]
  onChange: (shown: string[]) => void
  density: Density
  onDensity: (density: Density) => void
  onReset: () => void
}

const DENSITY_NAMES: readonly (readonly [Density, string])[] = [
  ['compact', 'Compact'],
  ['default', 'Default'],
  ['comfortable', 'Comfortable'],
]

/**
 * Which columns a list has, in what order, and how high its rows are. Dragging a line moves its column; so does
 * `Alt`+`↑` or `↓` on its box.
 */
export function ColumnMenu(props: ColumnMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
      zIndex={50}
      transitionProps={{ duration: 80 }}
      classNames={{ dropdown: css['panel'] ?? '' }}
    >
      <Popover.Target>
        <button type="button" className="kit-button" onClick={() => setOpen(!open)}>
          <IconColumns3 size={16} stroke={1.75} aria-hidden />
          Columns
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <ColumnPanel {...props} />
      </Popover.Dropdown>
    </Popover>
  )
}

function ColumnPanel({ columns, shown, onChange, density, onDensity, onReset }: ColumnMenuProps) {
  const [text, setText] = useState('')
  const [dragged, setDragged] = useState<string | null>(null)
  const byId = new Map(columns.map((column) => [column.id, column]))
  const listed = [
    ...shown.flatMap((id) => byId.get(id) ?? []),
    ...columns.filter(({ id }) => !shown.includes(id)),
  ].filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))

  /** Puts a column where another one is. Columns at the start keep their place. */
  function place(id: string, at: number) {
    const from = shown.indexOf(id)
    const target = shown[at]
    if (from < 0 || target === undefined || byId.get(id)?.pinned || byId.get(target)?.pinned) return
    const next = shown.filter((one) => one !== id)
    next.splice(at, 0, id)
    onChange(next)
    announce(`${byId.get(id)?.label ?? id}, column ${at + 1} of ${shown.length}`)
  }

  function toggle({ id, required }: ColumnChoice) {
    if (required) return
    onChange(shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id])
  }

  function onKeyDown(event: KeyboardEvent, id: string) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    place(id, shown.indexOf(id) + (event.key === 'ArrowUp' ? -1 : 1))
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
                if (dragged) place(dragged, shown.indexOf(column.id))
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
