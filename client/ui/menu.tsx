import { Menu } from '@mantine/core'
import { useState, type ReactElement, type ReactNode } from 'react'
import { Kbd } from './kbd.tsx'
import { useShortcut } from './use-shortcut.ts'
import css from './menu.module.css'

export type MenuEntry =
  | {
      kind?: 'item'
      id: string
      label: ReactNode
      icon?: ReactNode
      keys?: string
      /** Greyed with this as its tooltip. */
      disabledReason?: string | null
      danger?: boolean
      onPress: () => void
    }
  | { kind: 'check'; id: string; label: string; checked: boolean; onPress: () => void }
  | { kind: 'heading'; id: string; label: string }
  | { kind: 'divider'; id: string }

/** How every menu of the kit looks and moves. */
export const MENU_LOOK = {
  shadow: 'md',
  width: 240,
  zIndex: 50,
  // The placeholder is an element a screen reader would count as an entry.
  withInitialFocusPlaceholder: false,
  classNames: {
    dropdown: css['dropdown'] ?? '',
    item: css['item'] ?? '',
    divider: css['divider'] ?? '',
    label: css['label'] ?? '',
  },
  transitionProps: { duration: 80 },
}

/** A menu on a button. Check entries keep it open. */
export function ActionMenu(props: {
  trigger: ReactElement
  label: string
  entries: readonly MenuEntry[]
  position?: 'bottom-start' | 'bottom-end' | 'top-start'
  /** A key that opens it. */
  shortcut?: { id: string; keys: string; label: string }
}) {
  const [opened, setOpened] = useState(false)
  const { shortcut } = props
  useShortcut(shortcut ? { ...shortcut, group: 'This page', run: () => setOpened(true) } : null)
  return (
    <Menu {...MENU_LOOK} opened={opened} onChange={setOpened} position={props.position ?? 'bottom-end'}>
      <Menu.Target>{props.trigger}</Menu.Target>
      <Menu.Dropdown aria-label={props.label}>
        <MenuEntries entries={props.entries} />
      </Menu.Dropdown>
    </Menu>
  )
}

/** The lines of a menu. */
export function MenuEntries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry) => <Entry key={entry.id} entry={entry} />)
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'heading') return <Menu.Label>{entry.label}</Menu.Label>
  if (entry.kind === 'divider') return <Menu.Divider />
  if (entry.kind === 'check') {
    return (
      <Menu.CheckboxItem checked={entry.checked} closeMenuOnClick={false} onChange={entry.onPress}>
        {entry.label}
      </Menu.CheckboxItem>
    )
  }
  const blocked = Boolean(entry.disabledReason)
  return (
    <Menu.Item
      leftSection={entry.icon}
      rightSection={entry.keys ? <Kbd keys={entry.keys} /> : null}
      aria-disabled={blocked || undefined}
      closeMenuOnClick={!blocked}
      {...(entry.disabledReason && { title: entry.disabledReason })}
      style={
        blocked
          ? { color: 'var(--text-3)', cursor: 'not-allowed' }
          : entry.danger
            ? { color: 'var(--st-failed-fg)' }
            : undefined
      }
      onClick={() => {
        if (!blocked) entry.onPress()
      }}
    >
      {entry.label}
      {blocked ? (
        <span className="caption" style={{ display: 'block' }}>
          {entry.disabledReason}
        </span>
      ) : null}
    </Menu.Item>
  )
}
