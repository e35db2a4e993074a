/** The sentences about a payment, for the person on the phone: what happened, what is next, what may be promised. */
import { isOpenDispute } from './dispute.ts'
import { failureReason, failureWords } from './failure-reason.ts'
import { formatMoney } from './money.ts'
import type { ExplainFacts, PaymentSituation } from './order-situation.ts'
import { describeStatus } from './payment-status.ts'
import { DAY_MS, isDayOver } from './refund-clock.ts'
import { dayText } from './refund-tell.ts'

/** Banks reverse debits of failed payments within five days (RBI circular DPSS.CO.PD No. 629, 20 September 2019). */
const BANK_REVERSAL_MS = 5 * DAY_MS

/** By when a bank has reversed what it took for a payment that failed. */
export function reversedBy(createdAt: Date): Date {
  return new Date(createdAt.getTime() + BANK_REVERSAL_MS)
}

export type Said = {
  /** What happened, in one sentence. */
  sentence: string
  /** `day`: counted in days, so that the hour says nothing. */
  next: { text: string; at: Date | null; day?: boolean }
  /** What the agent may promise. */
  promise: string
  /** What must not be promised; null when there is nothing to warn of. */
  avoid: string | null
}

type Context = ExplainFacts & { money: string; charged: string; day: string; now: Date }
type Saying = (context: Context) => Said

/** Something that has no known time. */
export function never(text: string): Said['next'] {
  return { text, at: null }
}

/** What is said about the payment of an order. */
export function sayPayment(situation: PaymentSituation, facts: ExplainFacts, now: Date): Said {
  const { currency } = facts
  return SAYINGS[situation]({
    ...facts,
    now,
    money: formatMoney({ minor: facts.amountMinor, currency }),
    charged: formatMoney({ minor: facts.chargedMinor, currency }),
    day: dayText(facts.chargedAt ?? facts.createdAt, 'en'),
  })
}

const NO_TWICE = 'That the payment went through, or that it failed. The customer should not pay again yet.'

const OF_PAYMENT = {
  not_paid: ({ money }) => ({
    sentence: `The order of ${money} exists and nobody has paid it yet.`,
    next: never('It waits for the customer.'),
    promise: 'Nothing was taken for this order.',
    avoid: null,
  }),
  cash_on_delivery: ({ money }) => ({
    sentence: `The customer chose to pay ${money} on delivery.`,
    next: never('It is paid when the parcel arrives.'),
    promise: 'Nothing was taken online.',
    avoid: null,
  }),
  paying: ({ money, providerStatus, nextCheckAt }) => ({
    sentence: `A payment of ${money} is under way: ${lowered(describeStatus(providerStatus).plain)}.`,
    next: { text: 'We ask Juspay again by ourselves.', at: nextCheckAt },
    promise: 'That we are waiting for the bank and will know.',
    avoid: NO_TWICE,
  }),
  stuck: ({ money, providerStatus, nextCheckAt }) => ({
    sentence: `The payment of ${money} has had no outcome for too long: ${lowered(describeStatus(providerStatus).plain)}.`,
    next: { text: 'We keep asking Juspay; Check status asks now.', at: nextCheckAt },
    promise: 'That we keep asking the bank.',
    avoid: NO_TWICE,
  }),
  held: ({ money, methodLabel }) => ({
    sentence: `${money} is held on ${methodLabel ?? 'the customer’s account'} and has not been taken.`,
    next: never('It is taken or released at Juspay.'),
    promise: 'The money is reserved, not taken.',
    avoid: 'A date on which it is taken or released.',
  }),
  hold_in_review: ({ money, providerStatus }) => ({
    sentence: `${describeStatus(providerStatus).plain} at Juspay: ${money} is still held.`,
    next: never('Operations takes or releases it at Juspay.'),
    promise: 'That we are looking into it.',
    avoid: 'That the money was taken, or released.',
  }),
  releasing: ({ money }) => ({
    sentence: `The hold of ${money} is being released; nothing was taken.`,
    next: never('The gateway confirms the release.'),
    promise: 'Nothing was taken.',
    avoid: 'A date: the bank decides when it stops showing.',
  }),
  released: ({ money }) => ({
    sentence: `The hold of ${money} was released; nothing was taken.`,
    next: never('Nothing more happens here.'),
    promise: 'Nothing was taken.',
    avoid: 'A date: the bank decides when it stops showing.',
  }),
  failed: (context) => ({
    sentence: `The payment of ${context.money} failed: ${failureWords(failureReason(context), 'en')}. No money reached us.`,
    next: nextOfFailed(context),
    promise: 'We have not received this money, and the customer can pay again.',
    avoid: 'That we pay back a debit: it is between the customer and the bank.',
  }),
  charged: ({ charged, day, methodLabel }) => ({
    sentence: `The payment of ${charged} succeeded on ${day}${methodLabel === null ? '' : ` with ${methodLabel}`}.`,
    next: never('Nothing is open.'),
    promise: 'The payment has arrived.',
    avoid: null,
  }),
  partly_charged: ({ charged, money, day }) => ({
    sentence: `${charged} of ${money} was taken on ${day}.`,
    next: never('Operations looks into the rest.'),
    promise: `${charged} has arrived.`,
    avoid: 'That the whole amount has arrived.',
  }),
  auto_refunded: ({ charged }) => ({
    sentence: `Juspay returned ${charged} by its own rules; it was never a sale.`,
    next: never('The bank shows it, usually in 5 to 7 working days.'),
    promise: 'The money was returned.',
    avoid: 'That the order is paid.',
  }),
} satisfies Partial<Record<PaymentSituation, Saying>>

