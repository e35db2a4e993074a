import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useEffect, type ReactNode } from 'react'
import { ActionButton, type ActionButtonProps } from './action-button.tsx'
import { announce } from './announcer.tsx'
import { ActionMenu } from './menu.tsx'
import css from './selection-bar.module.css'
import { usePhone } from './use-phone.ts'
import { useShortcut } from './use-shortcut.ts'

/** Something that can be done with what is selected. */
export type BarAct = Pick<ActionButtonProps, 'tone' | 'busy' | 'disabledReason'> & {
  id: string
  words: string
  /** Offers it by key and in the palette, or in the palette alone, also from the menu. */
  shortcut?: { keys?: string; label: string }
  onPress: () => void
}

export type SelectionBarProps = {
  count: number
  /** What is selected, in the plural: "orders". */
  noun: string
  /** In place of the number and "selected". */
  words?: ReactNode
  /** Sum or other words after the count. */
  summary?: ReactNode
  onClear: () => void
  /** The most used first: those without a place in the bar are in its menu. */
  acts: readonly BarAct[]
}

/** Buttons side by side, the menu's among them (design §3.6). A phone has no room for more beside the cross. */
const SHOWN_MAX = 4
const SHOWN_MAX_PHONE = 2

/** Floats over the list while rows are selected; does not take focus, and is announced once. */
export function SelectionBar({ count, noun, words, summary, onClear, acts }: SelectionBarProps) {
  const max = usePhone() ? SHOWN_MAX_PHONE : SHOWN_MAX
  const shown = acts.length > max ? max - 1 : max
  const open = count > 0
  useEffect(() => {
    if (open) announce('Bulk actions available.')
  }, [open])
  if (!open) return null
  return (
    <div className={css['bar']} role="group" aria-label="Bulk actions">
      <span className={css['count']}>
        {words ?? (
          <>
            {count} <span className="visually-hidden">{noun} </span>selected
          </>
        )}
      </span>
      {summary ? <span className={css['summary']}>{summary}</span> : null}
      <span className={css['divider']} aria-hidden />
      {acts.slice(0, shown).map(({ id, words: label, shortcut, ...act }) => (
        <ActionButton key={id} {...act} {...(shortcut && { shortcut: { id, ...shortcut } })}>
          {label}
        </ActionButton>
      ))}
      <MoreActs acts={acts.slice(shown)} noun={noun} />
      <ActionButton
        iconOnly
        label="Clear selection"
        icon={<IconX size={16} stroke={1.75} aria-hidden />}
        onPress={onClear}
      >
        Clear
      </ActionButton>
    </div>
  )
}

/** The acts without a place in the bar; their keys work while the menu is closed. */
function MoreActs({ acts, noun }: Pick<SelectionBarProps, 'acts' | 'noun'>) {
  if (acts.length === 0) return null
  return (
    <>
      {acts.map((act) => (
        <OfferedAct key={act.id} {...act} />
      ))}
      <ActionMenu
        label={`More for the selected ${noun}`}
        position="top-start"
        entries={acts.map(({ id, words, shortcut, busy, disabledReason = null, onPress }) => ({
          id,
          label: words,
          ...(shortcut?.keys !== undefined && { keys: shortcut.keys }),
          disabledReason: busy ? 'Wait for the answer.' : disabledReason,
          onPress,
        }))}
        trigger={
          <button type="button" className="kit-button">
            More
          </button>
        }
      />
    </>
  )
}

function OfferedAct({ id, shortcut, busy = false, disabledReason, onPress }: BarAct) {
  useShortcut(shortcut ? { id, ...shortcut, disabledReason, when: !busy, run: onPress } : null)
  return null
}
