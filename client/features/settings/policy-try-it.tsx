import { useState } from 'react'
import { decidePolicy } from '../../../server/domain/approval-policy.ts'
import { ROLE_LABELS, roleCan, ROLES, type Role } from '../../../server/domain/permission.ts'
import { FieldRow, SelectField } from '../../ui/fields.tsx'
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

/** What the stored policy says about one refund, before anybody asks for it. */
export function PolicyTryIt({ policy, currency }: { policy: PolicySettings; currency: string }) {
  const [role, setRole] = useState<Role>('finance')
  const [amount, setAmount] = useState(() =>
    moneyDraft({ minor: policy.approvalAboveMinor + 100n, currency }),
  )
  const readable = amount.minor !== null && moneyProblem(amount, currency, 'Amount') === null
  const answer =
    readable && amount.minor !== null
      ? decidePolicy(policy, {
          amountMinor: amount.minor,
          currency,
          role,
          reason: '',
          chargedAt: new Date(),
          now: new Date(),
          environment: 'sandbox',
          withoutApprovalMinor: 0n,
          nearLineToday: 0,
        })
      : null
  return (
    <Section title="Try it">
      <div className={css['form']}>
        <FieldRow>
          <SelectField label="Asked for by" value={role} onChange={setRole} options={ASKING_ROLES} />
          <MoneyInput label="Amount" currency={currency} draft={amount} onChange={setAmount} />
        </FieldRow>
        <div role="status">
          {answer ? (
            <Notice
              tone={answer.needsApproval ? 'pending' : 'charged'}
              title={answer.needsApproval ? 'A second person must approve.' : 'It is sent at once.'}
            >
              {answer.reason}
            </Notice>
          ) : null}
        </div>
      </div>
    </Section>
  )
}
