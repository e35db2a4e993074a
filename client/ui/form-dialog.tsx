import { useState } from 'react'
import { ActionButton } from './action-button.tsx'
import type { ConfirmOutcome } from './confirm-store.ts'
import css from './dialog.module.css'
import { Dialog, type DialogProps } from './dialog.tsx'
import { Notice } from './states.tsx'

export type FormDialogProps = Pick<DialogProps, 'title' | 'width' | 'children' | 'onClose'> & {
  /** Of the act, among the shortcuts. */
  id: string
  /** The words of its button. */
  verb: string
  tone?: 'primary' | 'danger'
  /** What has to be done before it. */
  missing?: string | null
  /** Something was typed that a slip of the Esc key must not lose. */
  typed?: boolean
  /** Enter in a field runs the act too: never where it is about money or keys. */
  enter?: boolean
  /** Closes the dialog itself when it is done. What was refused is shown under the form; null when it is told elsewhere. */
  run: () => Promise<ConfirmOutcome | null>
}

/** A form with Cancel and one act, which Ctrl+Enter runs; until its answer is there nothing closes the dialog. */
export function FormDialog(props: FormDialogProps) {
  const { title, width, id, verb, tone = 'primary', missing = null, typed = false, run, onClose } = props
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<ConfirmOutcome | null>(null)

  async function act() {
    if (busy || missing !== null) return
    setBusy(true)
    setOutcome(null)
    try {
      setOutcome(await run())
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={() => {
        if (!busy) onClose()
      }}
      title={title}
      {...(width !== undefined && { width })}
      dismissable={!busy && !typed}
      actions={
        <>
          <ActionButton onPress={onClose} disabledReason={busy ? 'Wait for the answer.' : null}>
            Cancel
          </ActionButton>
          <ActionButton
            tone={tone}
            busy={busy}
            disabledReason={missing}
            shortcut={{ id, keys: 'Mod+Enter', label: verb, scope: 'dialog' }}
            onPress={() => void act()}
          >
            {verb}
          </ActionButton>
        </>
      }
    >
      {props.enter ? (
        <form
          className={css['form']}
          onSubmit={(event) => {
            event.preventDefault()
            void act()
          }}
        >
          {props.children}
        </form>
      ) : (
        props.children
      )}
      {outcome?.kind === 'refused' ? (
        <Notice tone="failed" title={outcome.title}>
          {outcome.message}
        </Notice>
      ) : null}
    </Dialog>
  )
}
