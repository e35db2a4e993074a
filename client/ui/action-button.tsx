import { useId, type ReactNode } from 'react'
import { announce } from './announcer.tsx'
import { Kbd } from './kbd.tsx'
import { ariaKeys, isMac } from './shortcut-keys.ts'
import type { ActionGroup } from './shortcut-registry.ts'
import { useShortcut } from './use-shortcut.ts'
import css from './action-button.module.css'

export type ActionButtonProps = {
  children: ReactNode
  /** Called on click, Enter, Space and the shortcut; never while there is a `disabledReason` or `busy`, nor by the second half of a double click on a primary button or one of danger. */
  onPress?: () => void
  tone?: 'default' | 'primary' | 'danger' | 'quiet'
  icon?: ReactNode
  /** Why the button cannot be used now. It stays focusable and says so. */
  disabledReason?: string | null | undefined
  /** What to know before it is pressed, while it can be. */
  note?: string | null | undefined
  /** Waiting for an answer: keeps label and width, ignores presses. */
  busy?: boolean
  /**
   * Offers it by key and in the palette, or without a key in the palette alone; that runs `onPress`, or `run` where a
   * key by mistake must do less than a press.
   */
  shortcut?: {
    id: string
    keys?: string
    label: string
    run?: () => void
    group?: ActionGroup
    scope?: 'page' | 'dialog' | 'everywhere'
  }
  type?: 'button' | 'submit'
  /** Full name when the label is not enough on its own ("Refund order ord_8F2K"). Starts with the visible words. */
  label?: string
  /** Icon only: `label` is required by the caller and becomes name and tooltip. */
  iconOnly?: boolean
  expanded?: boolean
  pressed?: boolean
  full?: boolean
}

/** Acts that count: what the first press brought may stand under the pointer by the second one of a double click. */
const ONCE: ReadonlySet<NonNullable<ActionButtonProps['tone']>> = new Set(['primary', 'danger'])

/** The button of the kit. It is never `disabled`: a button that cannot be used says why, on hover, focus and press. */
export function ActionButton(props: ActionButtonProps) {
  const { children, onPress, tone = 'default', icon, disabledReason, busy = false, shortcut } = props
  const reasonId = useId()
  const blocked = Boolean(disabledReason) || busy
  useShortcut(
    shortcut
      ? {
          ...shortcut,
          disabledReason,
          when: !busy,
          palette: shortcut.scope !== 'dialog',
          run: () => (shortcut.run ?? onPress)?.(),
        }
      : null,
  )
  const told = disabledReason || props.note
  const tip = told || (props.iconOnly ? props.label : undefined)
  return (
    <button
      type={props.type ?? 'button'}
      className={css['button']}
      data-tone={tone}
      data-icon-only={props.iconOnly || undefined}
      data-full={props.full || undefined}
      data-tip={tip}
      data-tip-touch={tip === undefined ? undefined : true}
      aria-label={props.label}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-expanded={props.expanded}
      aria-pressed={props.pressed}
      aria-describedby={told ? reasonId : undefined}
      aria-keyshortcuts={shortcut?.keys === undefined ? undefined : ariaKeys(shortcut.keys, isMac())}
      onClick={(event) => {
        if (blocked) {
          event.preventDefault()
          if (disabledReason) announce(disabledReason)
          return
        }
        if (ONCE.has(tone) && event.detail > 1) event.preventDefault()
        else onPress?.()
      }}
    >
      {busy ? <span className={css['spinner']} aria-hidden /> : icon}
      {props.iconOnly ? null : <span>{children}</span>}
      {shortcut?.keys !== undefined && !props.iconOnly ? (
        <Kbd keys={shortcut.keys} onAccent={tone === 'primary' || tone === 'danger'} />
      ) : null}
      {told ? (
        <span id={reasonId} hidden>
          {told}
        </span>
      ) : null}
    </button>
  )
}
