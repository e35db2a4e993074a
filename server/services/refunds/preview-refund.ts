import type { StaffActor } from '../../domain/actor.ts'
import {
  lineFor,
  lineLeft,
  nearLine,
  type ApprovalPolicy,
  type PolicySubject,
} from '../../domain/approval-policy.ts'
import { attemptChoice } from '../../domain/charged-attempt.ts'
import { usedUpProblem, type DayLimit } from '../../domain/refund-limit.ts'
import { formBlockOf, leftMinorOf, unconfirmedBlock, type RefundBlock } from '../../domain/refund-block.ts'
import { destinationText } from '../../domain/refund-destination.ts'
import { stopHolding, stopTitle, type StopScope } from '../../domain/refund-stop.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import { confirmMoney } from './confirm-money.ts'
import { readAttempts, type ReadAttempts } from './order-attempts.ts'
import { approversFor } from './refund-facts.ts'
import { limitToday, nearLineToday } from './refund-limits.ts'

/** What the refund form shows before anything is asked for. */
export type RefundPreview = {
  orderId: string
  orderRef: string
  version: number
  currency: string
  /** What the customer paid. */
  amountMinor: bigint
  chargedAt: Date | null
  leftMinor: bigint
  destination: string
  customerName: string | null
  reasons: {
    code: string
    label: string
    /** Shortest note; 0 when none is needed. */
    noteMinLength: number
    /** As `approvalAboveMinor`, when this is the reason. */
    approvalAboveMinor: bigint | null
  }[]
  /** Above this a second person decides; null when that is so whatever the amount. */
  approvalAboveMinor: bigint | null
  needsApprovalAlways: boolean
  approvers: string[]
  /** Amounts just under the line, and how many of them this person refunded today without a second person. */
  nearLine: { overMinor: bigint; upToMinor: bigint; today: number }
  /** The tighter of the person's and the account's limit for today; null when there is none. */
  limit: DayLimit | null
  /** The newest refund of this order within the policy's window: the same amount again has to be confirmed. */
  sameAmountRecently: { amountMinor: bigint; at: Date; by: string } | null
  block: RefundBlock | null
  /** A stop that would hold this refund back: it can be asked for and waits. */
  stop: PreviewStop | null
  /** Of an order that was charged more than once: which attempt to give back. Null where there is no choice. */
  choice: {
    attempts: PreviewAttempt[]
    /** The one that is usually meant, and why. */
    usual: string
    why: string
  } | null
}

export type PreviewStop = { title: string; reason: string; by: string; until: Date | null }

/** One of several charges of an order. */
export type PreviewAttempt = {
  txnRef: string
  /** "Attempt 2". */
  number: number
  chargedMinor: bigint
  /** The most that can be asked for of it. */
  leftMinor: bigint
  destination: string
  at: Date | null
  stop: PreviewStop | null
}

const MINUTE_MS = 60_000

/** No rule is about this: the line of reasons that have no rule of their own. */
const NO_REASON = ''

const NOBODY_TO_APPROVE: RefundBlock = {
  code: 'limit_exceeded',
  message: 'Your refunds need approval, and nobody else here can approve refunds.',
}

/**
 * Answers what a person may ask for on an order and what will follow; asks Juspay first when webhooks alone vouch for
 * the money. @throws Refusal not_found
 */
export async function previewRefund(
  deps: Deps,
  actor: StaffActor,
  input: { orderId: string },
): Promise<RefundPreview> {
  const { store, clock } = deps
  const { accountId, userId, role } = actor
  await confirmMoney(deps, actor, input.orderId)
  const order = await store.orders.byId(accountId, input.orderId)
  if (order === null) throw new Refusal('not_found', 'There is no such order in this account.')
  const { rules } = await store.refundPolicies.current(accountId)
  const since = new Date(clock.now().getTime() - rules.sameAmountWindowMinutes * MINUTE_MS)
  const account = await store.accounts.byId(accountId)
  const { currency, chargedAt } = order
  const now = clock.now()
  const accountCurrency = account?.currency ?? currency
  const environment = account?.environment ?? null
  const subject = { currency, accountCurrency, role, chargedAt, now, environment }
  const plain = lineFor(rules, { ...subject, reason: NO_REASON })
  const [approvers, withoutApproval, recent, read, stops, limit, near] = await Promise.all([
    approversFor(store, accountId, userId),
    store.refundRequests.withoutApprovalMinor(order.id),
    store.refundRequests.newestSince(order.id, null, since),
    readAttempts(store, order),
    store.refundStops.inForce(accountId, now),
    limitToday(store, rules, actor, { currency, now }),
    nearLineToday(store, plain, actor, now),
  ])
  const always = plain.always || plain.aboveMinor === 0n
  const nobody = always && approvers.length === 0 ? NOBODY_TO_APPROVE : null
  return {
    orderId: order.id,
    orderRef: order.orderRef,
    version: order.version,
    currency: order.currency,
    amountMinor: order.chargedMinor,
    chargedAt: order.chargedAt,
    leftMinor: leftMinorOf(order),
    destination: destinationText(order),
    customerName: order.customerName,
    reasons: reasonsFor(rules, subject, withoutApproval),
    approvalAboveMinor: always ? null : lineLeft(plain, withoutApproval),
    needsApprovalAlways: always,
    approvers,
    nearLine: { ...nearLine(plain), today: near },
    limit,
    sameAmountRecently: recent,
    block: formBlockOf(order, read.refunds) ?? unconfirmedBlock(order) ?? usedUp(limit, currency) ?? nobody,
    stop: stopOf(stops, order.gateway),
    choice: choiceOf(order, read, stops),
  }
}

function stopOf(stops: readonly StopScope[], gateway: string | null): PreviewStop | null {
  const stop = stopHolding(stops, gateway)
  return stop && { title: stopTitle(stop), reason: stop.reason, by: stop.setByName, until: stop.expiresAt }
}

function choiceOf(
  order: StoredOrder,
  { transactions, attempts }: ReadAttempts,
  stops: readonly StopScope[],
): RefundPreview['choice'] {
  const choice = attemptChoice(order, transactions, attempts)
  if (choice === null) return null
  const orderLeft = leftMinorOf(order)
  const { usual, why } = choice
  return {
    usual,
    why,
    attempts: choice.attempts.map(({ txnRef, number, chargedMinor, leftMinor, paidWith, createdAt }) => ({
      txnRef,
      number,
      chargedMinor,
      leftMinor: leftMinor < orderLeft ? leftMinor : orderLeft,
      destination: destinationText(paidWith),
      at: createdAt,
      stop: stopOf(stops, paidWith.gateway),
    })),
  }
}

/** The reasons that can be chosen, each with the line that holds for it. */
function reasonsFor(
  rules: ApprovalPolicy,
  subject: Omit<PolicySubject, 'reason'>,
  withoutApproval: bigint,
): RefundPreview['reasons'] {
  return rules.reasons
    .filter(({ active }) => active)
    .map(({ code, label, noteMinLength }) => {
      const line = lineFor(rules, { ...subject, reason: code })
      const always = line.always || line.aboveMinor === 0n
      return {
        code,
        label,
        noteMinLength,
        approvalAboveMinor: always ? null : lineLeft(line, withoutApproval),
      }
    })
}

function usedUp(limit: DayLimit | null, currency: string): RefundBlock | null {
  const message = usedUpProblem(limit, currency)
  return message === null ? null : { code: 'limit_exceeded', message }
}
