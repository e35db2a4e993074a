import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useEffect, type ReactNode } from 'react'
import { ActionButton } from './action-button.tsx'
import { announce } from './announcer.tsx'
import css from './selection-bar.module.css'

export type SelectionBarProps = {
  count: number
  /** What is selected, in the plural: "orders". */
  noun: string
  /** In place of the number and "selected". */
  words?: ReactNode
  /** Sum or other words after the count. */
  summary?: ReactNode
  onClear: () => void
  /** A few `ActionButton`s. */
  children: ReactNode
}

/** Floats over the list while rows are selected; does not take focus, and is announced once. */
export function SelectionBar({ count, noun, words, summary, onClear, children }: SelectionBarProps) {
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
      {children}
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
