import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CLAIM_DOUBTED_AFTER_MS,
  confirms,
  doubtOf,
  moneyClaims,
  reviewed,
  unconfirmedAfter,
  type MessageSource,
} from '../../server/domain/confirmation.ts'
import { mergeOrder, type OrderAggregate } from '../../server/domain/order.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import { at, charged, message, refund, told, transaction } from '../support/provider-messages.ts'

type State = { held: OrderAggregate | null; since: Date | null }

function hear(state: State, source: MessageSource, message: ProviderOrder, now: Date): State {
  const { next } = mergeOrder(state.held, message, { currency: 'INR', now })
  const told = { source, before: state.held, next, told: message, now }
  return { held: next, since: unconfirmedAfter(state.since, told) }
}

function hearAll(...messages: [MessageSource, ProviderOrder][]): State {
  let state: State = { held: null, since: null }
  for (const [index, [source, message]] of messages.entries()) state = hear(state, source, message, at(index))
  return state
}

function claimsOf(...messages: ProviderOrder[]): string[] {
  const before = hearAll(
    ...messages.slice(0, -1).map((one): [MessageSource, ProviderOrder] => ['webhook', one]),
  )
  const last = messages.at(-1) ?? told()
  return moneyClaims(before.held, mergeOrder(before.held, last, { currency: 'INR', now: at(9) }).next)
}

const failed = told({
  providerStatus: 'AUTHORIZATION_FAILED',
  statedAt: at(2),
  transactions: [transaction({ providerStatus: 'AUTHORIZATION_FAILED' })],
})
const withRefund = (status: string, minutes = 61): ProviderOrder => ({
  ...charged,
  statedAt: at(minutes),
  refunds: [refund({ providerStatus: status })],
})

describe('a claim about money', () => {
  test('is a charge, a void, another amount, and what became of a refund', () => {
    expect(claimsOf(told())).toEqual([])
    expect(claimsOf(told(), failed)).toEqual([])
    expect(claimsOf(told(), charged)).toEqual(['charged', 'payment_status'])
    expect(claimsOf(charged, { ...charged, effectiveAmountMinor: 90000n, statedAt: at(4) })).toEqual([
      'charged',
      'effective_amount',
    ])
    expect(claimsOf(told({ providerStatus: 'VOIDED' }))).toEqual(['payment_status'])
    expect(claimsOf(charged, withRefund('PENDING'))).toEqual(['external_refunded'])
    expect(claimsOf(withRefund('PENDING'), withRefund('SUCCESS', 62))).toEqual(['refund_settled'])
    expect(claimsOf(withRefund('PENDING'), withRefund('FAILURE', 62))).toEqual([
      'external_refunded',
      'refund_settled',
    ])
    expect(claimsOf(charged, { ...charged, statedAt: at(5), description: 'Shoes' })).toEqual([])
  })
})

