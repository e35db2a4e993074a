/** The sentences about a refund, for the person on the phone. */
import { lowered, never, type Said } from './explain-payment.ts'
import { formatMoney } from './money.ts'
import type { RefundSituation } from './order-situation.ts'
import { isDayOver, REVIEW_AFTER_MS } from './refund-clock.ts'
import { creditBy, referenceOf, refundWhere, shownBy, type RefundFacts } from './refund-display.ts'
import { heldOf } from './refund-held.ts'
import type { StopScope } from './refund-stop.ts'
import { dayText } from './refund-tell.ts'

type Context = {
  refund: RefundFacts
  amount: string
  where: string
  /** When the money should be there, as told or as promised. */
  expectedAt: Date
  sentOn: string
  reviewAt: Date
  now: Date
}

/**
 * What is said about a refund.
 * @param stops of refunds in force on its account
 */
export function sayRefund(
  situation: RefundSituation,
  refund: RefundFacts,
  stops: readonly StopScope[],
  now: Date,
): Said {
  const sentAt = refund.sentAt ?? refund.requestedAt
  return SAYINGS[situation]({
    refund,
    amount: formatMoney({ minor: refund.amountMinor, currency: refund.currency }),
    where: heldOf(refund, stops, now)?.brief ?? refundWhere(refund, now),
    expectedAt: creditBy(refund, now),
    sentOn: dayText(sentAt, 'en'),
    reviewAt: new Date(sentAt.getTime() + REVIEW_AFTER_MS),
    now,
  })
}

const SHOWS_BY = 'The bank should show it by'

const SAYINGS: Readonly<Record<RefundSituation, (context: Context) => Said>> = {
  refund_waiting: ({ amount, refund }) => ({
    sentence: `A refund of ${amount} is asked for and waits for a second person.`,
    next: { text: 'Somebody approves or rejects it.', at: refund.expiresAt },
    promise: 'That the refund is being decided.',
    avoid: 'That it will be paid, or a date.',
  }),
  refund_held: ({ amount, where }) => ({
    sentence: `A refund of ${amount} is approved and has not been sent. ${where}.`,
    next: never('It is sent by itself when nothing keeps it back.'),
    promise: 'That it is approved and not sent yet.',
    avoid: 'A date, or that it has been started.',
  }),
  refund_queued: ({ amount, where, expectedAt }) => ({
    sentence: `A refund of ${amount} is approved. ${where}.`,
    next: { text: SHOWS_BY, at: expectedAt, day: true },
    promise: 'That the refund has been started.',
    avoid: 'That it has been paid.',
  }),
  refund_pending: ({ amount, sentOn, expectedAt }) => ({
    sentence: `A refund of ${amount} was sent on ${sentOn} and is with the gateway.`,
    next: { text: SHOWS_BY, at: expectedAt, day: true },
    promise: 'That it was sent, and the expected date.',
    avoid: 'That it has been paid.',
  }),
  refund_late: ({ amount, sentOn, reviewAt, now }) => ({
    sentence: `A refund of ${amount}, sent on ${sentOn}, takes longer than promised.`,
    next:
      reviewAt > now
        ? { text: 'Juspay passes it to a person if it stays pending.', at: reviewAt }
        : never('Juspay should have passed it to a person by now. Ask the gateway about it.'),
    promise: 'That we are asking the bank about it.',
    avoid: 'A new date.',
  }),
  refund_failed: ({ amount, where }) => ({
    sentence: `A refund of ${amount} did not go through: ${lowered(where)}.`,
    next: never('Ask for it again with Refund; it goes out as a new refund.'),
    promise: 'That the bank could not pay it and we arrange it again.',
    avoid: 'A date before the new refund is sent.',
  }),
  refund_review: ({ amount }) => ({
    sentence: `A refund of ${amount} needs review: Juspay cannot tell what the gateway did.`,
    next: never('Finance asks the gateway and writes down what it says.'),
    promise: 'That we are checking with the bank.',
    avoid: 'That it was paid or that it failed, and a second refund.',
  }),
  refund_unknown: ({ amount }) => ({
    sentence: `A refund of ${amount} was sent and we do not know yet if Juspay has it.`,
    next: never('We keep asking; it is not sent twice.'),
    promise: 'That we are checking.',
    avoid: 'That it was paid or that it failed, and a second refund.',
  }),
  auto_refund_running: ({ amount, expectedAt }) => ({
    sentence: `Juspay is returning ${amount} by its own rules.`,
    next: { text: SHOWS_BY, at: expectedAt, day: true },
    promise: 'That the money is on its way back.',
    avoid: 'A refund from us on top.',
  }),
  confirming_refund: ({ amount, refund }) => ({
    sentence: `A webhook says that the refund of ${amount} ${
      refund.refundStatus === 'succeeded' ? 'went through' : 'failed'
    }; Juspay has not confirmed it yet.`,
    next: never('We ask Juspay, usually within a minute.'),
    promise: 'That the refund was sent and we are confirming how it ended.',
    avoid: 'That it was paid or that it failed, and a second refund.',
  }),
  refund_done: (context) => sayPaid('We refunded', context),
  refund_done_with_reference: (context) => sayPaid('We refunded', context),
  auto_refunded: (context) => sayPaid('Juspay returned', context),
}

function sayPaid(who: string, { refund, amount, now }: Context): Said {
  const reference = referenceOf(refund)
  const settledAt = refund.settledAt ?? refund.changedAt
  return {
    sentence: `${who} ${amount} on ${dayText(settledAt, 'en')}${reference === null ? '' : `, bank reference ${reference}`}.`,
    next: nextOfPaid(shownBy(refund), reference, now),
    promise:
      reference === null
        ? 'That it was paid back; the bank reference follows.'
        : 'That it was paid back, and the bank reference to ask the bank with.',
    avoid: null,
  }
}

function nextOfPaid(by: Date, reference: string | null, now: Date): Said['next'] {
  if (!isDayOver(by, now)) return { text: SHOWS_BY, at: by, day: true }
  return never(
    reference === null
      ? 'The bank should show it by now. If it does not, ask the gateway for the bank reference.'
      : 'The bank should show it by now. If it does not, the bank can find it with the reference.',
  )
}
