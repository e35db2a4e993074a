import { z } from 'zod'
import type { RefundFacts } from '../domain/refund-display.ts'
import { HELD_WHYS } from '../domain/refund-held.ts'
import { REFUND_STATUSES, type RefundOrigin } from '../domain/refund.ts'
import { AGE_BUCKETS, lateBefore } from '../domain/refund-clock.ts'
import { REFUND_REQUEST_STATUSES } from '../domain/refund-request.ts'
import { timeRangeOf } from '../domain/time-range.ts'
import { attemptNumber } from './attempt-number.ts'
import { partsRow } from './order-rows.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'
import { clean, contains, likeText, lower } from './text-sql.ts'

export const REFUND_VIEWS = [
  'all',
  'attention',
  'waiting',
  'in_progress',
  'review',
  'failed',
  'done',
] as const

/** The tabs of the refunds list. */
export type RefundView = (typeof REFUND_VIEWS)[number]

export type RefundListFilter = {
  view: RefundView
  q: string
  gateway: string | null
  origin: RefundOrigin | null
  /** When it succeeded, a time range in its notation; requests of which nothing was sent never did. Null for any time. */
  settled: string | null
  cursor: string | null
  limit: number
}

/** Open refunds of one gateway, currency and age. `days` is where the bucket of {@link AGE_BUCKETS} begins. */
export type AgeingCell = {
  gateway: string | null
  currency: string
  days: number
  count: bigint
  amountMinor: bigint
}

const ageingRow = z.object({
  gateway: z.string().nullable(),
  currency: z.string(),
  days: z.number(),
  count: z.bigint(),
  amountMinor: z.bigint(),
} satisfies Record<keyof AgeingCell, z.ZodType>)

/** When a refund left, as far as known. */
const SENT_AT = 'coalesce(r.first_sent_at, r.provider_created_at, r.created_at)'
/** What happened last to a request of which nothing was sent. */
const ACTIVITY = 'coalesce(q.decided_at, q.requested_at)'

const person = z.object({ id: z.string(), name: z.string() }).nullable()

/** Out of JSON, so times are text. */
const heldRow = z.object({
  why: z.enum(HELD_WHYS),
  until: z.coerce.date().nullable(),
  batchNo: z.number().nullable(),
})

