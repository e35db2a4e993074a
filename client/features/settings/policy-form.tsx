import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ROLE_LABELS, roleCan, ROLES } from '../../../server/domain/permission.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { FieldRow, TextField } from '../../ui/fields.tsx'
import { MoneyInput } from '../../ui/money-input.tsx'
import { toast } from '../../ui/toasts.tsx'
import { CheckboxGroup } from './checkbox-group.tsx'
import { AMOUNT_LABEL, draftOf, policyOf, policyProblems, type PolicyDraft } from './policy-draft.ts'
import { policyChanges } from './policy-words.ts'
import type { PolicySettings } from './settings-types.ts'
import css from './settings.module.css'

const ASKING = ROLES.filter((role) => roleCan(role, 'refund:request'))
const ASKING_ROLES = ASKING.map((role) => ({
  value: role,
  label: ROLE_LABELS[role],
}))

type PolicyFormProps = { policy: PolicySettings; currency: string }

/** The rules as a form. Saving names every change, and makes a new version. */
export function PolicyForm({ policy, currency }: PolicyFormProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const save = useMutation(trpc.settings.setPolicy.mutationOptions())
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(policy, currency, ASKING))
  const problems = policyProblems(draft, currency)
  const rules = policyOf(draft, currency)
  const changes = rules ? policyChanges(policy, rules, currency) : []
  const problem = problems.amount ?? problems.hours ?? problems.minutes
  const change = (part: Partial<PolicyDraft>) => setDraft({ ...draft, ...part })

  async function submit() {
    if (!rules) return
    const done = await confirm({
      title: `Save version ${policy.version + 1} of the refund policy?`,
      facts: changes,
      next: [
        'It holds for every refund asked for from now on.',
        'Requests that already wait are decided as they were asked.',
        'It is written to the audit log.',
      ],
      verb: 'Save policy',
      run: () => outcomeOf(() => save.mutateAsync({ version: policy.version, ...rules })),
    })
    if (done) toast.success(`Version ${policy.version + 1} of the refund policy holds now.`)
    // Cancelled or not: somebody else's newer version has to show.
    await client.invalidateQueries({ queryKey: trpc.settings.policy.queryKey() })
  }
  return (
    <div className={css['form']}>
      <FieldRow>
        <MoneyInput
          label={AMOUNT_LABEL}
          currency={currency}
          draft={draft.approvalAbove}
          onChange={(approvalAbove) => change({ approvalAbove })}
          hint="Refunds above this need a second person. Refunds of one order count together."
        />
        <TextField
          label="Time to decide (hours)"
          inputMode="numeric"
          value={draft.expiresAfterHours}
          onChange={(expiresAfterHours) => change({ expiresAfterHours })}
          error={problems.hours}
          hint="A request that nobody decided by then expires."
        />
        <TextField
          label="Same amount again (minutes)"
          inputMode="numeric"
          value={draft.sameAmountWindowMinutes}
          onChange={(sameAmountWindowMinutes) => change({ sameAmountWindowMinutes })}
          error={problems.minutes}
          hint="A second refund of the same amount on one order within this time has to be confirmed."
        />
      </FieldRow>
      <CheckboxGroup
        label="Refunds asked for by these roles always need approval"
        options={ASKING_ROLES}
        chosen={draft.alwaysApproveRoles}
        onChange={(alwaysApproveRoles) => change({ alwaysApproveRoles })}
      />
      <div className={css['actions']}>
        <ActionButton
          tone="primary"
          disabledReason={problem ?? (changes.length === 0 ? 'Nothing is changed yet.' : null)}
          onPress={() => void submit()}
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

function countText(count: number): string {
  if (count === 0) return 'Nothing is changed.'
  return count === 1 ? '1 change, not saved yet.' : `${count} changes, not saved yet.`
}
