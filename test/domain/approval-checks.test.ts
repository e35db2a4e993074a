import { describe, expect, test } from 'vitest'
import {
  approvalChecks,
  blockOf,
  changeWords,
  type ApprovalCheckFacts,
} from '../../server/domain/approval-checks.ts'

const NOW = new Date('2026-11-26T06:30:00Z')
const MINUTE = 60_000

const FACTS: ApprovalCheckFacts = {
  now: NOW,
  currency: 'INR',
  chargedMinor: 1_299_900n,
  excessMinor: 0n,
  attemptProblem: null,
  disputed: false,
  unconfirmed: false,
  lastCheckedAt: new Date(NOW.getTime() - 3 * MINUTE),
  expiresAt: new Date(NOW.getTime() + 48 * 60 * MINUTE),
  agreed: true,
  askerName: 'Asha Menon',
  askerMayAsk: true,
  askerToday: { count: 4, minor: 1_200_000n },
  customer: { week: { count: 0, minor: 0n }, quarter: { count: 0, minor: 0n } },
  changes: [],
}

const levels = (change: Partial<ApprovalCheckFacts>) =>
  Object.fromEntries(approvalChecks({ ...FACTS, ...change }).map(({ id, level }) => [id, level]))
const textOf = (id: string, change: Partial<ApprovalCheckFacts>) =>
  approvalChecks({ ...FACTS, ...change }).find((check) => check.id === id)?.text

describe('the checks of a request', () => {
  test('where all is well, nothing stops it and nothing asks for a second look', () => {
    expect(approvalChecks(FACTS).map(({ level }) => level)).toEqual(['ok', 'ok', 'ok', 'ok', 'note', 'note'])
    expect(blockOf(approvalChecks(FACTS))).toBeNull()
  })

  test.each([
    ['nothing is charged', { chargedMinor: 0n }, 'charged'],
    ['refunds elsewhere took it', { excessMinor: 100n }, 'left'],
    ['what was frozen does not hold', { agreed: false }, 'changed'],
    ['the asker has left', { askerMayAsk: false }, 'asker'],
    ['its time is over', { expiresAt: NOW }, 'expiry'],
  ] as const)('%s: it cannot be approved', (_name, change, id) => {
    expect(levels(change)[id]).toBe('block')
    expect(blockOf(approvalChecks({ ...FACTS, ...change }))).toBe(textOf(id, change))
  })

  test.each([
    ['only webhooks vouch for the money', { unconfirmed: true }, 'charged'],
    ['the order is disputed', { disputed: true }, 'disputed'],
    ['its time runs out', { expiresAt: new Date(NOW.getTime() + 60 * MINUTE) }, 'expiry'],
    [
      'the customer had other refunds this week',
      { customer: { week: { count: 2, minor: 300_000n }, quarter: { count: 5, minor: 900_000n } } },
      'week',
    ],
  ] as const)('%s: look twice, and it still can', (_name, change, id) => {
    expect(levels(change)[id]).toBe('warn')
    expect(blockOf(approvalChecks({ ...FACTS, ...change }))).toBeNull()
  })

  test('history and totals are told with their sums', () => {
    const customer = { week: { count: 2, minor: 300_000n }, quarter: { count: 5, minor: 900_000n } }
    expect(textOf('week', { customer })).toBe('2 other refunds to this customer this week, ₹3,000.00.')
    expect(textOf('quarter', { customer })).toBe('5 other refunds to this customer in 90 days, ₹9,000.00.')
    expect(textOf('asker', {})).toBe('Asha Menon asked for 4 refunds today, ₹12,000.00.')
    expect(textOf('customer', { customer: null })).toBe('The order names no customer to look up.')
  })

  test('what changed since the request is told newest first, at most three things', () => {
    const status = (subject: string, before: string | null, after: string) => ({
      subject,
      field: 'status',
      before,
      after,
    })
    const changes = [
      { subject: 'order', field: 'providerStatus', before: 'PENDING_VBV', after: 'CHARGED' },
      { subject: 'order', field: 'statedAt', before: null, after: '{}' },
      status('refund:PDX1', 'sending', 'succeeded'),
      status('refund_request:q', null, 'pending_approval'),
    ]
    expect(changeWords(changes)).toEqual([
      'another request is pending approval',
      'another refund is succeeded',
      'payment status is CHARGED, was PENDING VBV',
    ])
    const many = ['a', 'b', 'c', 'd', 'e'].map((after) => status('refund:x', null, after))
    expect(changeWords(many)).toEqual([
      'another refund is e',
      'another refund is d',
      'another refund is c',
      '2 more',
    ])
    expect(levels({ changes })['changed']).toBe('warn')
  })
})
