import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DISPUTE_STATUSES,
  isOpenDispute,
  mergeDispute,
  withDisputes,
  type DisputeRecord,
  type DisputeStatus,
  type ProviderDispute,
} from '../../server/domain/dispute.ts'
import { AMOUNT_MINOR_MAX } from '../../server/domain/money.ts'
import { mergeOrder } from '../../server/domain/order.ts'

const START = Date.UTC(2026, 10, 22, 9, 0, 0)
const at = (minutes: number): Date => new Date(START + minutes * 60_000)

function told(part: Partial<ProviderDispute> = {}): ProviderDispute {
  return {
    disputeRef: 'cb_1',
    orderRef: 'O1',
    txnRef: null,
    status: 'received',
    providerStatus: null,
    amountMinor: 50_000n,
    currency: 'INR',
    reason: 'Goods not received',
    dueAt: null,
    openedAt: at(0),
    resolvedAt: null,
    statedAt: at(0),
    ...part,
  }
}

/** A message about the order that says nothing. */
const blank = {
  orderRef: 'O1',
  providerOrderRef: null,
  merchantRef: null,
  amountMinor: null,
  effectiveAmountMinor: null,
  currency: null,
  customer: { ref: null, name: null, email: null, phone: null },
  description: null,
  returnUrl: null,
  udf: {},
  transactions: [],
  refunds: [],
  createdAt: null,
}

function mergeAll(messages: readonly ProviderDispute[]): DisputeRecord {
  let state: DisputeRecord | null = null
  for (const message of messages) state = mergeDispute(state, message).next
  if (state === null) throw new Error('no messages')
  return state
}

describe('one dispute, told in pieces', () => {
  test('the later statement wins, whichever arrives first', () => {
    const review = told({ status: 'under_review', statedAt: at(5) })
    const won = told({ status: 'resolved_merchant', statedAt: at(9), resolvedAt: at(9) })
    expect(mergeAll([told(), review, won]).status).toBe('resolved_merchant')
    expect(mergeAll([won, told(), review])).toMatchObject({ status: 'resolved_merchant', resolvedAt: at(9) })
  })

  test('a bank that takes a dispute up again opens it again', () => {
    const won = told({ status: 'resolved_merchant', statedAt: at(5) })
    const again = told({ status: 'evidence_required', statedAt: at(9), dueAt: at(99) })
    expect(mergeAll([told(), won, again])).toMatchObject({ status: 'evidence_required', dueAt: at(99) })
  })

  test('an end without a date ends it, even when it comes first', () => {
    const ended = told({ status: 'cancelled', statedAt: null })
    expect(mergeAll([ended, told()]).status).toBe('cancelled')
    expect(mergeAll([told(), ended]).status).toBe('cancelled')
  })

  test('of one instant, the status further on wins', () => {
    const lost = told({ status: 'resolved_customer' })
    expect(mergeAll([lost, told()]).status).toBe('resolved_customer')
    expect(mergeAll([told(), lost]).status).toBe('resolved_customer')
  })

  test('a name we do not know leaves the status alone, and a first message counts as open', () => {
    const odd = told({ status: null, statedAt: at(50) })
    expect(mergeAll([told({ status: 'expired', statedAt: at(1) }), odd]).status).toBe('expired')
    expect(mergeAll([odd, told({ status: 'expired', statedAt: at(1) })]).status).toBe('expired')
    expect(isOpenDispute(mergeAll([odd]).status)).toBe(true)
  })

  test('what a message does not say stays', () => {
    const masked = told({ orderRef: null, amountMinor: null, currency: null, reason: null, statedAt: at(9) })
    expect(mergeAll([told(), masked])).toMatchObject({
      orderRef: 'O1',
      amountMinor: 50_000n,
      currency: 'INR',
    })
  })

  test('an older message that adds nothing is stale, a repeated one is not', () => {
    const review = mergeAll([told(), told({ status: 'under_review', statedAt: at(5) })])
    expect(mergeDispute(review, told())).toMatchObject({ stale: true, changes: [] })
    expect(mergeDispute(mergeAll([told()]), told())).toMatchObject({ stale: false, changes: [] })
    expect(mergeDispute(review, told({ dueAt: at(70) })).stale).toBe(false)
  })
})

