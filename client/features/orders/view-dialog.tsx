import { useState } from 'react'
import { VIEW_NAME_MAX } from '../../../server/domain/list-view.ts'
import { ROLE_LABELS, type Role } from '../../../server/domain/permission.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import type { SavedView } from './order-types.ts'
import css from './transactions.module.css'

export type ViewQuestion = { kind: 'new'; name: string } | { kind: 'rename'; view: SavedView }

type ViewDialogProps = {
  question: ViewQuestion
  /** Names of the person's own views. */
  taken: ReadonlySet<string>
  role: Role
  /** True when it was saved. */
  onSave: (name: string, shared: boolean) => Promise<boolean>
  onClose: () => void
}

/** Asks for the name of a view and whether the team sees it. */
export function ViewDialog({ question, taken, role, onSave, onClose }: ViewDialogProps) {
  const before = question.kind === 'rename' ? question.view.name : ''
  const [name, setName] = useState(question.kind === 'rename' ? question.view.name : question.name)
  const [shared, setShared] = useState(question.kind === 'rename' && question.view.shared)
  const [busy, setBusy] = useState(false)
  const typed = name.trim()
  const problem =
    typed === ''
      ? 'Enter a name.'
      : taken.has(typed) && typed !== before
        ? `You have a view called ${typed} already.`
        : null

  async function save() {
    if (problem !== null) return
    setBusy(true)
    const done = await onSave(typed, shared)
    setBusy(false)
    if (done) onClose()
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={question.kind === 'new' ? 'Save view' : `Rename ${before}`}
      width={440}
      actions={
        <>
          <ActionButton onPress={onClose}>Cancel</ActionButton>
          <ActionButton
            tone="primary"
            busy={busy}
            disabledReason={problem}
            shortcut={{ id: 'view.save', keys: 'Mod+Enter', label: 'Save view', scope: 'dialog' }}
            onPress={() => void save()}
          >
            Save view
          </ActionButton>
        </>
      }
    >
      <form
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={VIEW_NAME_MAX}
          error={typed !== '' ? problem : null}
          hint="Keeps filter, time range, order, columns and widths."
          autoFocus
        />
        <label className={css['check']}>
          <input type="checkbox" checked={shared} onChange={() => setShared(!shared)} />
          Share with everybody on this account
        </label>
        {shared ? (
          <p className="caption">
            They see it under your name ({ROLE_LABELS[role]}) and cannot change it. What they see in it is
            what their own role allows.
          </p>
        ) : null}
      </form>
    </Dialog>
  )
}
