import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  approvalsOff,
  decidePolicy,
  DEFAULT_POLICY,
  expiryFrom,
  lineFor,
  lineLeft,
  looksChosen,
  NEAR_LINE_PER_DAY,
  NO_LINE,
  parsePolicy,
  policyToJson,
  type ApprovalPolicy,
  type PolicyQuestion,
  type PolicySubject,
  type PolicyTier,
} from '../../server/domain/approval-policy.ts'
import { ROLES } from '../../server/domain/permission.ts'
import {
  defaultReasons,
  noteProblem,
  reasonCode,
  reasonLabel,
  reasonOf,
  REFUND_REASONS,
} from '../../server/domain/refund-reason.ts'

const policy = DEFAULT_POLICY.rules
const NOW = new Date('2026-11-22T09:00:00Z')
const DAY_MS = 86_400_000
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS)
const subject: PolicySubject = {
  accountCurrency: 'INR',
  currency: 'INR',
  role: 'finance',
  reason: 'item_returned',
  chargedAt: daysAgo(2),
  now: NOW,
  environment: 'sandbox',
}
const ask: Omit<PolicyQuestion, 'amountMinor'> = { ...subject, withoutApprovalMinor: 0n, nearLineToday: 0 }
const tier = (change: Partial<PolicyTier>): PolicyTier => ({
  aboveMinor: 50_000n,
  reasons: [],
  roles: [],
  chargedDaysAgo: 0,
  environment: 'any',
  ...change,
})
const withTiers = (...tiers: PolicyTier[]): ApprovalPolicy => ({ ...policy, tiers })

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

  test('survives being stored as JSON, and refuses rules that are none', () => {
    const rules = {
      ...withTiers(tier({ reasons: ['fraud'] })),
      stepUpAboveMinor: 250_000n,
      limits: { ...policy.limits, accountDayMinor: 5n },
    }
    const stored: unknown = JSON.parse(JSON.stringify(policyToJson(rules)))
    expect(parsePolicy(stored)).toEqual(rules)
    expect(() => parsePolicy({ ...policyToJson(policy), approvalAboveMinor: '-1' })).toThrow(
      /approvalAboveMinor/,
    )
    expect(() => parsePolicy({ ...policyToJson(policy), alwaysApproveRoles: ['boss'] })).toThrow()
    const twice = [...defaultReasons(), ...defaultReasons()]
    expect(() => parsePolicy({ ...policyToJson(policy), reasons: twice })).toThrow(/Each reason once/)
  })

  test('reads what was stored before there were tiers, limits and a list of reasons', () => {
    const first = {
      approvalAboveMinor: '150000',
      alwaysApproveRoles: ['support', 'finance'],
      expiresAfterHours: 24,
      sameAmountWindowMinutes: 5,
      noteRequiredReasons: ['fraud'],
    }
    const read = parsePolicy(first)
    expect(read).toMatchObject({ approvalAboveMinor: 150_000n, expiresAfterHours: 24, tiers: [] })
    expect(read.limits).toEqual(policy.limits)
    expect(read.reasons.filter(({ noteMinLength }) => noteMinLength > 0).map(({ code }) => code)).toEqual([
      'fraud',
    ])
    expect(parsePolicy(JSON.parse(JSON.stringify(policyToJson(read))))).toEqual(read)
  })

  test('a decision lapses after the hours the policy says', () => {
    const at = new Date('2026-11-22T14:52:00Z')
    expect(expiryFrom(policy, at).toISOString()).toBe('2026-11-24T14:52:00.000Z')
  })

  test('switched off asks nobody, but stricter rules still hold', () => {
    const off = { ...withTiers(tier({ aboveMinor: 0n, reasons: ['fraud'] })), approvalAboveMinor: NO_LINE }
    expect(approvalsOff(off)).toBe(true)
    expect(approvalsOff(policy)).toBe(false)
    expect(decidePolicy(off, { ...ask, amountMinor: 900_000_000n })).toEqual({
      needsApproval: false,
      reason: 'Approvals are switched off.',
    })
    expect(decidePolicy(off, { ...ask, reason: 'fraud', amountMinor: 1n })).toEqual({
      needsApproval: true,
      reason: 'Refunds because of Fraud always need approval.',
    })
  })
})

