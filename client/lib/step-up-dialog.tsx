import { useState } from 'react'
import { ActionButton } from '../ui/action-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/states.tsx'
import { stepUp } from './auth.ts'
import { CodeField, RecoveryCodeField } from './code-field.tsx'
import { useSession } from './session.ts'
import css from './step-up-dialog.module.css'

/** Asks for the proof. Here Enter confirms: what is done was read and pressed before, in the dialog below. */
export function StepUpDialog({ settle }: { settle: (confirmed: boolean) => void }) {
  const { user, hasSecondFactor } = useSession()
  const [proof, setProof] = useState('')
  const [recovery, setRecovery] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function confirm(typed: string) {
    if (busy) return
    if (typed.trim() === '')
      return setProblem(
        hasSecondFactor ? (recovery ? 'Enter a recovery code.' : 'Enter the code.') : 'Enter your password.',
      )
    setBusy(true)
    setProblem(null)
    const outcome = await stepUp(hasSecondFactor ? { code: typed } : { password: typed })
    setBusy(false)
    if (outcome.kind === 'confirmed') return settle(true)
    setProof('')
    setProblem(outcome.message)
  }

  function changeProof(toRecovery: boolean) {
    setRecovery(toRecovery)
    setProof('')
    setProblem(null)
  }

  return (
    <Dialog
      open
      top
      width={420}
      onClose={() => settle(false)}
      title="Confirm that it is you"
      actions={
        <>
          <ActionButton onPress={() => settle(false)}>Cancel</ActionButton>
          <ActionButton
            tone="primary"
            busy={busy}
            shortcut={{ id: 'stepup.confirm', keys: 'Mod+Enter', label: 'Confirm', scope: 'dialog' }}
            onPress={() => void confirm(proof)}
          >
            Confirm
          </ActionButton>
        </>
      }
    >
      <form
        className={css['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void confirm(proof)
        }}
      >
        <p className="muted">
          It is more than 5 minutes since you last did. What you were doing goes on afterwards.
        </p>
        {problem ? <Notice tone="failed">{problem}</Notice> : null}
        <button type="submit" hidden tabIndex={-1}>
          Confirm
        </button>
        {hasSecondFactor ? (
          <>
            {recovery ? (
              <RecoveryCodeField value={proof} onChange={setProof} />
            ) : (
              <CodeField value={proof} onChange={setProof} onComplete={(code) => void confirm(code)} />
            )}
            <ActionButton tone="quiet" onPress={() => changeProof(!recovery)}>
              {recovery ? 'Use the app instead' : 'Use a recovery code'}
            </ActionButton>
          </>
        ) : (
          <>
            {/* For password managers, which fill in by name. With a second field, Enter wants a submit button. */}
            <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
            <TextField
              label={`Password of ${user.email}`}
              type="password"
              name="password"
              autoComplete="current-password"
              autoFocus
              value={proof}
              onChange={setProof}
            />
          </>
        )}
      </form>
    </Dialog>
  )
}