const factsRow = z.object({
  id: z.string(),
  requestId: z.string().nullable(),
  refundId: z.string().nullable(),
  orderId: z.string(),
  orderRef: z.string(),
  amountMinor: z.bigint(),
  currency: z.string(),
  requestStatus: z.enum(REFUND_REQUEST_STATUSES).nullable(),
  refundStatus: z.enum(REFUND_STATUSES).nullable(),
  sentToGateway: z.boolean(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  requestedBy: person,
  requestedAt: z.date(),
  expiresAt: z.date().nullable(),
  decidedBy: person,
  decidedAt: z.date().nullable(),
  decisionNote: z.string().nullable(),
  gateway: z.string().nullable(),
  uniqueRequestId: z.string().nullable(),
  ref: z.string().nullable(),
  arn: z.string().nullable(),
  origin: z.enum(['paydesk', 'external', 'auto']),
  errorMessage: z.string().nullable(),
  sentAt: z.date().nullable(),
  settledAt: z.date().nullable(),
  expectedCreditAt: z.date().nullable(),
  settledByPeople: z.boolean(),
  proof: z.string().nullable(),
  changedAt: z.date(),
  retryOf: z.string().nullable(),
  retriedBy: z.string().nullable(),
  txnRef: z.string().nullable(),
  attemptNumber: z.number().nullable(),
  parts: partsRow,
  held: heldRow.nullable(),
  unconfirmedSince: z.date().nullable(),
} satisfies Record<keyof RefundFacts, z.ZodType>)

const listedRow = factsRow.extend({ listedAt: z.date() })

const REQUEST_COLUMNS = `q.status as "requestStatus", q.reason, q.note,
  case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end as "requestedBy",
  case when d.id is not null then json_build_object('id', d.id, 'name', d.name) end as "decidedBy",
  q.decided_at as "decidedAt", q.decision_note as "decisionNote", q.expires_at as "expiresAt"`

/** The attempt that a refund gives back: Juspay's word, else what was asked for. */
const ATTEMPT_OF_REFUND = 'coalesce(r.txn_ref, q.txn_ref)'

/**
 * Whether attempt `r` of request `q` was closed and leaves the word to its request: it never left, or its agreement went
 * and the request waits for another decision.
 */
const LEFT_TO_REQUEST = `(r.status = 'rejected' and r.origin = 'paydesk'
  and (r.first_sent_at is null or coalesce(q.status = 'pending_approval', false)))`

/** Refunds at Juspay or on their way there, ours and others'. */
const OF_REFUNDS = `select r.id, r.refund_request_id as "requestId", r.id as "refundId", r.order_id as "orderId",
    o.order_ref as "orderRef", r.amount_minor as "amountMinor", r.currency, r.status as "refundStatus",
    r.sent_to_gateway as "sentToGateway", ${REQUEST_COLUMNS},
    coalesce(q.requested_at, r.provider_created_at, r.created_at) as "requestedAt",
    coalesce(r.gateway, t.gateway, o.gateway) as gateway, r.unique_request_id as "uniqueRequestId", r.ref, r.arn, r.origin,
    r.error_message as "errorMessage", coalesce(r.first_sent_at, r.provider_created_at) as "sentAt",
    r.settled_at as "settledAt", r.expected_credit_at as "expectedCreditAt", r.settled_by_people as "settledByPeople",
    (select v.reference from refund_review v where r.settled_by_people and v.refund_id = r.id and v.status = 'confirmed'
      order by v.proposed_at desc limit 1) as proof, r.changed_at as "changedAt", q.retry_of_refund_id as "retryOf",
    (select again.id from refund_request again where again.retry_of_refund_id = r.id
      and again.status in ('pending_approval', 'approved')) as "retriedBy", ${ATTEMPT_OF_REFUND} as "txnRef", ${attemptNumber('t')} as "attemptNumber", r.parts,
    case when r.status in ('ready', 'unknown') and r.held_why is not null
      then json_build_object('why', r.held_why, 'until', r.next_action_at, 'batchNo', null) end as held,
    o.unconfirmed_since as "unconfirmedSince",
    r.changed_at as "listedAt"
  from refund r join orders o on o.id = r.order_id
  left join refund_request q on q.id = r.refund_request_id
  left join transaction t on t.merchant_account_id = r.merchant_account_id and t.order_id = r.order_id
    and t.txn_ref = ${ATTEMPT_OF_REFUND}
  left join staff_user a on a.id = q.requested_by
  left join staff_user d on d.id = q.decided_by
  where r.merchant_account_id = $1 and not ${LEFT_TO_REQUEST}`

/** What a request of a batch waits for, once its batch is approved. */
const HELD_IN_BATCH = `case when q.status = 'pending_approval' and b.status in ('held', 'paused', 'running')
    then json_build_object('why', case b.status when 'held' then 'batch_hold' when 'paused' then 'batch_paused'
      else 'batch_turn' end, 'until', case when b.status = 'held' then b.hold_until end, 'batchNo', b.no) end`

/** Requests of which nothing has been sent, or nothing that still speaks for them. */
const OF_REQUESTS = `select q.id, q.id as "requestId", null::uuid as "refundId", q.order_id as "orderId",
    o.order_ref as "orderRef", q.amount_minor as "amountMinor", q.currency, null::text as "refundStatus",
    false as "sentToGateway", ${REQUEST_COLUMNS}, q.requested_at as "requestedAt",
    coalesce(t.gateway, o.gateway) as gateway,
    null::text as "uniqueRequestId", null::text as ref, null::text as arn, 'paydesk' as origin,
    null::text as "errorMessage", null::timestamptz as "sentAt", null::timestamptz as "settledAt",
    null::timestamptz as "expectedCreditAt", false as "settledByPeople", null::text as proof,
    ${ACTIVITY} as "changedAt", q.retry_of_refund_id as "retryOf", null::uuid as "retriedBy",
    q.txn_ref as "txnRef", ${attemptNumber('t')} as "attemptNumber", '[]'::jsonb as parts,
    ${HELD_IN_BATCH} as held, o.unconfirmed_since as "unconfirmedSince",
    ${ACTIVITY} as "listedAt"
  from refund_request q join orders o on o.id = q.order_id
  left join transaction t on t.merchant_account_id = q.merchant_account_id and t.order_id = q.order_id
    and t.txn_ref = q.txn_ref
  left join bulk_batch b on b.id = q.batch_id
  left join staff_user a on a.id = q.requested_by
  left join staff_user d on d.id = q.decided_by
  where q.merchant_account_id = $1 and not exists (
    select 1 from refund r where r.refund_request_id = q.id and not ${LEFT_TO_REQUEST})`

/** Which statuses a tab shows, of refunds and of requests; null means all, an empty list none. */
const VIEWS: Readonly<
  Record<RefundView, { refunds: readonly string[] | null; requests: readonly string[] | null }>
> = {
  all: { refunds: null, requests: null },
  // Pending refunds only when they are late.
  attention: { refunds: ['manual_review', 'unknown', 'pending'], requests: [] },
  waiting: { refunds: [], requests: ['pending_approval'] },
  in_progress: { refunds: ['ready', 'sending', 'unknown', 'pending'], requests: ['approved'] },
  review: { refunds: ['manual_review'], requests: [] },
  failed: { refunds: ['failed', 'rejected'], requests: [] },
  done: { refunds: ['succeeded'], requests: ['rejected', 'withdrawn', 'expired'] },
}

/** Orders that a search may lead to; with more, what was typed says too little. */
const FOUND_ORDERS_MAX = 500
/** Shorter texts are no references of a refund. */
const REFERENCE_MIN = 6

/** The parameters of a list: $1 account, $2/$3 statuses, $4/$5 cursor, $6 found orders, $7 text, $8 prefix … */
const REFUND_FILTER = `($2::text[] is null or r.status = any($2))
  and ($4::timestamptz is null or (r.changed_at, r.id) < ($4, $5::uuid))
  and ($6::uuid[] is null or (r.order_id = any($6) and
    (o.order_ref_key like $8 or r.unique_request_id = $7 or r.ref = $7 or r.arn = $7)))
  and ($9::timestamptz is null or r.status <> 'pending' or ${SENT_AT} < $9)
  and ($10::text is null or r.gateway = $10)
  and ($11::text is null or r.origin = $11)`
const REQUEST_FILTER = `($3::text[] is null or q.status = any($3))
  and ($4::timestamptz is null or (${ACTIVITY}, q.id) < ($4, $5::uuid))
  and ($6::uuid[] is null or (q.order_id = any($6) and o.order_ref_key like $8))
  and ($10::text is null or o.gateway = $10)
  and ($11::text is null or $11 = 'paydesk')`

/** As `refund_succeeded_at_idx` has it, and as the figures of the overview count: $13 from, $14 to. */
const SETTLED_FILTER = `and r.status = 'succeeded'
  and ($13::timestamptz is null or coalesce(r.settled_at, r.created_at) >= $13)
  and ($14::timestamptz is null or coalesce(r.settled_at, r.created_at) < $14)`

/** Reads of refunds for lists and details: a request and what was made of it are one row. */
export function refundReads(sql: Sql) {
  return {
    /**
     * One tab of the refunds list, what happened last first: a refund found in the portal today stands on top, however
     * old it is. `q` matches the start of an order reference, or a refund's key, reference or ARN.
     */
    async list(accountId: string, filter: RefundListFilter, now: Date): Promise<Page<RefundFacts>> {
      const cursor = readCursor(filter.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const q = clean(filter.q).trim()
      const found = q === '' ? null : await foundOrders(sql, accountId, q)
      if (found?.length === 0) return { rows: [], nextCursor: null }
      const view = VIEWS[filter.view]
      const settled = filter.settled === null ? null : timeRangeOf(filter.settled, now)
      // Not a range: nothing matches, rather than everything.
      if (filter.settled !== null && settled === null) return { rows: [], nextCursor: null }
      const rows = await sql.rows(
        listedRow,
        `select * from (
           (${OF_REFUNDS} and ${REFUND_FILTER} ${settled ? SETTLED_FILTER : ''} order by r.changed_at desc, r.id desc limit $12)
           union all
           (${OF_REQUESTS} and ${settled ? 'false and ' : ''}${REQUEST_FILTER} order by ${ACTIVITY} desc, q.id desc limit $12)
         ) as both_kinds order by "listedAt" desc, id desc limit $12`,
        [
          accountId,
          view.refunds,
          view.requests,
          cursor?.[0] ?? null,
          cursor?.[1] ?? null,
          found,
          q,
          `${likeText(lower(q))}%`,
          filter.view === 'attention' ? lateBefore(now) : null,
          filter.gateway,
          filter.origin,
          filter.limit + 1,
          ...(settled ? [settled.from, settled.to] : []),
        ],
      )
      return toPage(rows, filter.limit, (row) => cursorText([row.listedAt.toISOString(), row.id]))
    },

    /** A refund by its own id or by its request's; null when the account has neither. */
    async get(accountId: string, id: string): Promise<RefundFacts | null> {
      const values = [accountId, id]
      return (
        (await sql.first(factsRow, `${OF_REFUNDS} and r.id = $2`, values)) ??
        (await sql.first(
          factsRow,
          `${OF_REFUNDS} and r.refund_request_id = $2 order by r.attempt_no desc limit 1`,
          values,
        )) ??
        (await sql.first(
          factsRow,
          // A link to an attempt that was closed since then leads to its request.
          `${OF_REQUESTS} and (q.id = $2 or q.id = (select refund_request_id from refund where merchant_account_id = $1 and id = $2))`,
          values,
        ))
      )
    },

    /**
     * Several rows of lists by their ids, a refund's or a request's: each as it is now. Of a request that was sent more
     * than once its last refund; of a refund that was closed since and left the word to its request, the request.
     */
    rowsByIds: (accountId: string, ids: readonly string[]): Promise<RefundFacts[]> =>
      sql.rows(
        factsRow,
        `(${OF_REFUNDS} and (r.id = any($2::uuid[])
           or (r.refund_request_id = any($2::uuid[]) and not exists (select 1 from refund later
             where later.refund_request_id = r.refund_request_id and later.attempt_no > r.attempt_no))))
         union all
         (${OF_REQUESTS} and (q.id = any($2::uuid[]) or q.id in (
           select refund_request_id from refund where merchant_account_id = $1 and id = any($2::uuid[]))))`,
        [accountId, [...ids]],
      ),

    /** Everything about money back on one order, newest first. */
    async byOrder(accountId: string, orderId: string): Promise<RefundFacts[]> {
      return sql.rows(
        factsRow,
        {
          name: 'refunds_by_order',
          text: `select * from ((${OF_REFUNDS} and r.order_id = $2) union all (${OF_REQUESTS} and q.order_id = $2)) as both_kinds
         order by "listedAt" desc, id desc`,
        },
        [accountId, orderId],
      )
    },

    /**
     * Refunds on their way, ours and others', by gateway, currency and age in days since they were sent. Bounded by how
     * many are open, which an index holds.
     */
    ageing: (accountId: string, now: Date): Promise<AgeingCell[]> =>
      sql.rows(
        ageingRow,
        `select gateway, currency, days, count(*) as count, sum(amount_minor)::bigint as "amountMinor" from (
           select coalesce(r.gateway, o.gateway) as gateway, r.currency, r.amount_minor,
             case ${AGE_BUCKETS.toReversed()
               .map(
                 (bucket) =>
                   `when $2::timestamptz - ${SENT_AT} >= interval '${bucket.fromDays} days' then ${bucket.fromDays}`,
               )
               .join(' ')} else 0 end as days
           from refund r join orders o on o.id = r.order_id
           where r.merchant_account_id = $1
             and r.status in ('ready', 'sending', 'unknown', 'pending', 'manual_review')) as open
         group by gateway, currency, days order by gateway nulls last, currency, days`,
        [accountId, now],
      ),
  }
}

/**
 * The orders that a search text leads to, each way through an index: the start of a reference, a key of ours, and, when
 * it is long enough to say something, any reference of a refund. At most {@link FOUND_ORDERS_MAX} each.
 */
async function foundOrders(sql: Sql, accountId: string, q: string): Promise<string[]> {
  const values: unknown[] = [accountId, `${likeText(lower(q))}%`, q, FOUND_ORDERS_MAX]
  const anywhere =
    q.length < REFERENCE_MIN ? 'false' : contains('search_text', q, (value) => `$${values.push(value)}`)
  const rows = await sql.rows(
    z.object({ id: z.string() }),
    `(select id from orders where merchant_account_id = $1 and order_ref_key like $2 limit $4)
     union (select order_id from refund where merchant_account_id = $1 and origin = 'paydesk' and unique_request_id = $3)
     union (select id from orders where merchant_account_id = $1 and ${anywhere} limit $4)`,
    values,
  )
  return rows.map((row) => row.id)
}
