import { z } from 'zod'
import { DISPLAY_STATUSES } from '../domain/payment-status.ts'
import type { StoredOrder } from './order-rows.ts'
import type { Sql } from './sql.ts'
import { digitsOf } from './text-sql.ts'

const relatedRow = z.object({
  id: z.string(),
  orderRef: z.string(),
  createdAt: z.date(),
  amountMinor: z.bigint(),
  currency: z.string(),
  displayStatus: z.enum(DISPLAY_STATUSES),
  matchedBy: z.enum(['customer', 'email', 'phone']),
})

/** Another order of the same customer, and by what it was found: the strongest of its likenesses. */
export type RelatedOrderRow = z.infer<typeof relatedRow>

type Customer = Pick<
  StoredOrder,
  'id' | 'merchantAccountId' | 'customerRef' | 'customerEmail' | 'customerPhone'
>

const FIELDS = `id, order_ref as "orderRef", created_at as "createdAt", amount_minor as "amountMinor", currency,
  display_status as "displayStatus"`

/** A number by its last digits, backwards, as `orders_phone_end_idx` has them. */
const PHONE_ENDS = `reverse(${digitsOf('customer_phone')}) like reverse($5) || '%'`

/** Fewer digits are no number of a person. */
const PHONE_DIGITS = 10

/** Reads of what lies beside an order. */
export function relatedOrderReads(sql: Sql) {
  return {
    /** The newest other orders with the same customer reference, address or number, each way through an index. */
    async related(order: Customer, limit: number): Promise<RelatedOrderRow[]> {
      const digits = (order.customerPhone ?? '').replaceAll(/\D/g, '')
      const phone = digits.length < PHONE_DIGITS ? null : digits.slice(-PHONE_DIGITS)
      const one = (by: RelatedOrderRow['matchedBy'], condition: string, present: string) =>
        `(select ${FIELDS}, '${by}' as "matchedBy" from orders
          where merchant_account_id = $1 and id <> $2 and ${present} is not null and ${condition}
          order by created_at desc limit $6)`
      const rows = await sql.rows(
        relatedRow,
        `${one('customer', 'customer_ref = $3', '$3::text')}
         union all ${one('email', 'lower(customer_email) = lower($4)', '$4::text')}
         union all ${one('phone', PHONE_ENDS, '$5::text')}`,
        [order.merchantAccountId, order.id, order.customerRef, order.customerEmail, phone, limit],
      )
      // The strongest likeness comes first, so it is the one that is kept.
      const once = new Map<string, RelatedOrderRow>()
      for (const row of rows) if (!once.has(row.id)) once.set(row.id, row)
      return [...once.values()].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, limit)
    },
  }
}