describe('stricter rules', () => {
  const needs = (rules: ApprovalPolicy, change: Partial<PolicyQuestion>): boolean =>
    decidePolicy(rules, { ...ask, amountMinor: 100_000n, ...change }).needsApproval

  test('hold where all of their conditions hold', () => {
    const rules = withTiers(
      tier({
        reasons: ['fraud', 'goodwill'],
        roles: ['finance'],
        chargedDaysAgo: 90,
        environment: 'production',
      }),
    )
    const all = { reason: 'goodwill', chargedAt: daysAgo(90), environment: 'production' } as const
    expect(needs(rules, all)).toBe(true)
    expect(needs(rules, { ...all, reason: 'other' })).toBe(false)
    expect(needs(rules, { ...all, role: 'admin' })).toBe(false)
    expect(needs(rules, { ...all, chargedAt: daysAgo(89) })).toBe(false)
    expect(needs(rules, { ...all, environment: 'sandbox' })).toBe(false)
    expect(needs(rules, { ...all, amountMinor: 50_000n })).toBe(false)
    expect(decidePolicy(rules, { ...ask, ...all, amountMinor: 50_001n }).reason).toBe(
      'Refunds because of Fraud or Goodwill, by Finance, 90 days or more after the payment, in production over ₹500.00 need approval.',
    )
  })

  test('what is not known counts as what the strictest rule looks for', () => {
    const rules = withTiers(tier({ reasons: ['fraud'], chargedDaysAgo: 90, environment: 'production' }))
    const all = { reason: 'fraud', chargedAt: daysAgo(100), environment: 'production' } as const
    expect(needs(rules, { ...all, reason: null })).toBe(true)
    expect(needs(rules, { ...all, chargedAt: null })).toBe(true)
    expect(needs(rules, { ...all, environment: null })).toBe(true)
  })
})

const minor = fc.bigInt({ min: 0n, max: 400_000n })
const codes = REFUND_REASONS.map(({ code }) => code)
const anyTier: fc.Arbitrary<PolicyTier> = fc.record({
  aboveMinor: minor,
  reasons: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 3 }),
  roles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 }),
  chargedDaysAgo: fc.nat(200),
  environment: fc.constantFrom('any', 'sandbox', 'production'),
})
const anyPolicy: fc.Arbitrary<ApprovalPolicy> = fc
  .record({
    approvalAboveMinor: minor,
    alwaysApproveRoles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 2 }),
    tiers: fc.array(anyTier, { maxLength: 6 }),
  })
  .map((rules) => ({ ...policy, ...rules }))
const anySubject: fc.Arbitrary<PolicySubject> = fc.record({
  accountCurrency: fc.constant('INR'),
  currency: fc.constant('INR'),
  role: fc.constantFrom(...ROLES),
  reason: fc.option(fc.constantFrom(...codes)),
  chargedAt: fc.option(fc.nat(300).map(daysAgo)),
  now: fc.constant(NOW),
  environment: fc.option(fc.constantFrom('sandbox', 'production')),
})
const amount = fc.bigInt({ min: 1n, max: 500_000n })

