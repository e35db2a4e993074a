import { ROLE_LABELS } from '../../../server/domain/permission.ts'
import { PERSONAL_LIMITS_MAX } from '../../../server/domain/refund-limit.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { MoneyInput } from '../../ui/money-input.tsx'
import { NO_AMOUNT, type PolicyDraft, type PersonLimitDraft } from './policy-draft.ts'
import type { LimitPerson } from './settings-types.ts'
import css from './settings.module.css'

type LimitsProps = {
  draft: Pick<PolicyDraft, 'roleLimits' | 'people' | 'accountDay' | 'orderRefundsMax'>
  people: readonly LimitPerson[]
  currency: string
  orderProblem: string | null
  onChange: (part: Partial<PolicyDraft>) => void
}

/** How much may be asked for in a day, by role, by person and by all together. Empty fields are no limit. */
export function PolicyLimits({ draft, people, currency, orderProblem, onChange }: LimitsProps) {
  const { roleLimits, accountDay, orderRefundsMax } = draft
  return (
    <div className={css['rows']}>
      <FieldRow>
        {roleLimits.map(({ role, day }) => (
          <MoneyInput
            key={role}
            label={`${ROLE_LABELS[role]}, each person`}
            currency={currency}
            draft={day}
            onChange={(next) =>
              onChange({
                roleLimits: roleLimits.map((one) => (one.role === role ? { role, day: next } : one)),
              })
            }
          />
        ))}
        <MoneyInput
          label="All people together"
          currency={currency}
          draft={accountDay}
          onChange={(next) => onChange({ accountDay: next })}
        />
        <TextField
          label="Refunds of one order"
          inputMode="numeric"
          value={orderRefundsMax}
          onChange={(next) => onChange({ orderRefundsMax: next })}
          error={orderProblem}
          hint="Juspay takes 25 at most."
        />
      </FieldRow>
      <p className="muted">
        Per day in India. Empty is no limit. What is withdrawn or rejected counts no more. You cannot raise
        your own.
      </p>
      <PersonLimits draft={draft} people={people} currency={currency} onChange={onChange} />
    </div>
  )
}

function PersonLimits({ draft, people, currency, onChange }: Omit<LimitsProps, 'orderProblem'>) {
  const set = (next: readonly PersonLimitDraft[]) => onChange({ people: next })
  const free = people.filter(({ id }) => !draft.people.some(({ userId }) => userId === id))
  const full = draft.people.length >= PERSONAL_LIMITS_MAX
  return (
    <>
      {draft.people.map((limit) => {
        const change = (part: Partial<PersonLimitDraft>) =>
          set(draft.people.map((other) => (other.key === limit.key ? { ...limit, ...part } : other)))
        const name = people.find(({ id }) => id === limit.userId)?.name ?? 'Someone who left'
        return (
          <div key={limit.key} className={css['person']}>
            <SelectField
              label="Person"
              value={limit.userId}
              onChange={(userId) => change({ userId })}
              options={[
                { value: limit.userId, label: name },
                ...free.map((person) => ({ value: person.id, label: person.name })),
              ]}
            />
            <MoneyInput
              label={`Limit of ${name}`}
              currency={currency}
              draft={limit.day}
              onChange={(day) => change({ day })}
            />
            <ActionButton
              tone="quiet"
              label={`Remove the limit of ${name}`}
              onPress={() => set(draft.people.filter(({ key }) => key !== limit.key))}
            >
              Remove
            </ActionButton>
          </div>
        )
      })}
      <div>
        <ActionButton
          disabledReason={free.length === 0 || full ? 'Everybody who asks for refunds has one.' : null}
          onPress={() => {
            const [next] = free
            if (next) set([...draft.people, { key: crypto.randomUUID(), userId: next.id, day: NO_AMOUNT }])
          }}
        >
          Add a limit for one person
        </ActionButton>
      </div>
    </>
  )
}
