import IconPlayerStop from '@tabler/icons-react/dist/esm/icons/IconPlayerStop.mjs'
import { ActionButton } from './action-button.tsx'
import { ProgressBar, useSpokenProgress } from './progress-bar.tsx'
import { useFocusReturn } from './use-focus-return.ts'
import css from './running-sign.module.css'

type RunningSignProps = {
  /** What goes on: "Checking with Juspay". */
  label: string
  /** How far it is, in words: "Checked 30 of 120". */
  text: string
  done: number
  total: number
  stop: { label: string; pressed: boolean; onPress: () => void }
}

/** Long work of this tab in the top bar: it goes on while the person goes elsewhere. Every quarter is spoken. */
export function RunningSign({ label, text, done, total, stop }: RunningSignProps) {
  const noteFocus = useFocusReturn()
  useSpokenProgress({ status: label, done, total, failed: false, text })
  return (
    <span className={css['sign']} role="group" aria-label={label} onFocus={noteFocus}>
      <span className={css['text']}>{text}</span>
      <span className={css['bar']}>
        <ProgressBar label={label} done={done} total={total} />
      </span>
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
    </span>
  )
}
