import { z } from 'zod'
import { selectList } from './columns.ts'
import { orderRow, STORED_ORDER_FIELDS, type StoredOrder } from './order-rows.ts'
import type { Prepared, Sql } from './sql.ts'
import { isUuid } from './text-sql.ts'

/** What an order may have beside itself, and whether this one (`o`) has any of it. */
const KEPT = {
  refunds: `exists (select from refund r where r.merchant_account_id = o.merchant_account_id and r.order_id = o.id)
    or exists (select from refund_request q where q.merchant_account_id = o.merchant_account_id and q.order_id = o.id)`,
  discrepancies: any('discrepancy'),
  disputes: any('dispute'),
  events: any('webhook_event'),
  gaps: any('webhook_gap'),
  notes: any('order_note'),
  checks: any('status_check'),
  deeds: `exists (select from audit_entry a where a.merchant_account_id = o.merchant_account_id
    and a.subject_kind = 'order' and a.subject_id = o.id::text)`,
} as const

function any(table: string): string {
  return `exists (select from ${table} k where k.merchant_account_id = o.merchant_account_id and k.order_id = o.id)`
}

export type OrderKept = keyof typeof KEPT

/** An order, and what there is about it: most orders have nothing of most, and a page asks only for what there is. */
export type PageOrder = StoredOrder & { has: Readonly<Record<OrderKept, boolean>> }

const pageOrderRow = orderRow.extend({
  has: z.record(z.enum(Object.keys(KEPT) as OrderKept[]), z.boolean()),
}) satisfies z.ZodType<PageOrder>

const HAS = Object.entries(KEPT)
  .map(([kept, exists]) => `'${kept}', ${exists}`)
  .join(', ')

function pageOrderBy(name: string, condition: string): Prepared {
  const text = `select ${selectList(STORED_ORDER_FIELDS, 'o')}, json_build_object(${HAS}) as has
    from orders o where o.merchant_account_id = $1 and ${condition}`
  return { name, text }
}

const BY_REF = pageOrderBy('order_page_by_ref', 'o.order_ref_key = lower($2)')
const BY_ID = pageOrderBy('order_page_by_id', 'o.id = $2')

/** The order that a page is about. */
export function orderPageReads(sql: Sql) {
  const pageById = (accountId: string, orderId: string): Promise<PageOrder | null> =>
    sql.first(pageOrderRow, BY_ID, [accountId, orderId])
  return {
    pageById,

    /** By the merchant's reference or by our id; the reference wins when some text is both. */
    async pageOf(accountId: string, refOrId: string): Promise<PageOrder | null> {
      const found = await sql.first(pageOrderRow, BY_REF, [accountId, refOrId])
      return found === null && isUuid(refOrId) ? pageById(accountId, refOrId) : found
    },
  }
}
