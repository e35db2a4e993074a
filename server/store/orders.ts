import { z } from 'zod'
import type { OrderRecord } from '../domain/order.ts'
import { orderExportReads } from './order-export.ts'
import { orderExtras } from './order-extras.ts'
import { orderLocks } from './order-locks.ts'
import { orderPageReads } from './order-page.ts'
import { orderWrites } from './order-writes.ts'
import { orderReads } from './orders-read.ts'
import { orderSearch } from './orders-search.ts'
import { relatedOrderReads } from './orders-related.ts'
import type { Sql } from './sql.ts'

/**
 * Orders with their attempts and refunds. Reads for lists are in `orders-search.ts`, for one order in `orders-read.ts`
 * and, as a page shows it, `order-page.ts`; locks in `order-locks.ts`, what a message writes in `order-writes.ts`.
 */
export function orderStore(sql: Sql) {
  return {
    ...orderReads(sql),
    ...orderPageReads(sql),
    ...orderSearch(sql),
    ...relatedOrderReads(sql),
    ...orderExtras(sql),
    ...orderExportReads(sql),
    ...orderLocks(sql),
    ...orderWrites(sql),

    /**
     * Writes the balance and the states that follow from it after refunds or requests changed. The caller holds the
     * row lock and has run `derive`. Returns the order's new version.
     */
    async saveBalance(accountId: string, orderId: string, order: OrderRecord, now: Date): Promise<number> {
      const row = await sql.first(
        z.object({ version: z.number() }),
        `update orders set charged_minor = $3, reserved_minor = $4, refunded_minor = $5,
           external_refunded_minor = $6, external_pending_minor = $7, excess_minor = $8, refund_state = $9,
           display_status = $10, in_review = $11, changed_at = $12, version = version + 1
         where merchant_account_id = $1 and id = $2 returning version`,
        [
          accountId,
          orderId,
          order.chargedMinor,
          order.reservedMinor,
          order.refundedMinor,
          order.externalRefundedMinor,
          order.externalPendingMinor,
          order.excessMinor,
          order.refundState,
          order.displayStatus,
          order.inReview,
          now,
        ],
      )
      return row?.version ?? 0
    },

    /** Notes that Juspay was asked, and when to ask again. Not a change of the order: the version stays. */
    async markChecked(
      accountId: string,
      orderId: string,
      at: { checkedAt: Date | null; nextCheckAt: Date | null },
    ): Promise<void> {
      await sql.run(
        `update orders set last_checked_at = coalesce($3, last_checked_at), next_check_at = $4,
           check_count = check_count + 1
         where merchant_account_id = $1 and id = $2`,
        [accountId, orderId, at.checkedAt, at.nextCheckAt],
      )
    },

    /** Makes a check of these orders due at once. */
    async checkNow(orderIds: readonly string[], now: Date): Promise<void> {
      if (orderIds.length === 0) return
      await sql.run(
        'update orders set next_check_at = least(coalesce(next_check_at, $2), $2) where id = any($1)',
        [orderIds, now],
      )
    },
  }
}
