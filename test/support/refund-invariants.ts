/**
 * The refund invariants of reliability §2.5, checked from outside: over all rows of the database, and against what the
 * sandbox's ledger says really happened. None of it asks the product.
 */
import type pg from 'pg'
import type { InvariantCode } from '../../server/domain/invariant.ts'
import type { Store } from '../../server/store/store.ts'
import type { RefundWorld } from './refund-fixtures.ts'

export type RefundRule = InvariantCode | 'books'

export type RefundViolation = { rule: RefundRule; detail: string }

/** One acceptance in the sandbox's ledger: money that went back. */
export type LedgerRefund = { orderId: string; uniqueRequestId: string; amountMinor: string }

/** Per rule a sentence, and the query that finds what breaks it. */
const CHECKS: readonly (readonly [RefundRule, string, string])[] = [
  [
    'I1',
    'an order promises and returns at most what was charged, and its sums are those of its rows',
    `select o.order_ref as what from orders o
    left join lateral (select coalesce(sum(q.amount_minor), 0) as asked from refund_request q
      where q.order_id = o.id and q.status = 'pending_approval') as waiting on true
    left join lateral (select
      coalesce(sum(amount_minor) filter (where origin = 'paydesk' and status in ('ready', 'sending', 'unknown', 'pending', 'manual_review')), 0) as open,
      coalesce(sum(amount_minor) filter (where origin = 'paydesk' and status = 'succeeded'), 0) as paid,
      coalesce(sum(amount_minor) filter (where origin <> 'paydesk' and status not in ('failed', 'rejected')), 0) as others,
      coalesce(sum(amount_minor) filter (where origin <> 'paydesk' and status not in ('succeeded', 'failed', 'rejected')), 0) as away
      from refund r where r.order_id = o.id) as made on true
    where o.reserved_minor <> waiting.asked + made.open or o.refunded_minor <> made.paid
      or o.external_refunded_minor <> made.others or o.external_pending_minor <> made.away
      or o.reserved_minor + o.refunded_minor + o.external_refunded_minor > o.charged_minor + o.excess_minor
      or o.refunded_minor + o.reserved_minor > o.charged_minor`,
  ],
  [
    'I2',
    'at most one live and one succeeded refund per request',
    `select refund_request_id::text as what from refund
    where refund_request_id is not null and status not in ('failed', 'rejected')
    group by refund_request_id having count(*) > 1`,
  ],
  [
    'I3',
    'a key is one refund, and a gesture one request',
    `select unique_request_id as what from refund where origin = 'paydesk'
    group by merchant_account_id, unique_request_id having count(*) > 1
    union all select client_key from refund_request group by merchant_account_id, client_key having count(*) > 1`,
  ],
  [
    'I5',
    'a refund carries the amount and currency that were asked for',
    `select r.id::text as what from refund r join refund_request q on q.id = r.refund_request_id
    join orders o on o.id = r.order_id
    where r.amount_minor <> q.amount_minor or r.currency <> q.currency or r.currency <> o.currency
      or r.amount_minor <= 0`,
  ],
  [
    'I8',
    'requester and approver are two, and the decision is older than the sending',
    `select r.id::text as what from refund r join refund_request q on q.id = r.refund_request_id
    where q.decided_by = q.requested_by
      or (r.first_sent_at is not null and r.status <> 'rejected' and q.status <> 'approved')
      or (r.first_sent_at is not null and r.status <> 'rejected' and q.needs_approval and q.decided_by is null)
      or (r.first_sent_at is not null and r.status <> 'rejected' and coalesce(q.decided_at, q.requested_at) > r.first_sent_at)`,
  ],
  [
    'I12',
    'every sending of a refund of ours has its audit entry',
    `select r.id::text as what from refund r
    left join (select subject_id, count(*) as sent from audit_entry where action = 'refund.send' group by subject_id)
      as told on told.subject_id = r.id::text
    where r.origin = 'paydesk' and r.send_count <> coalesce(told.sent, 0)`,
  ],
]

