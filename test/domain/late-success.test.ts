import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { awaitedAutoRefund, isLateSuccess, lateSuccessOf } from '../../server/domain/late-success.ts'
import { mergeOrder, type OrderAggregate, type OrderMerge } from '../../server/domain/order.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import { at, refund, told, transaction } from '../support/provider-messages.ts'

/** What a message at minute `minutes` says of the first attempt, which began at minute 1. */
function says(status: string, minutes: number, more: Partial<ProviderOrder> = {}): ProviderOrder {
  const attempt = transaction({ providerStatus: status })
  return told({ providerStatus: status, statedAt: at(minutes), transactions: [attempt], ...more })
}

function merge(...messages: ProviderOrder[]): OrderMerge {
  let merged: OrderMerge | null = null
  for (const message of messages)
    merged = mergeOrder(merged?.next ?? null, message, { currency: 'INR', now: at(500) })
  if (merged === null) throw new Error('no messages')
  return merged
}

const kinds = ({ findings }: OrderMerge): string[] => findings.map(({ kind }) => kind)
const failed = says('AUTHENTICATION_FAILED', 3)
const late = says('CHARGED', 28)

describe('a charge after a failure', () => {
  test('that comes long after is a conflict, with the instant by which Juspay may have returned it', () => {
    const merged = merge(failed, late)
    expect(merged.findings).toEqual([
      {
        kind: 'late_success',
        detail:
          'Attempt m-O1-1 failed and was charged 25 min later. If the account has automatic refunds of such payments, Juspay returns the money by 22 Nov 2026, 15:08 IST; wait for that before refunding by hand.',
        ours: 'failed',
        theirs: 'CHARGED',
      },
    ])
    expect(merged.next.order.paymentStatus).toBe('charged')
    expect(lateSuccessOf(merged.next.transactions)).toMatchObject({
      failedAt: at(3),
      chargedAt: at(28),
      autoRefundDueAt: at(38),
    })
  })

  test('is the same when the failure arrives after the charge, late as it is', () => {
    const merged = merge(late, failed)
    expect(kinds(merged)).toEqual(['late_success'])
    expect(merged.next.order.paymentStatus).toBe('charged')
    expect(merged.next.transactions).toEqual(merge(failed, late).next.transactions)
  })

  test('is none within the threshold, which counts from when the attempt began', () => {
    expect(kinds(merge(failed, says('CHARGED', 11)))).toEqual([])
    expect(kinds(merge(failed, says('CHARGED', 12)))).toEqual(['late_success'])
  })

  test('is none when the failure is told of a later moment: that never takes a charge back', () => {
    const merged = merge(says('CHARGED', 3), says('AUTHORIZATION_FAILED', 40))
    expect(kinds(merged)).toEqual([])
    expect(merged.next.order.paymentStatus).toBe('charged')
  })

  test('is none when another attempt failed: trying again is normal', () => {
    const second = transaction({ txnRef: 'm-O1-2', providerStatus: 'CHARGED', createdAt: at(40) })
    const retried = told({ providerStatus: 'CHARGED', statedAt: at(41), transactions: [second] })
    expect(kinds(merge(failed, retried))).toEqual([])
  })

  test('is over when Juspay has returned it, or all of it was refunded', () => {
    const over = merge(failed, late, says('AUTO_REFUNDED', 29))
    expect(lateSuccessOf(over.next.transactions)).toBeNull()
    const entry = refund({ providerStatus: 'SUCCESS', amountMinor: 100000n })
    expect(isLateSuccess(merge(failed, late, says('CHARGED', 60, { refunds: [entry] })).next)).toBe(false)
  })

  test('is told of until its work item is closed and Juspay’s own time has passed, or all of it is back', () => {
    const { next } = merge(failed, late)
    expect(awaitedAutoRefund(next, ['late_success'], at(400))).toEqual(at(38))
    expect(awaitedAutoRefund(next, ['double_charge'], at(37))).toEqual(at(38))
    expect(awaitedAutoRefund(next, ['double_charge'], at(38))).toBeNull()
    const back = merge(failed, late, says('AUTO_REFUNDED', 29)).next
    expect(awaitedAutoRefund(back, ['late_success'], at(30))).toBeNull()
  })

  test('is told once: a message that only repeats it does not undo what a person decided', () => {
    expect(kinds(merge(failed, late, late))).toEqual([])
    expect(kinds(merge(failed, late, says('CHARGED', 50, { description: 'Shoes' })))).toEqual([])
  })
})

test('whatever is said in whatever order, the conflict at the end is the same', () => {
  const words = fc.constantFrom(
    'PENDING_VBV',
    'AUTHENTICATION_FAILED',
    'AUTHORIZATION_FAILED',
    'CHARGED',
    'AUTO_REFUNDED',
  )
  const some = fc
    .array(fc.tuple(words, fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 7 })
    .map((all) => all.map(([word, minutes]) => says(word, minutes)))
  const shuffled = some.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  )
  /** Whether the conflict's work item is open at the end, opened and closed as the messages came. */
  const openAtEnd = (messages: readonly ProviderOrder[]): boolean => {
    let [state, open]: [OrderAggregate | null, boolean] = [null, false]
    for (const message of messages) {
      const merged: OrderMerge = mergeOrder(state, message, { currency: 'INR', now: at(500) })
      if (kinds(merged).includes('late_success')) open = true
      if (!isLateSuccess(merged.next)) open = false
      state = merged.next
    }
    return open
  }
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      const [one, two] = [merge(...all).next, merge(...other).next]
      expect(lateSuccessOf(two.transactions)).toEqual(lateSuccessOf(one.transactions))
      expect(openAtEnd(other)).toBe(openAtEnd(all))
      expect(openAtEnd(all)).toBe(isLateSuccess(one))
    }),
    { numRuns: 500 },
  )
})
