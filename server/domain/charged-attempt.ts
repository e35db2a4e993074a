/**
 * Orders of which several attempts took money: what is left of each, and which of them a refund gives back.
 *
 * A refund belongs to the attempt that Juspay names, else to the one it was asked for. One that names none is counted
 * against the attempt that decides the order, which is what Juspay takes when it is told no `txn_id` (API reference
 * §5.1, §4.3), as far as something of it is left, then against the others, the latest first. Attempts that Juspay has
 * returned by its own rules have nothing left, and take its auto refunds that name none.
 */
import { formatMoney } from './money.ts'
import type { OrderRecord } from './order.ts'
import type { RefundBlock } from './refund-block.ts'
import type { PaidWith } from './refund-destination.ts'
import type { RefundFacts } from './refund-display.ts'
import { returnsNothing, type RefundOrigin, type RefundPart, type RefundStatus } from './refund.ts'
import {
  chargedOf,
  chargedOnes,
  decidingTransaction,
  inTime,
  takenBy,
  takenTogether,
  type TransactionRecord,
} from './transaction.ts'

/** Money that went back, is on its way or is asked for; minor units. `txnRef` null: it names no attempt. */
export type Commitment = { txnRef: string | null; minor: bigint; auto: boolean }

/** A charged attempt and its part of the balance, in minor units. */
export type ChargedAttempt = {
  txnRef: string
  /** Counts all attempts of the order in the order they were made: "Attempt 2". */
  number: number
  createdAt: Date | null
  chargedMinor: bigint
  /** Given back, on its way or asked for. */
  committedMinor: bigint
  /** What may still be asked for of it; never negative. */
  leftMinor: bigint
  /** How much more than was charged is committed; never negative. */
  excessMinor: bigint
  /** Juspay has returned it by its own rules. */
  returned: boolean
  paidWith: PaidWith
}

type Priced = Pick<OrderRecord, 'amountMinor' | 'effectiveAmountMinor' | 'providerStatus'>

/** The charged attempts of an order, in the order they were made, with what is left of each. */
export function chargedAttempts(
  order: Priced,
  transactions: readonly TransactionRecord[],
  commitments: readonly Commitment[],
): ChargedAttempt[] {
  const all = transactions.toSorted(inTime)
  const charged = chargedOnes(all)
  const books = new Map(charged.map((one) => [one.txnRef, new Book(one, priceOf(order, charged, one))]))
  const deciding = decidingTransaction(all)?.txnRef
  let unnamedMinor = 0n
  let unnamedAutoMinor = 0n
  for (const { txnRef, minor, auto } of commitments) {
    const book = txnRef === null ? undefined : books.get(txnRef)
    if (book !== undefined) book.take(minor, auto)
    else if (auto) unnamedAutoMinor += minor
    else unnamedMinor += minor
  }
  const latestFirst = [...books.values()].reverse()
  for (const book of latestFirst) unnamedAutoMinor = book.absorb(unnamedAutoMinor)
  const turn = latestFirst.toSorted((a, b) => Number(b.is(deciding)) - Number(a.is(deciding)))
  let rest = unnamedMinor + unnamedAutoMinor
  for (const book of turn) rest = book.fill(rest)
  turn[0]?.take(rest, false)
  return [...books.values()].map((book) => book.attempt(all))
}

/** Of a single charge the order knows better than the attempt (offers, surcharge: §3.5). */
function priceOf(order: Priced, charged: readonly TransactionRecord[], one: TransactionRecord): bigint {
  if (charged.length === 1) return chargedOf(order, charged, order.providerStatus).chargedMinor
  return takenBy(one, order.amountMinor)
}

/** One attempt while commitments are counted against it. */
class Book {
  readonly #transaction: TransactionRecord
  readonly #chargedMinor: bigint
  readonly #returned: boolean
  #minor = 0n
  #autoMinor = 0n

  constructor(transaction: TransactionRecord, chargedMinor: bigint) {
    this.#transaction = transaction
    this.#chargedMinor = chargedMinor
    this.#returned = transaction.providerStatus === 'AUTO_REFUNDED'
  }