/** What is wrong with the books by themselves. */
export async function bookViolations(pool: pg.Pool): Promise<RefundViolation[]> {
  const found: RefundViolation[] = []
  for (const [rule, sentence, sql] of CHECKS) {
    const { rows } = await pool.query<{ what: string }>(sql)
    found.push(...rows.map((row) => ({ rule, detail: `${sentence}: ${row.what}` })))
  }
  return found
}

/** Orders that Paydesk's own checker is asked about at once. */
const SLICE = 500

/** What Paydesk's own checker finds: a second opinion beside the checks above, which share nothing with it. */
export async function ownViolations(pool: pg.Pool, store: Store): Promise<RefundViolation[]> {
  const { rows } = await pool.query<{ id: string }>('select id from orders order by id')
  const found: RefundViolation[] = []
  for (let from = 0; from < rows.length; from += SLICE) {
    const ids = rows.slice(from, from + SLICE).map(({ id }) => id)
    const answer = await store.invariantQueries.ofOrders(ids)
    for (const code of answer.failed) found.push({ rule: code, detail: "Paydesk's own check took too long" })
    for (const { invariant, subject, detail } of answer.found)
      found.push({ rule: invariant, detail: `Paydesk's own check: ${subject}, ${detail}` })
  }
  return found
}

type Made = {
  request_id: string
  unique_request_id: string
  amount_minor: bigint | string
  sent: boolean
  status: string
}

/**
 * What is wrong between the books and the ledger.
 * @param options.orderRefs null for all orders
 * @param options.strangers keys of refunds that were made in Juspay's portal
 * @param options.claimed keys of refunds that Juspay said it had and never took
 */
export async function ledgerViolations(
  pool: pg.Pool,
  ledger: readonly LedgerRefund[],
  options: {
    orderRefs?: readonly string[] | null
    strangers?: ReadonlySet<string>
    claimed?: ReadonlySet<string>
  } = {},
): Promise<RefundViolation[]> {
  const { orderRefs = null, strangers = new Set(), claimed = new Set() } = options
  const { rows } = await pool.query<Made>(
    `select r.refund_request_id as request_id, r.unique_request_id, r.amount_minor,
       r.first_sent_at is not null as sent, r.status
     from refund r join orders o on o.id = r.order_id
     where r.origin = 'paydesk' and ($1::text[] is null or o.order_ref = any($1))`,
    [orderRefs],
  )
  const ours = new Map(rows.map((row) => [row.unique_request_id, row]))
  const found: RefundViolation[] = []
  const paid = new Set<string>()
  const accepted = new Set<string>()
  for (const { uniqueRequestId: key, amountMinor } of ledger) {
    accepted.add(key)
    if (strangers.has(key)) continue
    const made = ours.get(key)
    if (made === undefined) {
      found.push({ rule: 'I4', detail: `Juspay has a refund that we did not decide on: ${key}` })
      continue
    }
    if (!made.sent) found.push({ rule: 'I6', detail: `${key} left before its sending was committed` })
    if (BigInt(made.amount_minor) !== BigInt(amountMinor))
      found.push({ rule: 'I5', detail: `${key} has another amount` })
    if (paid.has(made.request_id))
      found.push({ rule: 'I4', detail: `request ${made.request_id} was paid twice` })
    paid.add(made.request_id)
    if (made.status === 'rejected')
      found.push({ rule: 'books', detail: `${key} is rejected here and exists at Juspay` })
  }
  for (const { unique_request_id: key, status } of rows)
    if (
      ['pending', 'manual_review', 'succeeded', 'failed'].includes(status) &&
      !accepted.has(key) &&
      !claimed.has(key)
    )
      found.push({ rule: 'books', detail: `${key} is ${status} here and does not exist at Juspay` })
  return found
}

/** Everything that is wrong, in words. @param orderRefs whose ledger to compare; portalKeys were not made by us */
export async function refundViolations(
  world: RefundWorld,
  orderRefs: readonly string[],
  portalKeys: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const { pool } = world.deps.database
  const books = await bookViolations(pool)
  const ledger = orderRefs.flatMap((orderRef) => world.accepted(orderRef))
  const ours = await ledgerViolations(pool, ledger, { orderRefs, strangers: portalKeys })
  return [...books, ...ours].map(({ rule, detail }) => `${rule} ${detail}`)
}
