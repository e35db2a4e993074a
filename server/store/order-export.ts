/** The orders of a file, read through a cursor: rows are in memory a page at a time, however many there are. */
import { z } from 'zod'
import { DISCREPANCY_KINDS } from '../domain/discrepancy.ts'
import type { ExportRow } from '../domain/order-export.ts'
import { DISPLAY_STATUSES } from '../domain/payment-status.ts'
import { selectList } from './columns.ts'
import { CHANGE_SOURCES } from './order-changes.ts'
import type { OrderSort } from '../domain/order-columns.ts'
import { tagsSql } from './order-tags.ts'
import { orderBy } from './orders-order.ts'
import { whereOf, type OrderFilter, type Where } from './orders-where.ts'
import type { Sql } from './sql.ts'

/** Rows of one page: some hundred kilobytes. */
const PAGE = 1_000

const text = z.string().nullable()
const plain = {
  orderRef: z.string(),
  createdAt: z.date(),
  changedAt: z.date(),
  amountMinor: z.bigint(),
  currency: z.string(),
  displayStatus: z.enum(DISPLAY_STATUSES),
  methodType: text,
  method: text,
  cardBrand: text,
  cardLast4: text,
  gateway: text,
  gatewayRef: text,
  rrn: text,
  errorMessage: text,
  customerName: text,
  customerEmail: text,
  customerPhone: text,
  chargedMinor: z.bigint(),
  reservedMinor: z.bigint(),
  refundedMinor: z.bigint(),
  externalRefundedMinor: z.bigint(),
  externalPendingMinor: z.bigint(),
  disputedMinor: z.bigint(),
}

const exportRow = z.object({
  ...plain,
  udf: z.record(z.string(), z.string()).nullable(),
  source: z.enum(CHANGE_SOURCES).nullable(),
  discrepancy: z.enum(DISCREPANCY_KINDS).nullable(),
  tags: z.array(z.string()).nullable(),
}) satisfies z.ZodType<ExportRow>

const LIST = selectList(Object.keys(plain))
const SOURCE = `(select c.source from order_change c where c.merchant_account_id = orders.merchant_account_id
  and c.order_id = orders.id order by c.at desc, c.seq desc limit 1)`
const DISCREPANCY = `(select d.kind from discrepancy d where d.merchant_account_id = orders.merchant_account_id
  and d.order_id = orders.id and d.status = 'open' order by d.found_at desc, d.id limit 1)`

/** Which orders: those of a list, or some by their ids. */
export type ExportedOrders = { filter: OrderFilter } | { orderIds: readonly string[] }

/** What is looked up for each row beside the order itself; a file without such a column does not pay for it. */
export type ExportParts = { udf: boolean; source: boolean; discrepancy: boolean; tags: boolean }

/** Reads for files. */
export function orderExportReads(sql: Sql) {
  return {
    /** Orders page by page in the order of the list. Only inside a transaction (`store.snapshot`). */
    async *exportPages(
      accountId: string,
      which: ExportedOrders,
      { sort, parts }: { sort: OrderSort; parts: ExportParts },
    ): AsyncGenerator<ExportRow[], void, void> {
      const where = whereOfExport(accountId, which)
      await sql.run(
        `declare exported_orders no scroll cursor for
         select ${LIST}, ${parts.udf ? 'udf' : 'null::jsonb'} as udf, ${parts.source ? SOURCE : 'null::text'} as source,
           ${parts.discrepancy ? DISCREPANCY : 'null::text'} as discrepancy,
           ${parts.tags ? tagsSql('orders') : 'null::text[]'} as tags
         from orders where ${where.text} order by ${orderBy(sort, false)}`,
        where.values,
      )
      for (;;) {
        const page = await sql.rows(exportRow, `fetch ${PAGE} from exported_orders`)
        if (page.length > 0) yield page
        if (page.length < PAGE) break
      }
      await sql.run('close exported_orders')
    },
  }
}

function whereOfExport(accountId: string, which: ExportedOrders): Where {
  if ('filter' in which) return whereOf(accountId, which.filter)
  return {
    text: 'merchant_account_id = $1 and id = any($2::uuid[])',
    values: [accountId, [...which.orderIds]],
  }
}
