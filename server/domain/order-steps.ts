/** The way of an order's money on one line: created, tried, bank, result, refund (journey S2). */
import type { ExplainFacts, Situated } from './order-situation.ts'

export type OrderStep = {
  name: 'Created' | 'Tried' | 'Bank' | 'Result' | 'Refund'
  state: 'done' | 'now' | 'failed' | 'open'
}

/** The five steps. `now` is where the money is, `open` what has not begun. */
export function orderSteps(facts: ExplainFacts, { situation, refund }: Situated): OrderStep[] {
  const tried = facts.attemptCount > 0 || facts.paymentStatus !== 'created'
  return [
    { name: 'Created', state: tried ? 'done' : 'now' },
    { name: 'Tried', state: tried ? 'done' : 'open' },
    { name: 'Bank', state: bankState(facts, tried) },
    { name: 'Result', state: resultState(facts, situation) },
    { name: 'Refund', state: refundState(situation, refund !== null) },
  ]
}

function bankState({ paymentStatus }: ExplainFacts, tried: boolean): OrderStep['state'] {
  if (!tried) return 'open'
  if (paymentStatus === 'pending' || paymentStatus === 'unknown') return 'now'
  return paymentStatus === 'failed' ? 'failed' : 'done'
}

function resultState(
  { paymentStatus, unconfirmedSince }: ExplainFacts,
  situation: Situated['situation'],
): OrderStep['state'] {
  switch (paymentStatus) {
    case 'charged':
      return unconfirmedSince === null || situation === 'confirming_refund' ? 'done' : 'now'
    case 'voided':
      return 'done'
    case 'authorised':
      return 'now'
    case 'failed':
      return 'failed'
    case 'created':
    case 'pending':
    case 'unknown':
      return 'open'
  }
}

function refundState(situation: Situated['situation'], hasRefund: boolean): OrderStep['state'] {
  if (situation === 'auto_refunded' || situation.startsWith('refund_done')) return 'done'
  if (situation === 'refund_failed') return 'failed'
  return hasRefund ? 'now' : 'open'
}
