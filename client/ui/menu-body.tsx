/** Menus as they are drawn: what a page needs only once somebody opens one. */
import { Menu } from '@mantine/core'
import { useLayoutEffect, type ReactElement, type RefCallback, type RefObject } from 'react'
import { Kbd } from './kbd.tsx'
import { useKit } from './kit-context.ts'
import css from './menu.module.css'
import type { MenuEntry } from './menu.tsx'

/** How every menu of the kit looks and moves. */
const LOOK = {
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

type ButtonMenuProps = {
  opened: boolean
  onClose: () => void
  /** The button it hangs on. */
  button: RefObject<HTMLElement | null>
  label: string
  entries: readonly MenuEntry[]
  position: 'bottom-start' | 'bottom-end' | 'top-start'
}

export function ButtonMenu({ opened, onClose, button, label, entries, position }: ButtonMenuProps) {
  return (
    <Menu {...LOOK} opened={opened} onClose={onClose} position={position} returnFocus={false}>
      <Menu.Target>
        <Anchor element={button} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <Entries entries={entries} />
      </Menu.Dropdown>
    </Menu>
  )
}

type AnchorProps = {
  element: RefObject<HTMLElement | null>
  /** Of whoever it stands in for. */
  ref?: RefCallback<HTMLElement>
  id?: string
  'aria-controls'?: string | undefined
}

/** Stands in for a button that is elsewhere on the page, and was there before its menu. */
export function Anchor({ element, ref, id, 'aria-controls': controls }: AnchorProps): ReactElement | null {
  useLayoutEffect(() => {
    ref?.(element.current)
    return () => void ref?.(null)
  }, [ref, element])
  useLayoutEffect(() => {
    if (id !== undefined) element.current?.setAttribute('id', id)
    if (controls === undefined) element.current?.removeAttribute('aria-controls')
    else element.current?.setAttribute('aria-controls', controls)
  }, [element, id, controls])
  return null
}

type RowMenuProps = {
  at: { x: number; y: number }
  /** Name in speech: "Actions for order ord_8F2K". */
  label: string
  entries: readonly MenuEntry[]
  onClose: () => void
}

/** The menu of a row at the point where it was asked for. Where the focus goes then is the grid's. */
export function RowMenu({ at, label, entries, onClose }: RowMenuProps) {
  return (
    <Menu {...LOOK} opened onClose={onClose} position="bottom-start" offset={2}>
      <Menu.Target>
        <span aria-hidden style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <Entries entries={entries} />
      </Menu.Dropdown>
    </Menu>
  )
}

function Entries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry) => <Entry key={entry.id} entry={entry} />)
}

function Entry({ entry }: { entry: MenuEntry }) {
  const { link: Link } = useKit()
  if (entry.kind === 'heading') return <Menu.Label>{entry.label}</Menu.Label>
  if (entry.kind === 'divider') return <Menu.Divider />
  if (entry.kind === 'link') {
    return (
      <Menu.Item component={Link} to={entry.to}>
        {entry.label}
      </Menu.Item>
    )
  }
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
