import IconColumns3 from '@tabler/icons-react/dist/esm/icons/IconColumns3.mjs'
import { useRef, useState } from 'react'
import type { Density } from './kit-context.ts'
import { usePart } from './use-part.ts'
import { useShortcut } from './use-shortcut.ts'

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
  /**
   * Changes what is shown from what it then is, which may be later than what was drawn: a second key can come before the
   * first has its effect.
   */
  onChange: (change: (shown: readonly string[]) => readonly string[]) => void
  density: Density
  onDensity: (density: Density) => void
  onReset: () => void
}

const load = () => import('./column-panel.tsx')

/**
 * Which columns a list has, in what order, and how high its rows are. Dragging a line moves its column; so does
 * `Alt`+`↑` or `↓` on its box.
 */
export function ColumnMenu(props: ColumnMenuProps) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const panel = usePart(load, open, close)
  useShortcut({ id: 'columns.reset', label: 'Reset columns', group: 'This page', run: props.onReset })
  return (
    <>
      <button
        ref={button}
        type="button"
        className="kit-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <IconColumns3 size={16} stroke={1.75} aria-hidden />
        Columns
      </button>
      {panel ? (
        <panel.ColumnPopover
          {...props}
          opened={open}
          onClose={close}
          onLeave={() => setOpen(false)}
          button={button}
        />
      ) : null}
    </>
  )
}
