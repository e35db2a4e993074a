import IconPlayerStop from '@tabler/icons-react/dist/esm/icons/IconPlayerStop.mjs'
import { useLayoutEffect, useRef } from 'react'
import { ActionButton } from './action-button.tsx'
import { ProgressBar, useSpokenProgress } from './progress-bar.tsx'
import css from './running-sign.module.css'

type RunningSignProps = {
  /** What goes on: "Checking with Juspay". */
  label: string
  /** How far it is, in words: "Checked 30 of 120". */
  text: string
  done: number
  total: number
  /** Absent where it cannot be stopped. */
  stop?: { label: string; pressed: boolean; onPress: () => void }
}

/** Long work in the top bar: it goes on while the person goes elsewhere. Every quarter is spoken. */
export function RunningSign({ label, text, done, total, stop }: RunningSignProps) {
  const sign = useRef<HTMLSpanElement>(null)
  const from = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const here = sign.current
    // It goes when the work ends, whether the focus is in it or not.
    return () => {
      if (here?.contains(document.activeElement)) focusBack(from.current)
    }
  }, [])
  useSpokenProgress({ status: label, done, total, failed: false, text })
  return (
    <span
      ref={sign}
      className={css['sign']}
      role="group"
      aria-label={label}
      onFocus={({ relatedTarget }) => {
        from.current = relatedTarget instanceof HTMLElement ? relatedTarget : null
      }}
    >
      <span className={css['text']}>{text}</span>
      <span className={css['bar']}>
        <ProgressBar label={label} done={done} total={total} />
      </span>
      {stop ? (
        <ActionButton
          iconOnly
          tone="quiet"
          label={stop.label}
          icon={<IconPlayerStop size={16} stroke={1.75} aria-hidden />}
          busy={stop.pressed}
          onPress={stop.onPress}
        >
          Stop
        </ActionButton>
      ) : null}
    </span>
  )
}

/**
 * To where it came from, or to the main part of the page when that is gone: left to fall to the body, the next Tab would
 * begin at the top. The page stays where it is scrolled to, for the work ends unasked.
 */
function focusBack(from: HTMLElement | null): void {
  from?.focus({ preventScroll: true })
  if (from === null || document.activeElement !== from)
    document.querySelector('main')?.focus({ preventScroll: true })
}
