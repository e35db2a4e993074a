/** The refund policy in words, for reading and for telling a change. */
import { approvalsOff, tierWords } from '../../../server/domain/approval-policy.ts'
import { HOLD_MINUTES_DEFAULT } from '../../../server/domain/bulk-batch.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { ROLE_LABELS } from '../../../server/domain/permission.ts'
import { STEP_UP_ABOVE_MINOR_DEFAULT } from '../../../server/domain/step-up.ts'
import type { Rules } from './settings-types.ts'

export type PolicyFact = { label: string; value: string }

/** The rules as label and words. `nameOf` knows people by id; somebody who left is "someone". */
export function policyFacts(
  rules: Rules,
  currency: string,
  nameOf: (userId: string) => string = () => 'someone',
): PolicyFact[] {
  const { alwaysApproveRoles, expiresAfterHours, sameAmountWindowMinutes, limits } = rules
  const money = (minor: bigint): string => formatMoney({ minor, currency })
  return [
    {
      label: 'Approval line',
      value: approvalsOff(rules)
        ? 'Off: no refund needs approval by its amount'
        : money(rules.approvalAboveMinor),
    },
    {
      label: 'Always approved',
      value: listed([...alwaysApproveRoles].sort().map((role) => ROLE_LABELS[role])),
    },
    {
      label: 'Stricter rules',
      value: listed(
        rules.tiers.map((tier) => `refunds${tierWords(tier)} over ${money(tier.aboveMinor)}`),
        '; ',
      ),
    },
    { label: 'Time to decide', value: counted(expiresAfterHours, 'hour') },
    { label: 'Same amount again', value: counted(sameAmountWindowMinutes, 'minute') },
    {
      label: 'Batches wait',
      value: counted(rules.bulkHoldMinutes ?? HOLD_MINUTES_DEFAULT, 'minute'),
    },
    {
      label: 'Confirm who you are',
      value: `above ${money(rules.stepUpAboveMinor ?? STEP_UP_ABOVE_MINOR_DEFAULT)}`,
    },
    {
      label: 'Reasons',
      value: listed(rules.reasons.filter(({ active }) => active).map(({ label }) => label)),
    },
    {
      label: 'Note needed for',
      value: listed(
        rules.reasons
          .filter(({ active, noteMinLength }) => active && noteMinLength > 0)
          .map(({ label, noteMinLength }) => `${label} (${noteMinLength})`),
      ),
    },
    {
      label: 'Limits per day',
      value: listed([
        ...limits.roles.map(({ role, dayMinor }) => `${ROLE_LABELS[role]} ${money(dayMinor)}`),
        ...limits.people.map(({ userId, dayMinor }) => `${nameOf(userId)} ${money(dayMinor)}`),
        ...(limits.accountDayMinor === null ? [] : [`all together ${money(limits.accountDayMinor)}`]),
      ]),
    },
    { label: 'Refunds of one order', value: `${limits.orderRefundsMax} at most` },
  ]
}

/** What differs, as "before → after" by field. */
export function policyChanges(
  before: Rules,
  after: Rules,
  currency: string,
  nameOf?: (userId: string) => string,
): PolicyFact[] {
  const old = policyFacts(before, currency, nameOf)
  return policyFacts(after, currency, nameOf).flatMap((fact, at) => {
    const was = old[at]?.value ?? ''
    return was === fact.value ? [] : [{ label: fact.label, value: `${was} → ${fact.value}` }]
  })
}

function listed(words: readonly string[], by = ', '): string {
  return words.length === 0 ? 'None' : words.join(by)
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