describe('whatever the rules', () => {
  const judge = (
    rules: ApprovalPolicy,
    of: PolicySubject,
    amountMinor: bigint,
    before = 0n,
    near = 0,
  ): boolean =>
    decidePolicy(rules, { ...of, amountMinor, withoutApprovalMinor: before, nearLineToday: near })
      .needsApproval

  test('a larger amount, more before it, or more just under the line never need less', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anySubject,
        amount,
        minor,
        fc.nat(5),
        minor,
        fc.nat(3),
        (rules, of, a, before, near, more, moreNear) => {
          if (!judge(rules, of, a, before, near)) return
          expect(judge(rules, of, a + more, before, near)).toBe(true)
          expect(judge(rules, of, a, before + more, near)).toBe(true)
          expect(judge(rules, of, a, before, near + moreNear)).toBe(true)
        },
      ),
    )
  })

  test('another rule never makes a refund need less, and forgetting a fact never does', () => {
    fc.assert(
      fc.property(anyPolicy, anySubject, amount, anyTier, (rules, of, a, added) => {
        if (!judge(rules, of, a)) return
        expect(judge({ ...rules, tiers: [...rules.tiers, added] }, of, a)).toBe(true)
        expect(judge(rules, { ...of, reason: null }, a)).toBe(true)
        expect(judge(rules, { ...of, chargedAt: null }, a)).toBe(true)
        expect(judge(rules, { ...of, environment: null }, a)).toBe(true)
      }),
    )
  })

  test('what goes through without approval on one order never adds up to more than its line', () => {
    fc.assert(
      fc.property(anyPolicy, anySubject, fc.array(amount, { maxLength: 20 }), (rules, of, list) => {
        let before = 0n
        const line = lineFor(rules, of)
        for (const a of list) {
          const left = lineLeft(line, before)
          const needed = judge(rules, of, a, before)
          expect(needed).toBe(line.always || a > left)
          if (!needed) before += a
        }
        expect(before <= line.aboveMinor).toBe(true)
      }),
    )
  })

  test('a refund that needs a second person cannot be split into parts that all need none', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anySubject,
        fc.array(amount, { minLength: 2, maxLength: 6 }),
        (rules, of, parts) => {
          const whole = parts.reduce((sum, part) => sum + part, 0n)
          if (!judge(rules, of, whole)) return
          let before = 0n
          const free = parts.filter((part) => {
            if (judge(rules, of, part, before)) return false
            before += part
            return true
          })
          expect(free.length).toBeLessThan(parts.length)
        },
      ),
    )
  })
})

describe('amounts just under the line', () => {
  test('three pass, the fourth needs a second person', () => {
    const near = { ...ask, amountMinor: 199_900n }
    expect(decidePolicy(policy, { ...near, nearLineToday: NEAR_LINE_PER_DAY - 1 }).needsApproval).toBe(false)
    expect(decidePolicy(policy, { ...near, nearLineToday: NEAR_LINE_PER_DAY })).toEqual({
      needsApproval: true,
      reason: '₹1,999.00 is just under the ₹2,000.00 line, as 3 refunds before it today.',
    })
    expect(decidePolicy(policy, { ...near, amountMinor: 180_000n, nearLineToday: 9 }).needsApproval).toBe(
      false,
    )
    expect(looksChosen(lineFor(policy, subject), 180_001n, 9)).toBe(true)
  })
})

describe('reasons', () => {
  test.each(REFUND_REASONS.map((reason) => reason.code))('%s is a reason', (code) => {
    expect(reasonOf(policy.reasons, code)).toMatchObject({ code })
  })

  test('nothing else is, nor one that is switched off', () => {
    expect(reasonOf(policy.reasons, 'because')).toBeNull()
    const off = policy.reasons.map((reason) => ({ ...reason, active: reason.code !== 'fraud' }))
    expect(reasonOf(off, 'fraud')).toBeNull()
  })

  test('a code made of a label says what the label says', () => {
    expect(reasonCode('  Damaged in transit! ')).toBe('damaged_in_transit')
    expect(reasonLabel('damaged_in_transit')).toBe('Damaged in transit')
    expect(reasonCode('—')).toBe('')
    expect(reasonLabel('fraud')).toBe('Fraud')
  })

  test('fraud, goodwill and other need ten characters of note', () => {
    const rule = (code: string) => {
      const found = reasonOf(policy.reasons, code)
      if (found === null) throw new Error(code)
      return found
    }
    expect(noteProblem(rule('item_returned'), null)).toBeNull()
    for (const code of ['fraud', 'goodwill', 'other']) {
      expect(noteProblem(rule(code), '  123456789  ')).toContain('at least 10 characters')
      expect(noteProblem(rule(code), '1234567890')).toBeNull()
    }
    expect(noteProblem(rule('item_returned'), 'x'.repeat(1_001))).toContain('1000 characters or less')
  })
})
