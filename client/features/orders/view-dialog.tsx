import { useState } from 'react'
import { VIEW_NAME_MAX } from '../../../server/domain/list-view.ts'
import { ROLE_LABELS, type Role } from '../../../server/domain/permission.ts'
import { TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
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
  const typed = name.trim()
  const problem =
    typed === ''
      ? 'Enter a name.'
      : taken.has(typed) && typed !== before
        ? `You have a view called ${typed} already.`
        : null

  return (
    <FormDialog
      id="view.save"
      title={question.kind === 'new' ? 'Save view' : `Rename ${before}`}
      width={440}
      verb="Save view"
      missing={problem}
      enter
      run={async () => {
        if (await onSave(typed, shared)) onClose()
        return null
      }}
      onClose={onClose}
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
          They see it under your name ({ROLE_LABELS[role]}) and cannot change it. What they see in it is what
          their own role allows.
        </p>
      ) : null}
    </FormDialog>
  )
}