test('any disputes in any order, repeated or not, end the same', () => {
  const message = fc
    .record({
      status: fc.option(fc.constantFrom(...DISPUTE_STATUSES), { nil: null }),
      statedAt: fc.option(fc.integer({ min: 0, max: 4 }).map(at), { nil: null }),
      orderRef: fc.option(fc.constantFrom('O1', 'o1'), { nil: null }),
      amountMinor: fc.option(fc.constantFrom(1n, 50_000n), { nil: null }),
      reason: fc.option(fc.constantFrom('a', 'b'), { nil: null }),
      dueAt: fc.option(fc.integer({ min: 60, max: 62 }).map(at), { nil: null }),
      openedAt: fc.option(fc.integer({ min: 0, max: 2 }).map(at), { nil: null }),
    })
    .map(told)
  const messages = fc
    .array(message, { minLength: 1, maxLength: 7 })
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  fc.assert(
    fc.property(messages, ([list, shuffled]) => {
      const once = mergeAll(list)
      expect(mergeAll(shuffled)).toEqual(once)
      expect(mergeAll([...shuffled, ...list])).toEqual(once)
    }),
    { numRuns: 1000 },
  )
})

describe('an order with disputes', () => {
  const { next: order } = mergeOrder(
    null,
    { ...blank, providerStatus: 'CHARGED', amountMinor: 100_000n, createdAt: at(0), statedAt: at(0) },
    { currency: 'INR', now: at(9) },
  )
  const about = (
    status: DisputeStatus,
    amountMinor: bigint | null = 1_000n,
    currency: string | null = 'INR',
  ) => ({
    status,
    amountMinor,
    currency,
  })
  const shown = (...statuses: DisputeStatus[]) =>
    withDisputes(
      order,
      statuses.map((status) => about(status)),
    ).order.displayStatus

  test.each(DISPUTE_STATUSES)('%s is shown as disputed only while it is open', (status) => {
    const open = status === 'received' || status === 'under_review' || status === 'evidence_required'
    expect(isOpenDispute(status)).toBe(open)
    expect(shown(status)).toBe(open ? 'disputed' : 'charged')
  })

  test('is disputed while any of them is open, and clear again when none is', () => {
    expect(shown('resolved_merchant', 'under_review')).toBe('disputed')
    const disputed = withDisputes(order, [about('received')])
    expect(withDisputes(disputed, [about('resolved_merchant')])).toEqual(order)
  })

  test('open and lost ones take their amounts out of what can be refunded, all of it when one is not known', () => {
    const money = (...disputes: ReturnType<typeof about>[]) =>
      withDisputes(order, disputes).order.disputedMinor
    expect(money(about('received'), about('under_review', 500n), about('resolved_merchant', 9n))).toBe(1_500n)
    // A refund of what the bank has taken back would pay the customer twice; of an expired one nobody says who won.
    for (const lost of ['resolved_customer', 'expired'] as const)
      expect(withDisputes(order, [about(lost, 700n)]).order).toMatchObject({
        disputed: false,
        displayStatus: 'charged',
        disputedMinor: 700n,
      })
    for (const free of ['resolved_merchant', 'cancelled', 'already_refunded'] as const)
      expect(money(about(free))).toBe(0n)
    expect(money(about('received', null))).toBe(AMOUNT_MINOR_MAX)
    expect(money(about('received', 1n, 'USD'))).toBe(AMOUNT_MINOR_MAX)
    expect(money(about('received', 1n, null))).toBe(1n)
    expect(money(about('received', null), about('received', null))).toBe(AMOUNT_MINOR_MAX)
  })

  test('a later message about the payment does not take the dispute away', () => {
    const disputed = withDisputes(order, [about('received')])
    const again = mergeOrder(
      disputed,
      { ...blank, providerStatus: 'CHARGED', statedAt: at(60) },
      { currency: 'INR', now: at(60) },
    )
    expect(again.next.order).toMatchObject({ disputed: true, displayStatus: 'disputed' })
  })
})
