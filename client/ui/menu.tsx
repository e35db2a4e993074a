import { cloneElement, useRef, useState, type ComponentProps, type ReactElement, type ReactNode } from 'react'
import { usePart } from './use-part.ts'
import { useShortcut } from './use-shortcut.ts'

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
  /** Leads somewhere: opens in a new tab like any link. */
  | { kind: 'link'; id: string; label: ReactNode; to: string }
  | { kind: 'check'; id: string; label: string; checked: boolean; onPress: () => void }
  | { kind: 'heading'; id: string; label: string }
  | { kind: 'divider'; id: string }

/** The button of a menu. */
export type MenuTrigger = ReactElement<ComponentProps<'button'>>

const loadBody = () => import('./menu-body.tsx')

/** A menu on a button. Check entries keep it open. */
export function ActionMenu(props: {
  trigger: MenuTrigger
  label: string
  entries: readonly MenuEntry[]
  position?: 'bottom-start' | 'bottom-end' | 'top-start'
  /** A key that opens it. */
  shortcut?: { id: string; keys: string; label: string }
  /** Whether it is open, for who keeps that elsewhere, like in the address. */
  opened?: boolean
  onOpened?: (opened: boolean) => void
}) {
  const { shortcut, trigger } = props
  const [own, setOwn] = useState(false)
  const opened = props.opened ?? own
  const setOpened = (next: boolean) => {
    setOwn(next)
    props.onOpened?.(next)
  }
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpened(false)
    button.current?.focus()
  }
  const menu = usePart(loadBody, opened, close)
  useShortcut(shortcut ? { ...shortcut, group: 'This page', run: () => setOpened(true) } : null)
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        'aria-haspopup': 'menu',
        'aria-expanded': opened,
        onClick: () => setOpened(!opened),
      })}
      {menu ? (
        <menu.ButtonMenu
          opened={opened}
          onClose={close}
          button={button}
          label={props.label}
          entries={props.entries}
          position={props.position ?? 'bottom-end'}
        />
      ) : null}
    </>
  )
}
