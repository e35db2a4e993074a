import { z } from 'zod'
import { UNREFUNDABLE } from '../domain/refund-block.ts'
import { whereOf, type OrderFilter } from './orders-where.ts'
import type { Sql } from './sql.ts'

const row = z.object({
  currency: z.string(),
  count: z.bigint(),
  amountMinor: z.bigint(),
  leftMinor: z.bigint(),
  /** As `unrefundableOf` (refund-block.ts) decides. */
  blocked: z.enum(UNREFUNDABLE).nullable(),
})

/** All orders of a filter, added up: one line for each currency and reason. */
export type SelectionSum = z.infer<typeof row>

/** Sums over all orders that match. */
export function orderSelection(sql: Sql) {
  return {
    /** Exact: reads every order that matches, for as long as a search may take. */
    async sums(accountId: string, filter: OrderFilter): Promise<SelectionSum[]> {
      const where = whereOf(accountId, filter)
      return sql.rows(
        row,
        `select currency, blocked, count(*) as count, sum(amount_minor)::bigint as "amountMinor",
           coalesce(sum(left_minor) filter (where blocked is null), 0)::bigint as "leftMinor"
         from (select currency, amount_minor, left_minor,
             case when charged_minor <= 0 then 'not_charged' when excess_minor > 0 then 'overrun'
               when left_minor <= 0 then 'nothing_left' when unconfirmed_since is not null then 'unconfirmed' end as blocked
           from (select currency, amount_minor, charged_minor, excess_minor, unconfirmed_since,
               charged_minor - reserved_minor - refunded_minor - external_refunded_minor - disputed_minor as left_minor
             from orders where ${where.text}) as found) as weighed
         group by currency, blocked order by currency, blocked nulls first`,
        where.values,
      )
    },
  }
}
