import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decidePolicy,
  DEFAULT_POLICY,
  expiryFrom,
  lineLeft,
  parsePolicy,
  policyToJson,
} from '../../server/domain/approval-policy.ts'
import { ROLES } from '../../server/domain/permission.ts'
import { noteProblem, reasonOf, REFUND_REASONS } from '../../server/domain/refund-reason.ts'

const policy = DEFAULT_POLICY.rules
const ask = { currency: 'INR', role: 'finance', withoutApprovalMinor: 0n } as const

describe('the approval policy', () => {
  test('the line itself needs nobody, one paisa more does', () => {
    expect(decidePolicy(policy, { ...ask, amountMinor: 200_000n })).toEqual({
      needsApproval: false,
      reason: 'Refunds up to ₹2,000.00 need no approval.',
    })
    expect(decidePolicy(policy, { ...ask, amountMinor: 200_001n })).toEqual({
      needsApproval: true,
      reason: 'Refunds over ₹2,000.00 need approval.',
    })
  })

  test('support always needs a second person', () => {
    const verdict = decidePolicy(policy, { ...ask, role: 'support', amountMinor: 1n })
    expect(verdict).toEqual({
      needsApproval: true,
      reason: 'Refunds asked for by Support always need approval.',
    })
  })

  test('splitting does not get under the line', () => {
    const verdict = decidePolicy(policy, { ...ask, amountMinor: 100_001n, withoutApprovalMinor: 100_000n })
    expect(verdict.needsApproval).toBe(true)
    expect(verdict.reason).toContain('₹1,000.00 was already refunded without')
  })

  test('what goes through without approval on one order never adds up to more than the line', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 300_000n }), { maxLength: 20 })
    fc.assert(
      fc.property(amounts, fc.constantFrom(...ROLES), (list, role) => {
        let withoutApprovalMinor = 0n
        for (const amountMinor of list) {
          const left = lineLeft(policy, withoutApprovalMinor)
          const { needsApproval } = decidePolicy(policy, {
            amountMinor,
            currency: 'INR',
            role,
            withoutApprovalMinor,
          })
          if (!policy.alwaysApproveRoles.includes(role)) expect(needsApproval).toBe(amountMinor > left)
          if (!needsApproval) withoutApprovalMinor += amountMinor
        }
        expect(withoutApprovalMinor <= policy.approvalAboveMinor).toBe(true)
      }),
    )
  })

  test('survives being stored as JSON, and refuses rules that are none', () => {
    const stored: unknown = JSON.parse(JSON.stringify(policyToJson(policy)))
    expect(parsePolicy(stored)).toEqual(policy)
    expect(() => parsePolicy({ ...policyToJson(policy), approvalAboveMinor: '-1' })).toThrow(
      /approvalAboveMinor/,
    )
    expect(() => parsePolicy({ ...policyToJson(policy), alwaysApproveRoles: ['boss'] })).toThrow()
  })

  test('a decision lapses after the hours the policy says', () => {
    const at = new Date('2026-11-22T14:52:00Z')
    expect(expiryFrom(policy, at).toISOString()).toBe('2026-11-24T14:52:00.000Z')
  })
})

describe('reasons', () => {
  test.each(REFUND_REASONS.map((reason) => reason.code))('%s is a reason', (code) => {
    expect(reasonOf(code)).toBe(code)
  })

  test('nothing else is', () => {
    expect(reasonOf('because')).toBeNull()
  })

  test('fraud, goodwill and other need ten characters of note', () => {
    expect(noteProblem('item_returned', null)).toBeNull()
    for (const code of ['fraud', 'goodwill', 'other'] as const) {
      expect(noteProblem(code, '  123456789  ')).toContain('at least 10 characters')
      expect(noteProblem(code, '1234567890')).toBeNull()
    }
    expect(noteProblem('item_returned', 'x'.repeat(1_001))).toContain('1000 characters or less')
  })
})
