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
  /** A second act, for what is there already, beside Cancel. */
  second?: { verb: string; run: () => Promise<ConfirmOutcome | null> }
  /** Enter in a field runs the act too: never where it is about money or keys. */
  enter?: boolean
  /** Closes the dialog itself when it is done. What was refused is shown under the form; null when it is told elsewhere. */
  run: () => Promise<ConfirmOutcome | null>
}

const WAIT = 'Wait for the answer.'

/** A form with Cancel and its act, which Ctrl+Enter runs; until the answer is there nothing closes the dialog. */
export function FormDialog(props: FormDialogProps) {
  const { title, width, id, verb, tone = 'primary', missing = null, typed = false, second, onClose } = props
  const [running, setRunning] = useState<'first' | 'second' | null>(null)
  const busy = running !== null
  const [outcome, setOutcome] = useState<ConfirmOutcome | null>(null)

  async function start(which: 'first' | 'second', run: FormDialogProps['run']) {
    if (busy) return
    setRunning(which)
    setOutcome(null)
    try {
      setOutcome(await run())
    } finally {
      setRunning(null)
    }
  }
  const act = () => {
    if (missing === null) void start('first', props.run)
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
          {second ? (
            <ActionButton
              tone="quiet"
              busy={running === 'second'}
              disabledReason={running === 'first' ? WAIT : null}
              onPress={() => void start('second', second.run)}
            >
              {second.verb}
            </ActionButton>
          ) : null}
          <ActionButton onPress={onClose} disabledReason={busy ? WAIT : null}>
            Cancel
          </ActionButton>
          <ActionButton
            tone={tone}
            busy={running === 'first'}
            disabledReason={running === 'second' ? WAIT : missing}
            shortcut={{ id, keys: 'Mod+Enter', label: verb, scope: 'dialog' }}
            onPress={act}
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
            act()
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
