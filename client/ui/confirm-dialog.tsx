import { useState } from 'react'
import type { OpenConfirm } from './confirm-store.ts'
import { FactList } from './fact-list.tsx'
import { TextAreaField, TextField } from './fields.tsx'
import { FormDialog } from './form-dialog.tsx'
import { Notice } from './states.tsx'

/** The question of `confirm()`. */
export function ConfirmDialog({ request }: { request: OpenConfirm }) {
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const missing =
    request.requireReason && reason.trim() === ''
      ? `${request.requireReason}: enter a reason first.`
      : request.requireTyped && typed.trim() !== request.requireTyped
        ? `Type ${request.requireTyped} first.`
        : null

  async function run() {
    const outcome = await request.run({ reason: reason.trim() })
    if (outcome.kind === 'done') request.settle(true)
    return outcome
  }

  return (
    <FormDialog
      id="confirm.run"
      title={request.title}
      verb={request.verb}
      {...(request.tone === 'danger' && { tone: 'danger' })}
      missing={missing}
      typed={reason !== '' || typed !== ''}
      run={run}
      onClose={() => request.settle(false)}
    >
      {request.facts ? <FactList facts={request.facts} boxed /> : null}
      {request.note}
      {request.requireReason ? (
        <TextAreaField
          label={request.requireReason}
          required
          value={reason}
          onChange={setReason}
          maxLength={500}
        />
      ) : null}
      {request.requireTyped ? (
        <TextField label={`Type ${request.requireTyped} to go on`} value={typed} onChange={setTyped} />
      ) : null}
      {request.next?.length ? (
        <Notice tone="pending" title="What happens next">
          <ol>
            {request.next.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        </Notice>
      ) : null}
    </FormDialog>
  )
}