describe('unconfirmed since', () => {
  test('a webhook that claims money sets it, and later ones leave the earliest', () => {
    expect(hearAll(['webhook', told()]).since).toBeNull()
    expect(hearAll(['webhook', told()], ['webhook', charged]).since).toEqual(at(1))
    expect(hearAll(['webhook', charged], ['webhook', withRefund('SUCCESS')]).since).toEqual(at(0))
  })

  test('an answer that says the same clears it, whether to a question or to a refund', () => {
    expect(hearAll(['webhook', charged], ['status_check', charged]).since).toBeNull()
    expect(hearAll(['webhook', charged], ['refund_answer', withRefund('PENDING')]).since).toBeNull()
  })

  test('an answer sets it for a charge of which nobody knows how much, until one names an amount', () => {
    const blank = told({ providerStatus: 'CHARGED', amountMinor: null })
    expect(hearAll(['status_check', blank]).since).toEqual(at(0))
    expect(hearAll(['status_check', blank], ['status_check', blank]).since).toEqual(at(0))
    expect(hearAll(['status_check', blank], ['webhook', charged]).since).toEqual(at(0))
    expect(hearAll(['status_check', blank], ['status_check', charged]).since).toBeNull()
    expect(hearAll(['status_check', told()], ['status_check', blank]).since).toBeNull()
  })

  test('an answer that is behind, contradicts or names another amount leaves it', () => {
    const answers = [
      told({ statedAt: at(1) }),
      failed,
      told({ ...charged, amountMinor: 50000n, statedAt: at(1) }),
      { ...charged, amountMinor: null },
      told({ providerStatus: null }),
    ]
    for (const answer of answers)
      expect(hearAll(['webhook', charged], ['status_check', answer]).since).toEqual(at(0))
    const settled = hearAll(['webhook', withRefund('SUCCESS')], ['status_check', withRefund('PENDING', 60)])
    expect(settled.since).toEqual(at(0))
    expect(hearAll(['webhook', withRefund('SUCCESS')], ['status_check', charged]).since).toEqual(at(0))
  })

  test('a charge that Juspay returned by itself is not confirmed by the charge', () => {
    const returned = told({
      providerStatus: 'AUTO_REFUNDED',
      statedAt: at(20),
      transactions: [transaction({ providerStatus: 'CHARGED' })],
    })
    expect(hearAll(['webhook', returned], ['status_check', charged]).since).toEqual(at(0))
    expect(hearAll(['webhook', returned], ['status_check', returned]).since).toBeNull()
  })

  test('a second charge, of which an answer names one, is not denied by it', () => {
    const second = told({
      providerStatus: 'CHARGED',
      statedAt: at(9),
      transactions: [transaction({ txnRef: 'm-O1-2', providerStatus: 'CHARGED', createdAt: at(8) })],
    })
    expect(hearAll(['webhook', charged], ['webhook', second], ['status_check', charged]).since).toBeNull()
  })

  test('a second charge that Juspay returned by itself is not denied by an answer about the first', () => {
    const returned = (txnRef: string | null, uniqueRequestId = 'AR7x') =>
      told({
        providerStatus: 'CHARGED',
        statedAt: at(9),
        transactions: [transaction({ txnRef: 'm-O1-2', providerStatus: 'AUTO_REFUNDED', createdAt: at(8) })],
        refunds: [refund({ uniqueRequestId, txnRef, amountMinor: 100000n, initiatedBy: 'AUTO_REFUNDED' })],
      })
    const sinceAfter = (webhook: ProviderOrder, answer: ProviderOrder) =>
      hearAll(['webhook', charged], ['webhook', webhook], ['status_check', answer]).since
    expect(sinceAfter(returned('m-O1-2'), charged)).toBeNull()
    // Entries of refunds have no attempt as a rule.
    expect(sinceAfter(returned(null), charged)).toBeNull()
    // Whatever else the answer could have told of still has to be in it.
    expect(sinceAfter(returned('m-O1-1'), charged)).toEqual(at(0))
    const again = refund({
      uniqueRequestId: 'AR8y',
      txnRef: null,
      amountMinor: 1n,
      initiatedBy: 'AUTO_REFUNDED',
    })
    const once = returned(null)
    expect(sinceAfter({ ...once, refunds: [...once.refunds, again] }, charged)).toEqual(at(0))
    const kept = transaction({ txnRef: 'm-O1-2', providerStatus: 'CHARGED', createdAt: at(8) })
    expect(sinceAfter({ ...once, transactions: [kept] }, charged)).toEqual(at(0))
    expect(sinceAfter(returned('m-O1-2', 'RF9'), charged)).toEqual(at(0))
    expect(sinceAfter(returned('m-O1-2'), { ...charged, transactions: [] })).toEqual(at(0))
    expect(sinceAfter(returned('m-O1-2'), { ...returned('m-O1-2'), refunds: [] })).toEqual(at(0))
    expect(sinceAfter(returned(null), { ...returned(null), refunds: [] })).toEqual(at(0))
  })

  test('a forged attempt beside a failed one is denied by the failure', () => {
    const forged = told({
      providerStatus: null,
      statedAt: at(9),
      transactions: [transaction({ txnRef: 'm-O1-2', providerStatus: 'CHARGED', createdAt: at(8) })],
    })
    expect(hearAll(['webhook', failed], ['webhook', forged], ['status_check', failed]).since).toEqual(at(1))
  })

  test('answers alone never set it and webhooks alone never clear it, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 7 }), (messages) => {
        let asked: State = { held: null, since: null }
        let sent: State = { held: null, since: null }
        for (const [index, one] of messages.entries()) {
          asked = hear(asked, 'status_check', one, at(index))
          expect(asked.since).toBeNull()
          const before = sent
          sent = hear(sent, 'webhook', one, at(index))
          if (before.since !== null) expect(sent.since).toEqual(before.since)
          else if (sent.held !== null && moneyClaims(before.held, sent.held).length > 0)
            expect(sent.since).toEqual(at(index))
        }
      }),
    )
  })

  test('money that no answer ever names stays unconfirmed, whatever else is said', () => {
    const innocent = message.filter(
      ({ providerStatus, transactions, refunds }) =>
        refunds.length === 0 &&
        transactions.length === 0 &&
        !['CHARGED', 'AUTO_REFUNDED', 'PARTIAL_CHARGED', 'VOIDED'].includes(providerStatus ?? ''),
    )
    fc.assert(
      fc.property(fc.array(innocent, { maxLength: 6 }), (answers) => {
        let state = hear({ held: null, since: null }, 'webhook', charged, at(0))
        for (const answer of answers) state = hear(state, 'status_check', answer, at(1))
        expect(state.since).toEqual(at(0))
      }),
    )
  })

  test('an answer that told everything confirms itself', () => {
    fc.assert(
      fc.property(message, (one) => {
        const { next } = mergeOrder(null, one, { currency: 'INR', now: at(0) })
        const complete = { ...one, providerStatus: next.order.providerStatus }
        const again = mergeOrder(null, complete, { currency: 'INR', now: at(0) }).next
        // One attempt decides an order; what several random ones say may contradict itself.
        fc.pre(complete.transactions.length <= 1)
        if (again.order.providerStatus === complete.providerStatus)
          expect(confirms(again, complete)).toBe(true)
      }),
    )
  })
})

