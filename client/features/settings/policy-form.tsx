import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { approvalsOff } from '../../../server/domain/approval-policy.ts'
import { ROLE_LABELS, roleCan, ROLES } from '../../../server/domain/permission.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { FieldRow, TextField } from '../../ui/fields.tsx'
import { MoneyInput } from '../../ui/money-input.tsx'
import { toast } from '../../ui/toasts.tsx'
import { CheckboxGroup } from './checkbox-group.tsx'
import {
  AMOUNT_LABEL,
  STEP_UP_LABEL,
  draftOf,
  policyOf,
  policyProblems,
  type PolicyDraft,
} from './policy-draft.ts'
import { PolicyLimits } from './policy-limits.tsx'
import { PolicyReasons } from './policy-reasons.tsx'
import { PolicyTiers } from './policy-tiers.tsx'
import { policyChanges } from './policy-words.ts'
import type { PolicySettings, Rules } from './settings-types.ts'
import css from './settings.module.css'

const ASKING = ROLES.filter((role) => roleCan(role, 'refund:request'))
const ASKING_ROLES = ASKING.map((role) => ({ value: role, label: ROLE_LABELS[role] }))
/** What a person types to switch approvals off. */
const OFF_WORDS = 'approvals off'

type PolicyFormProps = { policy: PolicySettings; currency: string }

/** The rules as a form. Saving names every change, and makes a new version. */
export function PolicyForm({ policy, currency }: PolicyFormProps) {
  const trpc = useTRPC()
  const people = useQuery(trpc.settings.limitPeople.queryOptions()).data ?? []
  const save = useSave(policy)
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(policy, currency, ASKING))
  const problems = policyProblems(draft, currency)
  const rules = policyOf(draft, currency)
  const nameOf = (userId: string) => people.find(({ id }) => id === userId)?.name ?? 'someone'
  const changes = rules ? policyChanges(policy, rules, currency, nameOf) : []
  const problem = Object.values(problems).find((one) => one !== null) ?? null
  const change = (part: Partial<PolicyDraft>) => setDraft({ ...draft, ...part })
  return (
    <div className={css['form']}>
      <Line draft={draft} currency={currency} problems={problems} onChange={change} />
      <CheckboxGroup
        label="Refunds asked for by these roles always need approval"
        options={ASKING_ROLES}
        chosen={draft.alwaysApproveRoles}
        onChange={(alwaysApproveRoles) => change({ alwaysApproveRoles })}
      />
      <h3 className={css['part']}>Stricter rules</h3>
      <PolicyTiers
        tiers={draft.tiers}
        reasons={draft.reasons}
        roles={ASKING}
        currency={currency}
        onChange={(tiers) => change({ tiers })}
      />
      <h3 className={css['part']}>Limits</h3>
      <PolicyLimits
        draft={draft}
        people={people}
        currency={currency}
        orderProblem={problems.orderRefunds}
        onChange={change}
      />
      <h3 className={css['part']}>Reasons</h3>
      <PolicyReasons reasons={draft.reasons} onChange={(reasons) => change({ reasons })} />
      <div className={css['actions']}>
        <ActionButton
          tone="primary"
          disabledReason={problem ?? (changes.length === 0 ? 'Nothing is changed yet.' : null)}
          onPress={() => {
            if (rules) void save(rules, changes)
          }}
        >
          Save policy
        </ActionButton>
        <ActionButton
          disabledReason={changes.length === 0 && !problem ? 'Nothing is changed yet.' : null}
          onPress={() => setDraft(draftOf(policy, currency, ASKING))}
        >
          Discard
        </ActionButton>
        <span className="caption" role="status">
          {problem ?? countText(changes.length)}
        </span>
      </div>
    </div>
  )
}

/** Asks, and saves the next version; switching approvals off has to be typed. */
function useSave(policy: PolicySettings) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const write = useMutation(trpc.settings.setPolicy.mutationOptions())
  return async (rules: Rules, changes: readonly { label: string; value: string }[]) => {
    const confirmOff = approvalsOff(rules) && !approvalsOff(policy)
    const next = policy.version + 1
    const done = await confirm({
      title: confirmOff ? 'Switch approvals off?' : `Save version ${next} of the refund policy?`,
      facts: changes,
      next: [
        'It holds for every refund asked for from now on.',
        'Requests that already wait are decided as they were asked.',
        'It is written to the audit log.',
      ],
      ...(confirmOff && { requireTyped: OFF_WORDS, tone: 'danger' as const }),
      verb: confirmOff ? 'Switch approvals off' : 'Save policy',
      run: () =>
        outcomeOf(() =>
          write.mutateAsync({ version: policy.version, confirmOff: approvalsOff(rules), ...rules }),
        ),
    })
    if (done) toast.success(`Version ${next} of the refund policy holds now.`)
    // Cancelled or not: somebody else's newer version has to show.
    await client.invalidateQueries({ queryKey: trpc.settings.pathKey() })
  }
}

type LineProps = {
  draft: PolicyDraft
  currency: string
  problems: ReturnType<typeof policyProblems>
  onChange: (part: Partial<PolicyDraft>) => void
}

function Line({ draft, currency, problems, onChange }: LineProps) {
  return (
    <>
      <label className={css['option']}>
        <input
          type="checkbox"
          checked={draft.approvalsOn}
          onChange={() => onChange({ approvalsOn: !draft.approvalsOn })}
        />
        Refunds above the line need a second person
      </label>
      <FieldRow>
        {draft.approvalsOn ? (
          <MoneyInput
            label={AMOUNT_LABEL}
            currency={currency}
            draft={draft.approvalAbove}
            onChange={(approvalAbove) => onChange({ approvalAbove })}
            hint="Refunds above this need a second person. Refunds of one order count together."
          />
        ) : null}
        <TextField
          label="Time to decide (hours)"
          inputMode="numeric"
          value={draft.expiresAfterHours}
          onChange={(expiresAfterHours) => onChange({ expiresAfterHours })}
          error={problems.hours}
          hint="A request that nobody decided by then expires."
        />
        <TextField
          label="Same amount again (minutes)"
          inputMode="numeric"
          value={draft.sameAmountWindowMinutes}
          onChange={(sameAmountWindowMinutes) => onChange({ sameAmountWindowMinutes })}
          error={problems.minutes}
          hint="A second refund of the same amount on one order within this time has to be confirmed."
        />
        <TextField
          label="Batches wait (minutes)"
          inputMode="numeric"
          value={draft.bulkHoldMinutes}
          onChange={(bulkHoldMinutes) => onChange({ bulkHoldMinutes })}
          error={problems.hold}
          hint="An approved batch is held so long before its first refund."
        />
        <MoneyInput
          label={STEP_UP_LABEL}
          currency={currency}
          draft={draft.stepUpAbove}
          onChange={(stepUpAbove) => onChange({ stepUpAbove })}
          hint="Whoever asks for a larger refund proves again who they are, unless they just did."
        />
      </FieldRow>
    </>
  )
}

function countText(count: number): string {
  if (count === 0) return 'Nothing is changed.'
  return count === 1 ? '1 change, not saved yet.' : `${count} changes, not saved yet.`
}
