/** The judgement when everything has come to rest: Juspay's ledger and our books, line by line. */
import type { Broken } from './judge-state.ts'
import { sumsOf } from './judge-balance.ts'
import type { Database, RefundRow } from './memory-database.ts'
import type { LedgerOrder, LedgerRefund, Provider } from './provider.ts'

const WORDS: Readonly<Record<LedgerRefund['word'], RefundRow['status']>> = {
  PENDING: 'pending',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  MANUAL_REVIEW: 'manual_review',
}

/** What a person meant by one gesture, whatever keys and tries it took. */
export type Gesture = { id: string; clientKeys: Set<string> }

/** Everything that is wrong at the end. */
export function judgeEnd(
  database: Database,
  provider: Provider,
  gestures: readonly Gesture[],
  say: (rule: Broken['rule'], detail: string) => void,
): void {
  const refunds = [...database.tables.refunds.rows.values()]
  const requests = [...database.tables.refundRequests.rows.values()]
  const byKey = new Map(refunds.map((row) => [row.uniqueRequestId, row]))
  for (const order of provider.orders.values()) {
    for (const refund of order.refunds) judgeRefund(refund, byKey.get(refund.key), say)
    judgeOrder(order, say)
  }
  const paid = (row: RefundRow): boolean =>
    [...provider.orders.values()].some((order) =>
      order.refunds.some((one) => one.key === row.uniqueRequestId && one.word !== 'FAILURE'),
    )
  for (const { id, clientKeys } of gestures) {
    const made = requests.filter(({ clientKey }) => clientKeys.has(clientKey)).map((request) => request.id)
    const count = refunds.filter((row) => made.includes(row.refundRequestId ?? '') && paid(row)).length
    if (count > 1) say('I4', `gesture ${id} was paid ${count} times`)
  }
  const keys = requests.map(({ clientKey }) => clientKey)
  if (new Set(keys).size !== keys.length) say('I3', 'one client key has two requests')
  for (const row of refunds) judgeBooks(database, row, provider, say)
  for (const { id, status } of requests)
    if (status === 'pending_approval') say('I11', `request ${id} still waits`)
  judgeBalances(database, say)
  judgeConfirmed(database, provider, say)
}

type Say = (rule: string, detail: string) => void

function judgeRefund(refund: LedgerRefund, row: RefundRow | undefined, say: Say): void {
  if (row === undefined) {
    say(refund.by === 'API' ? 'I4' : 'I7', `Juspay has ${refund.key} (${refund.by}) and we have not`)
    return
  }
  if ((row.origin === 'paydesk') !== (refund.by === 'API')) say('I7', `${refund.key} is not whose we say`)
  if (row.amountMinor !== refund.amountMinor)
    say('I5', `${refund.key} is ${refund.amountMinor} at Juspay and ${row.amountMinor} here`)
}

/** What Juspay returned of a charge by our calls never exceeds it, unless a failure came back to life. */
function judgeOrder({ charges, refunds }: LedgerOrder, say: Say): void {
  for (const { txnRef, minor } of charges) {
    let ours = 0n
    for (const { word, by, amountMinor, flipped, txnRef: of } of refunds)
      if (of === txnRef && word !== 'FAILURE' && by === 'API' && !flipped) ours += amountMinor
    if (ours > minor) say('I1', `${ours} of ${minor} went back of ${txnRef}`)
  }
}

/** Books and ledger say the same, and nothing of ours is left open. */
function judgeBooks(database: Database, row: RefundRow, provider: Provider, say: Say): void {
  const refund = [...provider.orders.values()]
    .flatMap((order) => order.refunds)
    .find((one) => one.key === row.uniqueRequestId)
  if (refund === undefined) {
    if (row.status !== 'rejected')
      say(
        row.providerStatus === null ? 'I11' : 'books',
        `${row.uniqueRequestId} is ${row.status}, and not at Juspay`,
      )
    return
  }
  if (refund.reversed && refund.word === 'FAILURE' && row.status === 'succeeded') {
    if (!noticed(database, row, 'refund_reversed'))
      say('I9', `${row.uniqueRequestId} was taken back, and nobody is told`)
    return
  }
  if (WORDS[refund.word] !== row.status)
    say('books', `${row.uniqueRequestId} is ${row.status} here and ${refund.word} at Juspay`)
}

/** What webhooks said of money Juspay has confirmed by now, unless it has taken back what it said. */
function judgeConfirmed(database: Database, provider: Provider, say: Say): void {
  for (const { order, unconfirmedSince } of database.tables.orders.rows.values()) {
    const told = provider.orders.get(order.orderRef)
    if (unconfirmedSince !== null && told?.refunds.every(({ reversed }) => !reversed) === true)
      say('I11', `${order.orderRef} stays unconfirmed`)
  }
}

/** A work item of this kind was opened for the order. */
function noticed({ tables }: Database, { orderId }: RefundRow, kind: string): boolean {
  return [...tables.discrepancies.rows.values()].some(
    (item) => item.orderId === orderId && item.finding.kind === kind,
  )
}

function judgeBalances(database: Database, say: Say): void {
  const refunds = [...database.tables.refunds.rows.values()]
  const requests = [...database.tables.refundRequests.rows.values()]
  for (const row of database.tables.orders.rows.values()) {
    const own = ({ orderId }: { orderId: string }): boolean => orderId === row.id
    const sums = sumsOf(row, refunds.filter(own), requests.filter(own))
    if (sums.refunded !== row.order.refundedMinor || sums.external !== row.order.externalRefundedMinor)
      say('I1', `the balance of ${row.order.orderRef} is not the sum of its rows`)
  }
}
