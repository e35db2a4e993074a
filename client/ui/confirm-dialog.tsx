import { useState } from 'react'
import { ActionButton } from './action-button.tsx'
import type { OpenConfirm } from './confirm-store.ts'
import { Dialog } from './dialog.tsx'
import { FactList } from './fact-list.tsx'
import { TextAreaField, TextField } from './fields.tsx'
import { Notice } from './states.tsx'

/** The question of `confirm()`. */
export function ConfirmDialog({ request }: { request: OpenConfirm }) {
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ title: string; message: string } | null>(null)

  const missing =
    request.requireReason && reason.trim() === ''
      ? `${request.requireReason}: enter a reason first.`
      : request.requireTyped && typed.trim() !== request.requireTyped
        ? `Type ${request.requireTyped} first.`
        : null

  async function run() {
    setBusy(true)
    setProblem(null)
    try {
      const outcome = await request.run({ reason: reason.trim() })
      if (outcome.kind === 'done') request.settle(true)
      else setProblem(outcome)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={() => {
        if (!busy) request.settle(false)
      }}
      title={request.title}
      dismissable={!busy && reason === '' && typed === ''}
      actions={
        <>
          <ActionButton
            onPress={() => request.settle(false)}
            disabledReason={busy ? 'Wait for the answer.' : null}
          >
            Cancel
          </ActionButton>
          <ActionButton
            tone={request.tone === 'danger' ? 'danger' : 'primary'}
            busy={busy}
            disabledReason={missing}
            shortcut={{ id: 'confirm.run', keys: 'Mod+Enter', label: request.verb, scope: 'dialog' }}
            onPress={() => void run()}
          >
            {request.verb}
          </ActionButton>
        </>
      }
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
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
    </Dialog>
  )
}
