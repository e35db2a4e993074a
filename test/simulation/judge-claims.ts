/** Rules about the moment a refund leaves: what must hold when it is claimed (Tx C) and when it is called for. */
import { FRESH_MS, LEASE_MS, SAME_AMOUNT_GAP_MS } from '../../server/domain/refund-answer.ts'
import { dayInIndia } from '../../server/domain/refund-limit.ts'
import type { RefundCall } from '../../server/juspay/client.ts'
import { after, before, destinationOf, rowsAfter, type Claim, type JudgeState } from './judge-state.ts'
import type { RefundRow, Transaction } from './memory-database.ts'
import { paidOut, type LedgerRefund } from './provider.ts'
import type { Host } from './scheduler.ts'

/** A claim is the promise that what was agreed to still holds (Tx C): everything is checked again here. */
export function judgeClaim(
  state: JudgeState,
  transaction: Transaction,
  row: RefundRow,
  was: RefundRow | undefined,
): void {
  const { database, say, barred, claims, asked, provider, lagMs, skewMs } = state
  const at = row.lastSentAt?.getTime() ?? 0
  const request = after(database, transaction, 'refundRequests', row.refundRequestId ?? '')
  const order = after(database, transaction, 'orders', row.orderId)
  claims.push({
    key: row.uniqueRequestId,
    orderId: row.orderId,
    host: transaction.host,
    life: transaction.life,
    at,
    sent: false,
    ended: false,
  })
  if (request === undefined || order === undefined) {
    say('I4', `${row.uniqueRequestId} has no request`)
    return
  }
  const what = `${row.uniqueRequestId} was sent`
  if (request.status !== 'approved') say('I8', `${what} while its request is ${request.status}`)
  if (request.expiresAt.getTime() <= at) say('I8', `${what} after its approval had lapsed`)
  if (request.amountMinor !== row.amountMinor) say('I5', `${what} with another amount`)
  for (const person of [request.requestedBy, request.decidedBy])
    if (person !== null && (barred.get(person) ?? Infinity) + skewMs < at)
      say('I8', `${what} for one who may not`)
  const { orderRef } = order.order
  const gateway = destinationOf(order, request.txnRef)
  if (before(database, 'orders', order.id)?.unconfirmedSince != null)
    say('W16', `${what} of money that only a webhook claims`)
  const agreedTo = state.agreed.get(request.id)
  if (agreedTo !== undefined && gateway !== agreedTo) say('I8', `${what} to another destination than agreed`)
  if ((asked.get(orderRef) ?? 0) < at - FRESH_MS - skewMs) say('C17', `${what} without a fresh look`)
  judgeSpacing(state, row, was, at)
  if (row.sendCount === 1) judgeDay(state, transaction, row, at)
  // Setting a stop waits for claims that share its lock: one that is committed was there before this claim.
  for (const stop of database.tables.stops.rows.values())
    if (stop.liftedAt === null && (stop.gateway ?? gateway) === gateway)
      say('C25', `${what} although refunds were stopped`)
  const ledger = provider.orders.get(orderRef)
  if (ledger === undefined) return
  const knowable = at - FRESH_MS - lagMs - skewMs
  const [first] = ledger.charges
  const charge = ledger.charges.find(({ txnRef }) => txnRef === request.txnRef) ?? first
  if (charge === undefined) return
  const listed = ({ by, txnRef }: LedgerRefund): boolean =>
    ledger.listsReturns || by !== 'AUTO_REFUNDED' || txnRef === first?.txnRef
  const known = ledger.refunds.filter(
    (one) =>
      one.txnRef === charge.txnRef &&
      one.at < knowable &&
      !one.flipped &&
      one.key !== row.uniqueRequestId &&
      listed(one),
  )
  if (paidOut(known) + row.amountMinor > charge.minor)
    say('I1', `${what} although the money had gone back elsewhere`)
}

/** I10: what is sent for the first time on one day stays within that day's limit. */
function judgeDay(
  { database, dayLimitMinor, say }: JudgeState,
  transaction: Transaction,
  row: RefundRow,
  at: number,
): void {
  if (dayLimitMinor === null) return
  const day = dayInIndia(new Date(at))
  let total = 0n
  for (const { origin, status, firstSentAt, amountMinor } of rowsAfter(database, transaction, 'refunds')) {
    // What came to nothing has given back its part of the day.
    if (origin !== 'paydesk' || status === 'failed' || status === 'rejected') continue
    if (firstSentAt !== null && dayInIndia(firstSentAt) === day) total += amountMinor
  }
  if (total > dayLimitMinor)
    say('I10', `${row.uniqueRequestId} makes ${total} sent on ${day}, of ${dayLimitMinor}`)
}

/** Juspay's 5 s rule between calls of one amount, with our margin. */
function judgeSpacing(
  { database, say }: JudgeState,
  row: RefundRow,
  was: RefundRow | undefined,
  at: number,
): void {
  for (const other of database.tables.refunds.rows.values()) {
    if (other.orderId !== row.orderId || other.amountMinor !== row.amountMinor) continue
    const last = (other.id === row.id ? was : other)?.lastSentAt ?? null
    if (last !== null && at - last.getTime() < SAME_AMOUNT_GAP_MS)
      say(
        'spacing',
        `${row.uniqueRequestId} was sent ${at - last.getTime()} ms after a call of the same amount`,
      )
  }
}

/** Judges a call as it leaves; answers what ends it. */
export function judgeCall(state: JudgeState, call: RefundCall, host: Host): () => void {
  const { database, say, now } = state
  const key = call.uniqueRequestId
  const row = [...database.tables.refunds.rows.values()].find((one) => one.uniqueRequestId === key)
  const claim = state.claims.find(
    (one) =>
      one.key === key && one.host === host && one.life === host.life && !one.sent && isCommitted(row, one),
  )
  if (claim === undefined) {
    say('I6', `${key} left without a claim that was committed before`)
    return () => undefined
  }
  claim.sent = true
  if (row !== undefined && row.amountMinor !== call.amountMinor)
    say('I5', `${key} was called for with ${call.amountMinor} instead of ${row.amountMinor}`)
  const request = database.tables.refundRequests.rows.get(row?.refundRequestId ?? '')
  if (request !== undefined && request.txnRef !== (call.txnRef ?? null))
    say('I5', `${key} was called for out of ${call.txnRef}, and approved out of ${request.txnRef}`)
  const inLease = (one: Claim): boolean => now() - one.at < LEASE_MS - state.skewMs
  const arrived = new Set(state.provider.orders.get(call.orderRef)?.refunds.map((refund) => refund.key))
  // A call that Juspay has taken is over, whatever became of its answer.
  const inAir = (one: Claim): boolean => one.sent && !one.ended && inLease(one) && !arrived.has(one.key)
  const beside = state.claims.find((one) => one !== claim && one.orderId === claim.orderId && inAir(one))
  if (beside !== undefined && inLease(claim))
    say('one call', `${key} left while ${beside.key} was in the air`)
  return () => {
    claim.ended = true
  }
}

/** The claim is in a row that was committed: its time is not later than the last one there. */
function isCommitted(row: RefundRow | undefined, claim: Claim): boolean {
  return row !== undefined && (row.lastSentAt?.getTime() ?? 0) >= claim.at
}
