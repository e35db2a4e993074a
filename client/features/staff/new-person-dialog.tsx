import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Role } from '../../../server/domain/permission.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/states.tsx'
import { newPersonProblem, PASSWORD_MIN, temporaryPassword, type NewPersonDraft } from './new-person-draft.ts'
import { ROLE_OPTIONS, ROLE_SENTENCES } from './role-words.ts'
import type { Person } from './staff-types.ts'
import css from './staff.module.css'

const BLANK: Omit<NewPersonDraft, 'password'> = { name: '', email: '', role: 'viewer' }

/** Adds a person with a first password, which is shown once more at the end so that it can be handed over. */
export function NewPersonDialog({
  onClose,
  onAdded,
}: {
  onClose: () => void
  onAdded: (person: Person) => void
}) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const create = useMutation(trpc.users.create.mutationOptions())
  const [draft, setDraft] = useState<NewPersonDraft>(() => ({ ...BLANK, password: temporaryPassword() }))
  const [added, setAdded] = useState<Person | null>(null)

  async function add() {
    try {
      setAdded(await create.mutateAsync({ ...draft, name: draft.name.trim(), email: draft.email.trim() }))
    } finally {
      void client.invalidateQueries({ queryKey: trpc.users.pathKey() })
    }
  }
  if (added) return <AddedDialog person={added} password={draft.password} onDone={() => onAdded(added)} />

  return (
    <FormDialog
      id="staff.create"
      title="Add a person"
      verb="Add person"
      missing={newPersonProblem(draft)}
      typed={draft.name !== '' || draft.email !== ''}
      run={() => outcomeOf(add)}
      onClose={onClose}
    >
      <NewPersonFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
    </FormDialog>
  )
}

type NewPersonFieldsProps = { draft: NewPersonDraft; onChange: (change: Partial<NewPersonDraft>) => void }

function NewPersonFields({ draft, onChange }: NewPersonFieldsProps) {
  const [left, setLeft] = useState(false)
  const badEmail = left && draft.email !== '' && !draft.email.includes('@')
  return (
    <>
      <FieldRow>
        <TextField
          label="Name"
          required
          autoFocus
          maxLength={100}
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
        <TextField
          label="Email"
          type="email"
          inputMode="email"
          required
          maxLength={254}
          value={draft.email}
          error={badEmail ? 'Email must have an @, for example asha@merchant.in.' : null}
          onBlur={() => setLeft(true)}
          onChange={(email) => onChange({ email })}
        />
      </FieldRow>
      <SelectField<Role>
        label="Role"
        value={draft.role}
        onChange={(role) => onChange({ role })}
        options={ROLE_OPTIONS}
        hint={ROLE_SENTENCES[draft.role]}
      />
      <TextField
        label="Temporary password"
        required
        mono
        autoComplete="new-password"
        maxLength={128}
        value={draft.password}
        onChange={(password) => onChange({ password })}
        hint={`At least ${PASSWORD_MIN} characters. Hand it over in person or by phone, not by email.`}
      />
    </>
  )
}

function AddedDialog({ person, password, onDone }: { person: Person; password: string; onDone: () => void }) {
  return (
    <Dialog
      open
      onClose={onDone}
      title={`${person.name} is added.`}
      // The password is not shown again: a slip of the Esc key must not lose it.
      dismissable={false}
      actions={
        <ActionButton tone="primary" onPress={onDone}>
          I have saved it
        </ActionButton>
      }
    >
      <FactList
        boxed
        facts={[
          { label: 'Email', value: person.email },
          {
            label: 'Password',
            value: (
              <span className={css['reference']}>
                <span className="mono">{password}</span>
                <CopyButton text={password} what="temporary password" />
              </span>
            ),
          },
        ]}
      />
      <Notice tone="pending">The password is shown only now. They can sign in with it at once.</Notice>
    </Dialog>
  )
}
