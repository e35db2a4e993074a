import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ROLE_LABELS, type Role } from '../../../server/domain/permission.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Section } from '../../ui/page.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { toast } from '../../ui/toasts.tsx'
import { guardReason } from './guard-reason.ts'
import { ROLE_OPTIONS, ROLE_SENTENCES } from './role-words.ts'
import type { Person } from './staff-types.ts'
import css from './staff.module.css'

type PersonPanelProps = { person: Person; people: readonly Person[]; onClose: () => void }

/** One person beside the list: facts, role, access. */
export function PersonPanel({ person, people, onClose }: PersonPanelProps) {
  return (
    <section className={css['panel']} aria-label={person.name}>
      <div className={css['panelHead']}>
        <h2 className={css['panelTitle']}>{person.name}</h2>
        {person.disabled ? <StatusChip status="voided" label="Disabled" variant="header" /> : null}
        <span className={css['close']}>
          <ActionButton
            tone="quiet"
            iconOnly
            label="Close person"
            icon={<IconX size={16} stroke={1.75} aria-hidden />}
            shortcut={{ id: 'staff.close', keys: 'Escape', label: 'Close person' }}
            onPress={onClose}
          >
            Close
          </ActionButton>
        </span>
      </div>
      <FactList
        facts={[
          {
            label: 'Email',
            value: (
              <span className={css['reference']}>
                {person.email}
                <CopyButton text={person.email} what="email" />
              </span>
            ),
          },
          { label: 'Added', value: <DateTime at={person.createdAt} format="full" /> },
          {
            label: 'Last seen',
            value: person.lastSeenAt ? <DateTime at={person.lastSeenAt} format="full" /> : 'Never',
          },
        ]}
      />
      <RoleSection key={person.role} person={person} people={people} />
      <SecondStepSection person={person} people={people} />
      <AccessSection person={person} people={people} />
    </section>
  )
}

type PartProps = { person: Person; people: readonly Person[] }

function RoleSection({ person, people }: PartProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { user } = useSession()
  const setRole = useMutation(trpc.users.setRole.mutationOptions())
  const [role, setDraft] = useState<Role>(person.role)
  const guarded = guardReason(person, people, user.id)
  const unchanged =
    role === person.role ? `${person.name} is ${ROLE_LABELS[role]} now. Choose another role first.` : null

  async function save() {
    const done = await confirm({
      title: `Make ${person.name} ${ROLE_LABELS[role]}?`,
      facts: [
        { label: 'Person', value: `${person.name}, ${person.email}` },
        { label: 'Role now', value: ROLE_LABELS[person.role] },
        { label: 'New role', value: ROLE_LABELS[role] },
      ],
      next: [ROLE_SENTENCES[role], 'It holds from their next click on.', 'It is written to the audit log.'],
      verb: `Make ${ROLE_LABELS[role]}`,
      run: () => outcomeOf(() => setRole.mutateAsync({ userId: person.id, role })),
    })
    await client.invalidateQueries({ queryKey: trpc.users.pathKey() })
    if (done) toast.success(`${person.name} is ${ROLE_LABELS[role]} now.`)
  }
  return (
    <Section title="Role">
      <div className={css['form']}>
        <SelectField
          label="Role"
          hideLabel
          value={role}
          onChange={setDraft}
          options={ROLE_OPTIONS}
          hint={ROLE_SENTENCES[role]}
        />
        <div>
          <ActionButton disabledReason={guarded ?? unchanged} onPress={() => void save()}>
            Change role
          </ActionButton>
        </div>
      </div>
    </Section>
  )
}

function SecondStepSection({ person, people }: PartProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { user } = useSession()
  const reset = useMutation(trpc.secondFactor.reset.mutationOptions())
  const own = guardReason(person, people, user.id)
  const reason = person.hasSecondFactor
    ? person.id === user.id
      ? own
      : null
    : `${person.name} has no second step.`

  async function run() {
    const done = await confirm({
      title: `Reset the second step of ${person.name}?`,
      facts: [{ label: 'Person', value: `${person.name}, ${person.email}` }],
      next: [
        'Their app and recovery codes stop working, and they are signed out everywhere, now.',
        'Their password alone signs them in until they set it up again.',
        'Do this only when you are sure that it is them who asks.',
      ],
      tone: 'danger',
      verb: 'Reset second step',
      run: () => outcomeOf(() => reset.mutateAsync({ userId: person.id })),
    })
    await client.invalidateQueries({ queryKey: trpc.users.pathKey() })
    if (done) toast.success(`The second step of ${person.name} is reset.`)
  }
  return (
    <Section title="Second step">
      <p className="muted">
        {person.hasSecondFactor ? 'Signs in with a code of an app.' : 'Signs in with a password alone.'}
      </p>
      <div className={css['accessAction']}>
        <ActionButton disabledReason={reason} onPress={() => void run()}>
          Reset second step
        </ActionButton>
      </div>
    </Section>
  )
}

function AccessSection({ person, people }: PartProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { user } = useSession()
  const setDisabled = useMutation(trpc.users.setDisabled.mutationOptions())
  const guarded = guardReason(person, people, user.id)

  async function change(disabled: boolean) {
    const done = await confirm({
      title: disabled ? `Disable ${person.name}?` : `Let ${person.name} sign in again?`,
      facts: [
        { label: 'Person', value: `${person.name}, ${person.email}` },
        { label: 'Role', value: ROLE_LABELS[person.role] },
      ],
      next: disabled
        ? [
            'They are signed out everywhere, now.',
            'Refunds they asked for stay as they are. While disabled, their waiting ones cannot be approved.',
            'Nothing is deleted. You can enable them again.',
          ]
        : [`They can sign in with their password, as ${ROLE_LABELS[person.role]}.`],
      tone: disabled ? 'danger' : 'accent',
      verb: disabled ? 'Disable' : 'Enable',
      run: () => outcomeOf(() => setDisabled.mutateAsync({ userId: person.id, disabled })),
    })
    await client.invalidateQueries({ queryKey: trpc.users.pathKey() })
    if (done)
      toast.success(
        disabled ? `${person.name} is disabled and signed out.` : `${person.name} can sign in again.`,
      )
  }
  return (
    <Section title="Access">
      <p className="muted">
        {person.disabled
          ? 'Cannot sign in. Everything they did stays in the records.'
          : 'Can sign in and do what the role allows.'}
      </p>
      <div className={css['accessAction']}>
        {person.disabled ? (
          <ActionButton
            disabledReason={person.id === user.id ? guarded : null}
            onPress={() => void change(false)}
          >
            Enable
          </ActionButton>
        ) : (
          <ActionButton tone="danger" disabledReason={guarded} onPress={() => void change(true)}>
            Disable
          </ActionButton>
        )}
      </div>
      {guarded ? <p className={css['guard']}>{guarded}</p> : null}
    </Section>
  )
}
