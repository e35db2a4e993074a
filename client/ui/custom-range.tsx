import { useState } from 'react'
import { ActionButton } from './action-button.tsx'
import { Dialog } from './dialog.tsx'
import { FieldRow, TextField } from './fields.tsx'

type CustomRangeProps = { value: string; onClose: () => void; onApply: (range: string) => void }

/** Two days, both included. */
export function CustomRange({ value, onClose, onApply }: CustomRangeProps) {
  const [start = '', end = ''] = value.includes('..') ? value.split('..').map((end) => end.slice(0, 10)) : []
  const [from, setFrom] = useState(start)
  const [to, setTo] = useState(end)
  const problem =
    from === '' || to === ''
      ? 'Enter both dates.'
      : from > to
        ? 'The first date must not be after the second.'
        : null
  return (
    <Dialog
      open
      onClose={onClose}
      title="Which days?"
      width={440}
      actions={
        <>
          <ActionButton onPress={onClose}>Cancel</ActionButton>
          <ActionButton tone="primary" disabledReason={problem} onPress={() => onApply(`${from}..${to}`)}>
            Show these days
          </ActionButton>
        </>
      }
    >
      <FieldRow>
        <TextField label="From" type="date" value={from} onChange={setFrom} autoFocus />
        <TextField label="To" type="date" value={to} onChange={setTo} />
      </FieldRow>
    </Dialog>
  )
}
