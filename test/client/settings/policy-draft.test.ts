import { describe, expect, test } from 'vitest'
import {
  draftOf,
  newReason,
  newTier,
  policyOf,
  policyProblems,
} from '../../../client/features/settings/policy-draft.ts'
import { policyChanges } from '../../../client/features/settings/policy-words.ts'
import { moneyDraft } from '../../../client/ui/money-draft.ts'
import { approvalsOff, DEFAULT_POLICY, type ApprovalPolicy } from '../../../server/domain/approval-policy.ts'
import type { Role } from '../../../server/domain/permission.ts'

const ASKING: readonly Role[] = ['support', 'finance', 'admin']
const PERSON = '00000000-0000-4000-8000-0000000000c1'
const rules: ApprovalPolicy = {
  ...DEFAULT_POLICY.rules,
  bulkHoldMinutes: 30,
  stepUpAboveMinor: 500_000n,
  tiers: [{ aboveMinor: 0n, reasons: ['fraud'], roles: [], chargedDaysAgo: 90, environment: 'production' }],
  limits: {
    roles: [{ role: 'support', dayMinor: 5_000_000n }],
    people: [{ userId: PERSON, dayMinor: 100_000n }],
    accountDayMinor: 90_000_000n,
    orderRefundsMax: 20,
  },
}
const draft = draftOf({ version: 3, ...rules }, 'INR', ASKING)
const problemOf = (change: Partial<typeof draft>) =>
  Object.values(policyProblems({ ...draft, ...change }, 'INR')).find((problem) => problem !== null)

describe('the policy as a form', () => {
  test('comes out as it went in', () => {
    expect(policyOf(draft, 'INR')).toEqual(rules)
    expect(policyChanges(rules, policyOf(draft, 'INR') ?? DEFAULT_POLICY.rules, 'INR')).toEqual([])
  })

  test('says what would change', () => {
    const changed = policyOf(
      {
        ...draft,
        approvalAbove: moneyDraft({ minor: 300_000n, currency: 'INR' }),
        tiers: [],
        reasons: [...draft.reasons, { ...newReason(), label: 'Damaged in transit', noteMinLength: '0' }],
        people: [],
      },
      'INR',
    )
    if (changed === null) throw new Error('the form can be read')
    expect(changed.reasons.at(-1)).toEqual({
      code: 'damaged_in_transit',
      label: 'Damaged in transit',
      active: true,
      noteMinLength: 0,
    })
    expect(policyChanges(rules, changed, 'INR', () => 'Asha Menon')).toEqual([
      { label: 'Approval line', value: '₹2,000.00 → ₹3,000.00' },
      {
        label: 'Stricter rules',
        value: 'refunds because of Fraud, 90 days or more after the payment, in production over ₹0.00 → None',
      },
      { label: 'Reasons', value: expect.stringMatching(/Other → .*Other, Damaged in transit$/) },
      {
        label: 'Limits per day',
        value:
          'Support ₹50,000.00, Asha Menon ₹1,000.00, all together ₹9,00,000.00 → Support ₹50,000.00, all together ₹9,00,000.00',
      },
    ])
  })

  test('approvals that are off have no line, and none is asked for', () => {
    const off = policyOf({ ...draft, approvalsOn: false, approvalAbove: { text: '', minor: null } }, 'INR')
    expect(off && approvalsOff(off)).toBe(true)
    expect(draftOf({ version: 4, ...(off ?? rules) }, 'INR', ASKING).approvalsOn).toBe(false)
  })

  test('names what cannot be saved', () => {
    expect(problemOf({ expiresAfterHours: '0' })).toBe(
      'Time to decide must be 1 to 720 hours, as a whole number.',
    )
    expect(problemOf({ tiers: [{ ...newTier(), days: 'x' }] })).toContain('Days since the payment must be')
    expect(problemOf({ tiers: [{ ...newTier(), above: { text: 'x', minor: null } }] })).toContain('Amount')
    expect(problemOf({ reasons: [...draft.reasons, newReason()] })).toBe(
      'Name the new reason in letters or digits.',
    )
    expect(problemOf({ reasons: [...draft.reasons, { ...newReason(), label: 'FRAUD' }] })).toBe(
      'Fraud is in the list already.',
    )
    expect(problemOf({ reasons: draft.reasons.map((reason) => ({ ...reason, active: false })) })).toBe(
      'At least one reason must be offered.',
    )
    expect(problemOf({ accountDay: { text: 'x', minor: null } })).toContain('Limit of the account')
    expect(problemOf({ people: [{ key: 'k', userId: PERSON, day: { text: '', minor: null } }] })).toContain(
      'Limit',
    )
    expect(problemOf({ orderRefundsMax: '26' })).toContain('1 to 25 refunds')
  })
})
