/** Records beside orders that the search box knows: each looked up by its key, bounded. */
import { z } from 'zod'
import { BULK_STATUSES } from '../domain/bulk-batch.ts'
import { ROLES } from '../domain/permission.ts'
import { REFUND_REQUEST_STATUSES } from '../domain/refund-request.ts'
import { REFUND_STATUSES } from '../domain/refund.ts'
import { clean, isUuid, likeText, lower } from './text-sql.ts'
import type { Prepared, Sql } from './sql.ts'

const refundRow = z.object({
  id: z.string(),
  uniqueRequestId: z.string(),
  amountMinor: z.bigint(),
  currency: z.string(),
  status: z.enum(REFUND_STATUSES),
  orderRef: z.string(),
  changedAt: z.date(),
  settledByPeople: z.boolean(),
  /** Since when webhooks alone vouch for the money of its order. */
  unconfirmedSince: z.date().nullable(),
})
const eventRow = z.object({
  id: z.string(),
  eventRef: z.string().nullable(),
  eventName: z.string().nullable(),
  orderRef: z.string().nullable(),
  receivedAt: z.date(),
  status: z.enum(['received', 'processed', 'ignored', 'failed', 'dead']),
  outcome: z.string().nullable(),
})
const requestRow = z.object({
  id: z.string(),
  amountMinor: z.bigint(),
  currency: z.string(),
  status: z.enum(REFUND_REQUEST_STATUSES),
  orderRef: z.string(),
  requestedAt: z.date(),
})
const batchRow = z.object({
  id: z.string(),
  no: z.number(),
  name: z.string(),
  status: z.enum(BULK_STATUSES),
  total: z.number(),
  createdAt: z.date(),
})
const personRow = z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(ROLES) })

export type FoundRefund = z.infer<typeof refundRow>
export type FoundEvent = z.infer<typeof eventRow>
export type FoundRequest = z.infer<typeof requestRow>
export type FoundBatch = z.infer<typeof batchRow>
export type FoundPerson = z.infer<typeof personRow>

/*
 * Looked up by keys alone: whatever the words, the same indexes are the best, and planning takes ten times as long as
 * looking. The words come out of a subquery so that a plan for some of them looks no better to PostgreSQL than the one
 * for all, which it then keeps.
 */
const WORDS = 'any(array(select unnest($2::text[])))'
const IDS = 'any(array(select unnest($3::uuid[])))'

const REFUNDS: Prepared = {
  name: 'search_refunds',
  text: `select r.id, r.unique_request_id as "uniqueRequestId", r.amount_minor as "amountMinor", r.currency, r.status,
     o.order_ref as "orderRef", r.changed_at as "changedAt", r.settled_by_people as "settledByPeople",
     o.unconfirmed_since as "unconfirmedSince"
   from refund r join orders o on o.id = r.order_id
   where r.id = any(array(
       select id from refund where merchant_account_id = $1 and lower(unique_request_id) = ${WORDS}
       union select id from refund where merchant_account_id = $1 and lower(ref) = ${WORDS}
       union select id from refund where merchant_account_id = $1 and lower(arn) = ${WORDS}
       union select id from refund where merchant_account_id = $1 and id = ${IDS}))
     and r.merchant_account_id = $1
   order by r.changed_at desc, r.id limit $4`,
}
const EVENTS: Prepared = {
  name: 'search_events',
  text: `(select id, event_ref as "eventRef", event_name as "eventName", order_ref as "orderRef",
      received_at as "receivedAt", status, outcome
    from webhook_event where merchant_account_id = $1 and next_try_at is null and event_ref = ${WORDS} limit $4)
   union (select id, event_ref, event_name, order_ref, received_at, status, outcome
    from webhook_event where merchant_account_id = $1 and id = ${IDS} limit $4)
   order by "receivedAt" desc limit $4`,
}
const REQUESTS: Prepared = {
  name: 'search_requests',
  text: `select q.id, q.amount_minor as "amountMinor", q.currency, q.status, o.order_ref as "orderRef",
     q.requested_at as "requestedAt"
   from refund_request q join orders o on o.id = q.order_id
   where q.merchant_account_id = $1 and (q.id = ${IDS} or (q.status = 'pending_approval'
     and q.order_id = any(array(
       select id from orders where merchant_account_id = $1 and order_ref_key = ${WORDS}))))
   order by q.requested_at desc, q.id limit $4`,
}
const BATCHES: Prepared = {
  name: 'search_batches',
  text: `select id, no, name, status, total, created_at as "createdAt" from bulk_batch
   where merchant_account_id = $1 and (no = $2 or lower(name) like $3)
   order by created_at desc, id limit $4`,
}

const NUMBER = /^#?(\d{1,9})$/

/** Looks records up by the words of a search. */
export function recordSearch(sql: Sql) {
  return {
    /** By our key, Juspay's id, the bank's reference or ARN, or our id. */
    refunds: (accountId: string, words: readonly string[], limit: number): Promise<FoundRefund[]> =>
      sql.rows(refundRow, REFUNDS, [accountId, words.map(lower), words.filter(isUuid), limit]),

    /** By Juspay's id or ours. */
    events: (accountId: string, words: readonly string[], limit: number): Promise<FoundEvent[]> =>
      sql.rows(eventRow, EVENTS, [accountId, words.map(clean), words.filter(isUuid), limit]),

    /** Refund requests by our id, and those that wait for a decision on an order of exactly this reference. */
    requests: (accountId: string, words: readonly string[], limit: number): Promise<FoundRequest[]> =>
      sql.rows(requestRow, REQUESTS, [accountId, words.map(lower), words.filter(isUuid), limit]),

    /** Batches by number ("12", "#12") or a part of their name. */
    batches(accountId: string, text: string, limit: number): Promise<FoundBatch[]> {
      const number = NUMBER.exec(text)?.[1]
      const pattern = `%${likeText(lower(text))}%`
      return sql.rows(batchRow, BATCHES, [
        accountId,
        number === undefined ? null : Number(number),
        pattern,
        limit,
      ])
    },

    /** Members of the account by a part of name or address. */
    people: (accountId: string, text: string, limit: number): Promise<FoundPerson[]> =>
      sql.rows(
        personRow,
        `select u.id, u.name, u.email, m.role from membership m join staff_user u on u.id = m.user_id
         where m.merchant_account_id = $1 and (lower(u.name) like $2 or lower(u.email) like $2)
         order by u.name, u.id limit $3`,
        [accountId, `%${likeText(lower(text))}%`, limit],
      ),
  }
}
