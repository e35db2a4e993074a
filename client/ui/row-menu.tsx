import { Menu } from '@mantine/core'
import { MENU_LOOK, MenuEntries, type MenuEntry } from './menu.tsx'

type RowMenuProps = {
  /** Null while no menu is open. */
  at: { x: number; y: number } | null
  /** Name in speech: "Actions for order ord_8F2K". */
  label: string
  entries: readonly MenuEntry[]
  onClose: () => void
}

/** The menu of a row at the point where it was asked for. Where the focus goes then is the grid's. */
export function RowMenu({ at, label, entries, onClose }: RowMenuProps) {
  if (!at) return null
  return (
    <Menu {...MENU_LOOK} opened onClose={onClose} position="bottom-start" offset={2}>
      <Menu.Target>
        <span aria-hidden style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <MenuEntries entries={entries} />
      </Menu.Dropdown>
    </Menu>
  )
}
