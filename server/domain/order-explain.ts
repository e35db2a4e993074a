/**
 * An order in plain words for the person on the phone: one sentence, what happens next and by when, what may be promised
 * and what not, and ready texts for the customer (journey S2). Pure: the same facts give the same words.
 */
import { sayPayment, type Said } from './explain-payment.ts'
import { sayRefund } from './explain-refund.ts'
import { situationOf, type ExplainFacts, type Situated, type Situation } from './order-situation.ts'
import { orderSteps, type OrderStep } from './order-steps.ts'
import { customerTexts, type CustomerTexts } from './order-tell.ts'
import type { TellLanguage } from './refund-tell.ts'

export type OrderExplanation = Said & {
  situation: Situation
  steps: OrderStep[]
  /** What to send the customer, by language. */
  customer: Record<TellLanguage, CustomerTexts>
}

/** Explains an order. Total: there is an explanation for whatever it may be in. */
export function explainOrder(facts: ExplainFacts, now: Date): OrderExplanation {
  const situated = situationOf(facts, now)
  return {
    situation: situated.situation,
    ...sayingOf(situated, facts, now),
    steps: orderSteps(facts, situated),
    customer: customerTexts(facts, situated, now),
  }
}

function sayingOf(situated: Situated, facts: ExplainFacts, now: Date): Said {
  return situated.refund === null
    ? sayPayment(situated.situation, facts, now)
    : sayRefund(situated.situation, situated.refund, facts.stops, now)
}
