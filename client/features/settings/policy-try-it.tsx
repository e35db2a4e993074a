import { useState } from 'react'
import { decidePolicy } from '../../../server/domain/approval-policy.ts'
import { ROLE_LABELS, roleCan, ROLES, type Role } from '../../../server/domain/permission.ts'
import { personDayLimit } from '../../../server/domain/refund-limit.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { useSession } from '../../lib/session.ts'
import { useNow } from '../../ui/date-time.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { moneyDraft, moneyProblem } from '../../ui/money-draft.ts'
import { MoneyInput } from '../../ui/money-input.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import type { PolicySettings } from './settings-types.ts'
import css from './settings.module.css'

const ASKING_ROLES = ROLES.filter((role) => roleCan(role, 'refund:request')).map((role) => ({
  value: role,
  label: ROLE_LABELS[role],
}))
const DAY_MS = 86_400_000
const DAYS_TYPED = /^\d{1,4}$/
const EXAMPLE_MINOR = 250_000n

/** What the stored policy says about one refund, before anybody asks for it. */
export function PolicyTryIt({ policy, currency }: { policy: PolicySettings; currency: string }) {
  const { environment } = useSession().account
  const now = useNow(DAY_MS)
  const reasons = policy.reasons
    .filter(({ active }) => active)
    .map(({ code, label }) => ({ value: code, label }))
  const [role, setRole] = useState<Role>('finance')
  const [reason, setReason] = useState(reasons[0]?.value ?? '')
  const [days, setDays] = useState('1')
  const [amount, setAmount] = useState(() => moneyDraft({ minor: EXAMPLE_MINOR, currency }))
  const readable = moneyProblem(amount, currency, 'Amount') === null && DAYS_TYPED.test(days.trim())
  const amountMinor = readable ? amount.minor : null
  return (
    <Section title="Try it">
      <div className={css['form']}>
        <FieldRow>
          <SelectField label="Asked for by" value={role} onChange={setRole} options={ASKING_ROLES} />
          <MoneyInput label="Amount" currency={currency} draft={amount} onChange={setAmount} />
          <SelectField label="Reason" value={reason} onChange={setReason} options={reasons} />
          <TextField label="Paid so many days ago" inputMode="numeric" value={days} onChange={setDays} />
        </FieldRow>
        <div role="status">
          {amountMinor === null ? null : (
            <Answer
              verdict={decidePolicy(policy, {
                amountMinor,
                currency,
                accountCurrency: currency,
                role,
                reason,
                chargedAt: new Date(now.getTime() - Number(days.trim()) * DAY_MS),
                now,
                environment,
                withoutApprovalMinor: 0n,
                nearLineToday: 0,
              })}
              overLimit={overLimit(policy, role, amountMinor, currency)}
            />
          )}
        </div>
      </div>
    </Section>
  )
}

type AnswerProps = { verdict: { needsApproval: boolean; reason: string }; overLimit: string | null }

function Answer({ verdict, overLimit: refused }: AnswerProps) {
  if (refused !== null)
    return (
      <Notice tone="review" title="It is refused.">
        {refused}
      </Notice>
    )
  return (
    <Notice
      tone={verdict.needsApproval ? 'pending' : 'charged'}
      title={verdict.needsApproval ? 'A second person must approve.' : 'It is sent at once.'}
    >
      {verdict.reason}
    </Notice>
  )
}

/** Why a whole day of this role does not suffice for the amount; null when it does. */
function overLimit(policy: PolicySettings, role: Role, amountMinor: bigint, currency: string): string | null {
  const most = personDayLimit(policy.limits, { userId: '', role })
  if (most === null || amountMinor <= most) return null
  return `${ROLE_LABELS[role]} may ask for ${formatMoney({ minor: most, currency })} in a day.`
}