  is(txnRef: string | undefined): boolean {
    return this.#transaction.txnRef === txnRef
  }

  /** A returned attempt has gone back in full, even when no refund says so yet. */
  get #committed(): bigint {
    const auto = this.#returned && this.#autoMinor < this.#chargedMinor ? this.#chargedMinor : this.#autoMinor
    return this.#minor + auto
  }

  take(minor: bigint, auto: boolean): void {
    if (auto) this.#autoMinor += minor
    else this.#minor += minor
  }

  /** Takes an auto refund that names no attempt, as far as this one was returned by one; answers the rest. */
  absorb(minor: bigint): bigint {
    if (!this.#returned || this.#autoMinor >= this.#chargedMinor) return minor
    const share = least(minor, this.#chargedMinor - this.#autoMinor)
    this.#autoMinor += share
    return minor - share
  }

  /** Takes as much as is left; answers the rest. */
  fill(minor: bigint): bigint {
    const left = this.#chargedMinor - this.#committed
    if (left <= 0n) return minor
    const share = least(minor, left)
    this.#minor += share
    return minor - share
  }

  attempt(all: readonly TransactionRecord[]): ChargedAttempt {
    const { txnRef, createdAt, ...paidWith } = this.#transaction
    const { gateway, methodType, method, cardBrand, cardLast4, payerVpa } = paidWith
    const left = this.#chargedMinor - this.#committed
    return {
      txnRef,
      number: all.indexOf(this.#transaction) + 1,
      createdAt,
      chargedMinor: this.#chargedMinor,
      committedMinor: this.#committed,
      leftMinor: left > 0n ? left : 0n,
      excessMinor: left < 0n ? -left : 0n,
      returned: this.#returned,
      paidWith: { gateway, methodType, method, cardBrand, cardLast4, payerVpa },
    }
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

type Given = {
  status: RefundStatus
  origin: RefundOrigin
  amountMinor: bigint
  txnRef: string | null
  parts: readonly RefundPart[]
  refundRequestId: string | null
}
type Asked = { id: string; status: string; amountMinor: bigint; txnRef: string | null }

/** What the refunds and waiting requests of an order commit; the same money that its balance counts. */
export function commitmentsOf(refunds: readonly Given[], requests: readonly Asked[]): Commitment[] {
  const askedFor = new Map(requests.map(({ id, txnRef }) => [id, txnRef]))
  return [
    ...requests
      .filter(({ status }) => status === 'pending_approval')
      .map(({ amountMinor, txnRef }) => ({ txnRef, minor: amountMinor, auto: false })),
    ...refunds
      .filter(({ status }) => !returnsNothing(status))
      .flatMap((refund) => commitmentsOfRefund(refund, askedFor.get(refund.refundRequestId ?? '') ?? null)),
  ]
}

/** A refund that Juspay divided counts by its parts; what they do not add up to names no attempt. */
function commitmentsOfRefund(
  { amountMinor, txnRef, parts, origin }: Given,
  askedFor: string | null,
): Commitment[] {
  const auto = origin === 'auto'
  if (parts.length === 0) return [{ txnRef: txnRef ?? askedFor, minor: amountMinor, auto }]
  let rest = amountMinor
  const told = parts.map((part): Commitment => {
    const minor = least(BigInt(part.amountMinor ?? 0), rest)
    rest -= minor
    return { txnRef: part.txnRef, minor, auto }
  })
  return rest > 0n ? [...told, { txnRef: null, minor: rest, auto }] : told
}

/** The charges of an order of which more was taken than it costs; null when the customer paid once. */
export function paidTwice(
  amountMinor: bigint,
  transactions: readonly TransactionRecord[],
): TransactionRecord[] | null {
  const kept = chargedOnes(transactions).filter(({ providerStatus }) => providerStatus !== 'AUTO_REFUNDED')
  // Several instruments that together pay the order once are no double charge.
  return kept.length > 1 && takenTogether(kept, amountMinor) > amountMinor ? kept : null
}

/** The attempts among which a refund has to choose, and the one that is usually meant. */
export type AttemptChoice = { attempts: ChargedAttempt[]; usual: string; why: string }

/**
 * Whether a refund of the order has to say which attempt it gives back: only when the customer paid more than once. Of
 * an order paid with several instruments Juspay divides a refund itself.
 */
export function attemptChoice(
  order: Priced,
  transactions: readonly TransactionRecord[],
  attempts: readonly ChargedAttempt[],
): AttemptChoice | null {
  if (paidTwice(order.amountMinor, transactions) === null) return null
  const kept = attempts.filter(({ returned }) => !returned)
  const latest = kept.at(-1)
  if (latest === undefined) return null
  const usual = kept.findLast(({ leftMinor }) => leftMinor > 0n) ?? latest
  const times = kept.length === 2 ? 'twice' : `${kept.length} times`
  const why =
    usual === latest
      ? `The order was charged ${times}. Attempt ${usual.number} is the later charge, so it is the surplus one.`
      : `The order was charged ${times}. Nothing is left of attempt ${latest.number}.`
  return { attempts: kept, usual: usual.txnRef, why }
}

export type AttemptRefusal = RefundBlock & { hint: string | null }

/** Why a refund of `txnRef` (null: of no attempt in particular) cannot be asked for; null when it can. */
export function attemptProblem(
  choice: AttemptChoice | null,
  attempts: readonly ChargedAttempt[],
  asked: { txnRef: string | null; amountMinor: bigint; currency: string },
): AttemptRefusal | null {
  const { txnRef, amountMinor, currency } = asked
  if (txnRef === null) {
    if (choice === null) return null
    const message = `This order was charged ${choice.attempts.length} times. Choose the attempt to give back.`
    return { code: 'attempt_needed', message, hint: choice.why }
  }
  const named = attempts.find((one) => one.txnRef === txnRef)
  if (named === undefined || named.returned) {
    const hint = 'Choose one that was charged.'
    return { code: 'invalid_input', message: 'This attempt took no money that can be given back.', hint }
  }
  if (choice === null && attempts.filter(({ returned }) => !returned).length > 1) {
    const message = 'This order was paid with several instruments. Juspay divides a refund among them.'
    return { code: 'invalid_input', message, hint: 'Ask for it without an attempt.' }
  }
  if (amountMinor <= named.leftMinor) return null
  const message =
    named.leftMinor === 0n
      ? `Nothing is left of attempt ${named.number}.`
      : `Amount must be ${formatMoney({ minor: named.leftMinor, currency })} or less.`
  return { code: 'amount_exceeds_left', message, hint: `That is what is left of attempt ${named.number}.` }
}

/**
 * Why a refund already set aside must not go out of the attempt it names any more; null when it may, and for a refund
 * that names none.
 */
export function attemptOverdrawn(
  attempts: readonly ChargedAttempt[],
  txnRef: string | null,
  currency: string,
): string | null {
  if (txnRef === null) return null
  const named = attempts.find((one) => one.txnRef === txnRef)
  if (named === undefined) return 'The attempt that was to be given back no longer counts as charged.'
  if (named.returned) return `Juspay has returned attempt ${named.number} by itself.`
  if (named.excessMinor === 0n) return null
  const excess = formatMoney({ minor: named.excessMinor, currency })
  return `Other refunds leave ${excess} less of attempt ${named.number} than is asked for.`
}

type Told = Pick<
  RefundFacts,
  'requestId' | 'requestStatus' | 'refundStatus' | 'origin' | 'amountMinor' | 'txnRef' | 'parts'
>

/** As {@link commitmentsOf}, from the rows that screens list: a request and what was made of it are one row there. */
export function commitmentsOfFacts(facts: readonly Told[]): Commitment[] {
  const requests = new Map<string, Asked>()
  const refunds: Given[] = []
  for (const { requestId, requestStatus, refundStatus, ...row } of facts) {
    if (refundStatus !== null) refunds.push({ ...row, status: refundStatus, refundRequestId: null })
    // One that came back to be decided again waits, whatever became of its earlier try.
    if (requestId !== null && requestStatus === 'pending_approval')
      requests.set(requestId, { ...row, id: requestId, status: requestStatus })
  }
  return commitmentsOf(refunds, [...requests.values()])
}