describe('a claim that Juspay does not confirm', () => {
  const { held, since } = hearAll(['webhook', told()], ['webhook', charged])
  const later = new Date(at(1).getTime() + CLAIM_DOUBTED_AFTER_MS)

  test('is told to a person once answers had time to catch up, in words of both sides', () => {
    if (held === null) throw new Error('nothing was heard')
    expect(doubtOf(held, told(), since, new Date(later.getTime() - 1))).toBeNull()
    expect(doubtOf(held, told(), null, later)).toBeNull()
    expect(doubtOf(held, told(), since, later)).toEqual({
      kind: 'unconfirmed_claim',
      detail: "Webhooks say Charged; Juspay's order status says Created.",
      ours: 'CHARGED',
      theirs: 'NEW',
    })
  })

  test('shows the order as one to review, and one change in the log says so', () => {
    const merge = mergeOrder(hearAll(['webhook', told()]).held, charged, { currency: 'INR', now: at(1) })
    const shown = (changes: typeof merge.changes) =>
      changes.filter(({ field }) => field === 'displayStatus').map(({ before, after }) => [before, after])
    expect(shown(merge.changes)).toEqual([['pending', 'charged']])
    const doubted = reviewed(merge, true)
    expect(doubted.next.order).toMatchObject({ displayStatus: 'review', paymentStatus: 'charged' })
    expect(shown(doubted.changes)).toEqual([['pending', 'review']])
    expect(reviewed(merge, false)).toBe(merge)
    const cleared = reviewed(mergeOrder(doubted.next, charged, { currency: 'INR', now: at(2) }), false)
    expect(shown(cleared.changes)).toEqual([['review', 'charged']])
  })
})
