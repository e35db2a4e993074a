import IconCalendar from '@tabler/icons-react/dist/esm/icons/IconCalendar.mjs'
import { useRef, useState } from 'react'
import {
  readTypedRange,
  typedEndsOf,
  withPickedDay,
  type EndRead,
  type TypedEnds,
} from '../../server/domain/typed-range.ts'
import { ActionButton } from './action-button.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './fields.tsx'
import css from './custom-range.module.css'

type CustomRangeProps = { value: string; onClose: () => void; onApply: (range: string) => void }

type Side = keyof TypedEnds

const OPEN_ENDS: Readonly<Record<Side, string>> = {
  from: 'Empty: from the first one on',
  to: 'Empty: up to now, and what comes next',
}

/** A start and an end as people type them; the calendar beside each is an aid. */
export function CustomRange({ value, onClose, onApply }: CustomRangeProps) {
  // What "-3d" is taken for stays as it was told while the dialog is open.
  const [now] = useState(() => new Date())
  const [ends, setEnds] = useState(() => typedEndsOf(value, now))
  const [told, setTold] = useState<Readonly<Record<Side, boolean>>>({ from: false, to: false })
  const read = readTypedRange(ends, now)

  function apply() {
    setTold({ from: true, to: true })
    if (read.range !== null) onApply(read.range)
  }

  const field = (side: Side, label: string, calendar: string) => (
    <EndField
      label={label}
      calendar={calendar}
      text={ends[side]}
      end={read[side]}
      told={told[side]}
      open={OPEN_ENDS[side]}
      now={now}
      autoFocus={side === 'from'}
      onText={(text) => {
        setEnds({ ...ends, [side]: text })
        // Not while it is typed: whoever is told of an error mends it in peace.
        setTold({ ...told, [side]: false })
      }}
      onLeave={() => setTold({ ...told, [side]: ends[side].trim() !== '' })}
    />
  )

  return (
    <Dialog
      open
      onClose={onClose}
      title="From when to when?"
      width={520}
      footNote="Days and times are in IST."
      actions={
        <>
          <ActionButton onPress={onClose}>Cancel</ActionButton>
          <ActionButton tone="primary" onPress={apply}>
            Show this time
          </ActionButton>
        </>
      }
    >
      <form
        className={css['ends']}
        onSubmit={(event) => {
          event.preventDefault()
          apply()
        }}
      >
        {field('from', 'From', 'Pick the first day')}
        {field('to', 'To', 'Pick the last day')}
        {/* Two fields are sent by Enter only where there is a button for it. */}
        <button type="submit" hidden tabIndex={-1}>
          Show
        </button>
      </form>
    </Dialog>
  )
}

type EndFieldProps = {
  label: string
  calendar: string
  text: string
  end: EndRead
  /** Whether it is time to say what is wrong. */
  told: boolean
  /** What it means when nothing is typed. */
  open: string
  now: Date
  autoFocus: boolean
  onText: (text: string) => void
  onLeave: () => void
}

function EndField({
  label,
  calendar,
  text,
  end,
  told,
  open,
  now,
  autoFocus,
  onText,
  onLeave,
}: EndFieldProps) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <div className={css['end']}>
      <TextField
        label={label}
        value={text}
        onChange={onText}
        onBlur={onLeave}
        placeholder="22/11, yesterday 6pm, -3d"
        error={told ? end.error : null}
        hint={end.understood ?? (text.trim() === '' ? open : null)}
        autoFocus={autoFocus}
      />
      <span className={css['calendar']}>
        <ActionButton
          iconOnly
          label={calendar}
          icon={<IconCalendar size={16} stroke={1.75} aria-hidden />}
          onPress={() => picker.current?.showPicker()}
        >
          {calendar}
        </ActionButton>
        {/* The browser's own calendar, which every reader and phone knows; its field is the one above. */}
        <input
          ref={picker}
          type="date"
          className={css['picker']}
          tabIndex={-1}
          aria-hidden
          value={end.day}
          onChange={(event) => {
            if (event.target.value !== '') onText(withPickedDay(text, event.target.value, now))
          }}
        />
      </span>
    </div>
  )
}
