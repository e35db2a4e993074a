import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ACCOUNT_BUDGET,
  callsFor,
  refilled,
  RESERVED_CALLS,
  spent,
  type Bucket,
} from '../../server/domain/status-budget.ts'

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 20) + seconds * 1_000)
const { perSecond, burst } = ACCOUNT_BUDGET

test('a bucket starts full, refills steadily and never over its burst', () => {
  const full = refilled(null, ACCOUNT_BUDGET, at(0))
  expect(full.tokens).toBe(burst)
  const empty = spent(full, burst)
  expect(refilled(empty, ACCOUNT_BUDGET, at(1)).tokens).toBe(perSecond)
  expect(refilled(empty, ACCOUNT_BUDGET, at(3_600)).tokens).toBe(burst)
})

test('a clock that runs back neither refills nor takes away', () => {
  const bucket: Bucket = { tokens: 3, refilledAt: at(10) }
  expect(refilled(bucket, ACCOUNT_BUDGET, at(5))).toEqual(bucket)
})

describe('who may ask', () => {
  const with_ = (tokens: number): Bucket => ({ tokens, refilledAt: at(0) })

  test('background work leaves the reserve, people and refunds may use it and a burst more', () => {
    expect(callsFor('sweep', with_(burst))).toBe(burst - RESERVED_CALLS)
    expect(callsFor('unknown_order', with_(RESERVED_CALLS))).toBe(0)
    expect(callsFor('person', with_(RESERVED_CALLS))).toBe(RESERVED_CALLS + burst)
    expect(callsFor('refund', with_(0.5 - burst))).toBe(0)
    expect(callsFor('person', with_(-burst))).toBe(0)
  })

  test('whoever asks whenever, the account never makes more calls than rate, burst and debt allow', () => {
    const ask = fc.record({
      purpose: fc.constantFrom(
        'sweep' as const,
        'person' as const,
        'refund' as const,
        'unknown_order' as const,
      ),
      afterMs: fc.integer({ min: 0, max: 3_000 }),
      wanted: fc.integer({ min: 1, max: 60 }),
    })
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 60 }), (asks) => {
        let bucket: Bucket | null = null
        let [ms, calls, background] = [0, 0, 0]
        for (const { purpose, afterMs, wanted } of asks) {
          ms += afterMs
          const now = refilled(bucket, ACCOUNT_BUDGET, at(ms / 1_000))
          const granted = Math.min(wanted, callsFor(purpose, now))
          bucket = spent(now, granted)
          calls += granted
          if (purpose === 'sweep' || purpose === 'unknown_order') background += granted
          // An account that has been quiet for a burst may go into debt by another; the rest is the steady rate.
          expect(calls).toBeLessThanOrEqual(2 * burst + (ms / 1_000) * perSecond + 1e-6)
          expect(background).toBeLessThanOrEqual(burst - RESERVED_CALLS + (ms / 1_000) * perSecond + 1e-6)
        }
      }),
    )
  })
})
