import { z } from 'zod'
import { DISCREPANCY_KINDS } from '../domain/discrepancy.ts'
import { CHANGE_SOURCES } from './order-changes.ts'
import { tagsSql } from './order-tags.ts'
import type { Sql } from './sql.ts'

const extrasRow = z.object({
  id: z.string(),
  gatewayRef: z.string().nullable(),
  rrn: z.string().nullable(),
  methodType: z.string().nullable(),
  method: z.string().nullable(),
  cardBrand: z.string().nullable(),
  udf: z.record(z.string(), z.string()),
  source: z.enum(CHANGE_SOURCES).nullable(),
  discrepancy: z.enum(DISCREPANCY_KINDS).nullable(),
  tags: z.array(z.string()),
})

/** What columns that are off by default show of an order. `source` is that of its last change. */
export type OrderExtrasRow = z.infer<typeof extrasRow>

/** The wide part of orders, for rows that are on screen: the list itself stays narrow. */
export function orderExtras(sql: Sql) {
  return {
    /** In no order; orders of another account are left out. */
    extras: (accountId: string, orderIds: readonly string[]): Promise<OrderExtrasRow[]> =>
      sql.rows(
        extrasRow,
        `select o.id, o.gateway_ref as "gatewayRef", o.rrn, o.method_type as "methodType", o.method,
           o.card_brand as "cardBrand", o.udf,
           (select c.source from order_change c where c.merchant_account_id = o.merchant_account_id
              and c.order_id = o.id order by c.at desc, c.seq desc limit 1) as source,
           (select d.kind from discrepancy d where d.merchant_account_id = o.merchant_account_id
              and d.order_id = o.id and d.status = 'open' order by d.found_at desc, d.id limit 1) as discrepancy,
           ${tagsSql('o')} as tags
         from orders o where o.merchant_account_id = $1 and o.id = any($2::uuid[])`,
        [accountId, [...new Set(orderIds)]],
      ),
  }
}