const OF_TROUBLE = {
  amount_unknown: ({ providerStatus, nextCheckAt }) => ({
    sentence: `The status is ${describeStatus(providerStatus).label}, and nobody has told us the amount yet.`,
    next: { text: 'We ask Juspay.', at: nextCheckAt },
    promise: 'That we are checking.',
    avoid: 'Any amount, and that the payment has arrived or failed.',
  }),
  confirming: ({ money, charged, chargedMinor, paymentStatus, nextCheckAt }) => ({
    // A hold that was released was never paid, and a surcharge, an offer or a part changes what was.
    sentence: `A webhook says that ${
      paymentStatus === 'voided'
        ? `the hold of ${money} was released`
        : `${chargedMinor > 0n ? charged : money} was paid`
    }; Juspay has not confirmed it yet.`,
    next: { text: 'We ask Juspay.', at: nextCheckAt },
    promise: 'That we are confirming the payment.',
    avoid: 'That the payment has arrived, and any refund.',
  }),
  doubted: ({ money, nextCheckAt }) => ({
    sentence: `A webhook claims a payment of ${money} that Juspay does not confirm.`,
    next: { text: 'Operations looks into it, and we keep asking Juspay.', at: nextCheckAt },
    promise: 'That we are checking.',
    avoid: 'That the payment has arrived, and any refund.',
  }),
  missing: () => ({
    sentence: 'Juspay says that it does not know this order.',
    next: never('Operations compares it with Juspay’s portal.'),
    promise: 'That we are checking.',
    avoid: 'Anything about the money.',
  }),
  conflicting: (context) => ({
    sentence: `Our record and Juspay disagree: ${lowered(findingOf(context, 'status_conflict'))}`,
    next: never('Operations decides which is right.'),
    promise: 'That we are checking.',
    avoid: 'That the payment went through, or that it failed.',
  }),
  in_question: (context) => ({
    sentence: `What is recorded about refunds of this order is in question: ${context.openFindings
      .filter(({ kind }) => kind.startsWith('refund_') || kind === 'over_refunded')
      .map(({ detail }) => detail)
      .slice(0, 1)
      .join(' ')}`.trim(),
    next: never('Finance resolves it under Reconciliation.'),
    promise: 'That we are checking the refund.',
    avoid: 'That a refund has been paid, or its date.',
  }),
  late_success: ({ charged, autoRefundDueAt, now }) => ({
    sentence: `The payment failed first and ${charged} was charged long after.`,
    next:
      autoRefundDueAt !== null && autoRefundDueAt > now
        ? { text: 'Juspay may return it by itself; wait for that before a refund.', at: autoRefundDueAt }
        : never('Juspay has not returned it by itself; refund it, or keep it as a sale.'),
    promise: 'That the payment came late and we are looking into it.',
    avoid: 'That it comes back, or that it stays, until one of both is decided.',
  }),
  double_charge: ({ charged, chargeCount }) => ({
    sentence: `The customer was charged ${chargeCount} times on this order, ${charged} in all.`,
    next: never('Juspay may return the extra payment by itself; if not, refund it.'),
    promise: 'That we saw the extra payment and are looking into it.',
    avoid: 'A refund or its date before one is approved.',
  }),
  disputed: (context) => {
    const open = context.disputes.filter(({ status }) => isOpenDispute(status))
    const dueAt = earliest(open.flatMap((dispute) => dispute.dueAt ?? []))
    return {
      sentence: `The customer’s bank disputes ${disputedMoney(open, context)} of this payment.`,
      next:
        dueAt !== null && dueAt <= context.now
          ? { text: 'The bank decides; the time to send it evidence has passed:', at: dueAt }
          : { text: 'Answer the bank with evidence; it decides.', at: dueAt },
      promise: 'That the bank decides about the money.',
      avoid: 'A refund: the customer could be paid twice.',
    }
  },
  dispute_lost: (context) => {
    const lost = context.disputes.filter(({ status }) => status === 'resolved_customer')
    return {
      sentence: `The bank decided the dispute about ${disputedMoney(lost, context)} for the customer and returns the money itself.`,
      next: never('The bank pays the customer.'),
      promise: 'That the bank has decided for them.',
      avoid: 'A date, and a refund from us on top.',
    }
  },
} satisfies Partial<Record<PaymentSituation, Saying>>

