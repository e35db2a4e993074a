import { z } from 'zod'
import type { Given } from '../domain/approval-checks.ts'
import type { Sql } from './sql.ts'

/** Orders of one customer that are looked at: nobody honest has more in 90 days. */
const ORDERS_MAX = 1_000

const number = z.bigint().transform(Number)
const customerRow = z.object({
  weekCount: number,
  weekMinor: z.bigint(),
  quarterCount: number,
  quarterMinor: z.bigint(),
})

/** What surrounds a refund request: the customer's other refunds, and what else its asker asked for. */
export function approvalContextStore(sql: Sql) {
  return {
    /**
     * Refunds to a customer, without those of `exceptRequestId`: made anywhere and not failed, or still waiting for a
     * decision.
     */
    async customerGiven(query: {
      accountId: string
      customerRef: string
      currency: string
      exceptRequestId: string
      weekFrom: Date
      quarterFrom: Date
    }): Promise<{ week: Given; quarter: Given }> {
      const row = await sql.first(
        customerRow,
        `with customers as materialized (
           select id from orders where merchant_account_id = $1 and customer_ref = $2
           order by created_at desc limit ${ORDERS_MAX}
         ), given as (
           select r.amount_minor, r.created_at as at from customers c
           join refund r on r.merchant_account_id = $1 and r.order_id = c.id
           where r.status not in ('failed', 'rejected') and r.currency = $3 and r.created_at > $6
             and r.refund_request_id is distinct from $4::uuid
           union all
           select q.amount_minor, q.requested_at from customers c
           join refund_request q on q.merchant_account_id = $1 and q.order_id = c.id
           where q.status = 'pending_approval' and q.currency = $3 and q.requested_at > $6 and q.id <> $4::uuid
         )
         select count(*) filter (where at > $5) as "weekCount",
           coalesce(sum(amount_minor) filter (where at > $5), 0)::bigint as "weekMinor",
           count(*) as "quarterCount", coalesce(sum(amount_minor), 0)::bigint as "quarterMinor" from given`,
        [
          query.accountId,
          query.customerRef,
          query.currency,
          query.exceptRequestId,
          query.weekFrom,
          query.quarterFrom,
        ],
      )
      return {
        week: { count: row?.weekCount ?? 0, minor: row?.weekMinor ?? 0n },
        quarter: { count: row?.quarterCount ?? 0, minor: row?.quarterMinor ?? 0n },
      }
    },

    /** What somebody has asked for since `from`, whatever became of it, but not what was withdrawn. */
    async askedSince(query: {
      accountId: string
      userId: string
      currency: string
      from: Date
    }): Promise<Given> {
      const row = await sql.first(
        z.object({ count: number, minor: z.bigint() }),
        `select count(*) as count, coalesce(sum(amount_minor), 0)::bigint as minor from refund_request
         where merchant_account_id = $1 and requested_by = $2 and requested_at >= $4 and currency = $3
           and status <> 'withdrawn'`,
        [query.accountId, query.userId, query.currency, query.from],
      )
      return { count: row?.count ?? 0, minor: row?.minor ?? 0n }
    },
  }
}
