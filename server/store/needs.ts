import { z } from 'zod'
import { AMOUNT_UNKNOWN, stuckSql } from './orders-where.ts'
import { NEEDS_LOOK } from './event-selection.ts'
import { ALONE } from './refund-request-reads.ts'
import type { Sql } from './sql.ts'

/** Counts and sums stop here: beyond it "1,000 or more" says enough. */
export const NEEDS_COUNTED_MAX = 1_000

/** What waits, in one currency. `oldestAt` is when the first of them began to wait. */
export type Waiting = { currency: string; count: number; amountMinor: bigint; oldestAt: Date }

/** Orders that sums take for nothing; `more` when counting stopped. */
export type UnknownCharges = { count: number; more: boolean }

/** An event that is tried again: how often it was, and when the next try is due. */
export type RetriedEvent = { tries: number; nextTryAt: Date | null }

const waitingRow = z.object({
  currency: z.string(),
  count: z.bigint().transform(Number),
  amountMinor: z.string().transform(BigInt),
  oldestAt: z.date(),
})

/** Of those that have waited longest, so that the oldest is among them however many there are. */
const sums = (from: string): string =>
  `select currency, count(*) as count, sum(amount_minor)::text as "amountMinor", min(at) as "oldestAt"
   from (${from} order by at limit ${NEEDS_COUNTED_MAX}) as bounded group by currency order by currency`

/** What waits for a person, each from an index that holds little else, and never more of it than is counted. */
export function needReads(sql: Sql) {
  return {
    /** Refund requests that wait for somebody, and that this person did not make. */
    approvals: (accountId: string, userId: string): Promise<Waiting[]> =>
      sql.rows(
        waitingRow,
        sums(`select q.currency, q.amount_minor, q.requested_at as at from refund_request q
          where q.merchant_account_id = $1 and q.status = 'pending_approval' and q.requested_by <> $2 and ${ALONE}`),
        [accountId, userId],
      ),

    /** When a person decided on a refund last. */
    async lastDecisionAt(accountId: string): Promise<Date | null> {
      const row = await sql.first(
        z.object({ at: z.date().nullable() }),
        `select max(decided_at) as at from (select decided_at from refund_request where merchant_account_id = $1
           and decided_by is not null order by coalesce(decided_at, requested_at) desc limit 1) as newest`,
        [accountId],
      )
      return row?.at ?? null
    },

    /** Orders created since `from` that need a person. */
    stuckOrders(accountId: string, from: Date, now: Date): Promise<Waiting[]> {
      const values: unknown[] = [accountId, from]
      const stuck = stuckSql(now, (value) => `$${values.push(value)}`)
      return sql.rows(
        waitingRow,
        sums(`select currency, amount_minor, created_at as at from orders
          where merchant_account_id = $1 and created_at >= $2 and ${stuck}`),
        values,
      )
    },

    /** Charged orders of a window of which no amount is known: those that `UNKNOWN_CHARGES_QUERY` finds in it. */
    async unknownCharges(accountId: string, { from, to }: { from: Date; to: Date }): Promise<UnknownCharges> {
      const row = await sql.first(
        z.object({ count: z.bigint().transform(Number) }),
        `select count(*) as count from (select 1 from orders where merchant_account_id = $1 and created_at >= $2
           and created_at < $3 and payment_status = 'charged' and ${AMOUNT_UNKNOWN} limit ${NEEDS_COUNTED_MAX + 1}) as bounded`,
        [accountId, from, to],
      )
      const count = row?.count ?? 0
      return { count: Math.min(count, NEEDS_COUNTED_MAX), more: count > NEEDS_COUNTED_MAX }
    },

    /** Open disagreements with Juspay, with the amounts of their orders. */
    discrepancies: (accountId: string): Promise<Waiting[]> =>
      sql.rows(
        waitingRow,
        sums(`select o.currency, o.amount_minor, d.found_at as at from discrepancy d
          join orders o on o.merchant_account_id = d.merchant_account_id and o.id = d.order_id
          where d.merchant_account_id = $1 and d.status = 'open'`),
        [accountId],
      ),

    /** Events that were not applied, those first whose retries stop first. */
    failedEvents: (accountId: string): Promise<RetriedEvent[]> =>
      sql.rows(
        z.object({ tries: z.number(), nextTryAt: z.date().nullable() }),
        `select tries, next_try_at as "nextTryAt" from webhook_event where merchant_account_id = $1 and ${NEEDS_LOOK}
         order by received_at, id limit ${NEEDS_COUNTED_MAX}`,
        [accountId],
      ),

    /** How far a new account has come. */
    async steps(accountId: string): Promise<{ event: boolean; charged: boolean }> {
      const row = await sql.first(
        z.object({ event: z.boolean(), charged: z.boolean() }),
        `select exists (select 1 from webhook_event where merchant_account_id = $1) as event,
           exists (select 1 from orders where merchant_account_id = $1 and display_status = 'charged') as charged`,
        [accountId],
      )
      return row ?? { event: false, charged: false }
    },
  }
}