function nextOfFailed({ createdAt, now }: Context): Said['next'] {
  const at = reversedBy(createdAt)
  if (isDayOver(at, now))
    return never(
      'A debit should have been reversed by now (RBI rule: 5 days). If the account still shows one, the customer asks the bank.',
    )
  return {
    text: 'If the customer’s account shows a debit, banks reverse it by themselves, normally within 5 days (RBI rule).',
    at,
    day: true,
  }
}

/** What the disputes are about together; one that names no amount is about the whole payment. */
function disputedMoney(disputes: ExplainFacts['disputes'], { money, currency }: Context): string {
  const amounts = disputes.flatMap(({ amountMinor }) => amountMinor ?? [])
  if (amounts.length < disputes.length) return money
  return formatMoney({ minor: amounts.reduce((sum, amount) => sum + amount, 0n), currency })
}

function earliest(instants: readonly Date[]): Date | null {
  return instants.toSorted((a, b) => Number(a) - Number(b))[0] ?? null
}

function sayUnknown({ providerStatus }: Context): Said {
  return {
    sentence: `Juspay uses a status that we do not know: ${providerStatus}.`,
    next: never('We keep asking; Check status asks now.'),
    promise: 'That we are checking.',
    avoid: 'Anything about the money.',
  }
}

const SAYINGS: Readonly<Record<PaymentSituation, Saying>> = {
  ...OF_PAYMENT,
  ...OF_TROUBLE,
  unknown: sayUnknown,
}

function findingOf({ openFindings }: Context, kind: string): string {
  return openFindings.find((finding) => finding.kind === kind)?.detail ?? 'the status differs.'
}

/** As the middle of a sentence; abbreviations such as "UPI" keep their letters. */
export function lowered(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
