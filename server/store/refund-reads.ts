import { z } from 'zod'
import type { RefundFacts } from '../domain/refund-display.ts'
import { REFUND_STATUSES } from '../domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../domain/refund-request.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

export const REFUND_VIEWS = ['all', 'waiting', 'in_progress', 'review', 'failed', 'done'] as const

/** The tabs of the refunds list. */
export type RefundView = (typeof REFUND_VIEWS)[number]

export type RefundListFilter = { view: RefundView; q: string; cursor: string | null; limit: number }

const person = z.object({ id: z.string(), name: z.string() }).nullable()

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
} satisfies Record<keyof RefundFacts, z.ZodType>)

const listedRow = factsRow.extend({ listedAt: z.date() })

const REQUEST_COLUMNS = `q.status as "requestStatus", q.reason, q.note,
  case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end as "requestedBy",
  case when d.id is not null then json_build_object('id', d.id, 'name', d.name) end as "decidedBy",
  q.decided_at as "decidedAt", q.decision_note as "decisionNote", q.expires_at as "expiresAt"`

/** Refunds at Juspay or on their way there, ours and others'. */
const OF_REFUNDS = `select r.id, r.refund_request_id as "requestId", r.id as "refundId", r.order_id as "orderId",
    o.order_ref as "orderRef", r.amount_minor as "amountMinor", r.currency, r.status as "refundStatus",
    r.sent_to_gateway as "sentToGateway", ${REQUEST_COLUMNS},
    coalesce(q.requested_at, r.provider_created_at, r.created_at) as "requestedAt",
    coalesce(r.gateway, o.gateway) as gateway, r.unique_request_id as "uniqueRequestId", r.ref, r.arn, r.origin,
    r.error_message as "errorMessage", coalesce(r.first_sent_at, r.provider_created_at) as "sentAt",
    r.settled_at as "settledAt", r.expected_credit_at as "expectedCreditAt", r.created_at as "listedAt"
  from refund r join orders o on o.id = r.order_id
  left join refund_request q on q.id = r.refund_request_id
  left join staff_user a on a.id = q.requested_by
  left join staff_user d on d.id = q.decided_by
  where r.merchant_account_id = $1 and not (r.origin = 'paydesk' and r.status = 'rejected' and r.first_sent_at is null)`

/** Requests of which nothing has been sent. An attempt that was closed unsent leaves the word to its request. */
const OF_REQUESTS = `select q.id, q.id as "requestId", null::uuid as "refundId", q.order_id as "orderId",
    o.order_ref as "orderRef", q.amount_minor as "amountMinor", q.currency, null::text as "refundStatus",
    false as "sentToGateway", ${REQUEST_COLUMNS}, q.requested_at as "requestedAt", o.gateway,
    null::text as "uniqueRequestId", null::text as ref, null::text as arn, 'paydesk' as origin,
    null::text as "errorMessage", null::timestamptz as "sentAt", null::timestamptz as "settledAt",
    null::timestamptz as "expectedCreditAt", q.requested_at as "listedAt"
  from refund_request q join orders o on o.id = q.order_id
  left join staff_user a on a.id = q.requested_by
  left join staff_user d on d.id = q.decided_by
  where q.merchant_account_id = $1 and not exists (
    select 1 from refund r where r.refund_request_id = q.id
      and not (r.status = 'rejected' and r.first_sent_at is null))`

/** Which statuses a tab shows, of refunds and of requests; null means all, an empty list none. */
const VIEWS: Readonly<
  Record<RefundView, { refunds: readonly string[] | null; requests: readonly string[] | null }>
> = {
  all: { refunds: null, requests: null },
  waiting: { refunds: [], requests: ['pending_approval'] },
  in_progress: { refunds: ['ready', 'sending', 'unknown', 'pending'], requests: ['approved'] },
  review: { refunds: ['manual_review'], requests: [] },
  failed: { refunds: ['failed', 'rejected'], requests: [] },
  done: { refunds: ['succeeded'], requests: ['rejected', 'withdrawn', 'expired'] },
}

/** Reads of refunds for lists and details: a request and what was made of it are one row. */
export function refundReads(sql: Sql) {
  return {
    /** One tab of the refunds list, newest first. `q` matches the start of an order reference, or a refund's key, reference or ARN. */
    async list(accountId: string, filter: RefundListFilter): Promise<Page<RefundFacts>> {
      const cursor = readCursor(filter.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const q = filter.q.replaceAll('\u0000', '').trim()
      const view = VIEWS[filter.view]
      const rows = await sql.rows(
        listedRow,
        `select * from (
           (${OF_REFUNDS} and ($2::text[] is null or r.status = any($2))
              and ($4::timestamptz is null or (r.created_at, r.id) < ($4, $5::uuid))
              and ($6 = '' or o.order_ref_key like $7 or r.unique_request_id = $6 or r.ref = $6 or r.arn = $6)
            order by r.created_at desc, r.id desc limit $8)
           union all
           (${OF_REQUESTS} and ($3::text[] is null or q.status = any($3))
              and ($4::timestamptz is null or (q.requested_at, q.id) < ($4, $5::uuid))
              and ($6 = '' or o.order_ref_key like $7)
            order by q.requested_at desc, q.id desc limit $8)
         ) as both_kinds order by "listedAt" desc, id desc limit $8`,
        [
          accountId,
          view.refunds,
          view.requests,
          cursor?.[0] ?? null,
          cursor?.[1] ?? null,
          q,
          `${likeText(q.toLowerCase())}%`,
          filter.limit + 1,
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
        (await sql.first(factsRow, `${OF_REQUESTS} and q.id = $2`, values))
      )
    },

    /** Everything about money back on one order, newest first. */
    async byOrder(accountId: string, orderId: string): Promise<RefundFacts[]> {
      return sql.rows(
        factsRow,
        `select * from ((${OF_REFUNDS} and r.order_id = $2) union all (${OF_REQUESTS} and q.order_id = $2)) as both_kinds
         order by "listedAt" desc, id desc`,
        [accountId, orderId],
      )
    },
  }
}

/** Text as itself inside LIKE. */
function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
