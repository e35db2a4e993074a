import { z } from 'zod'
import type { Sql } from './sql.ts'

/** Tables that processing fills; partitions of webhook events go by their own names. */
const GROWING = [
  'orders',
  'transaction',
  'refund',
  'order_change',
  'live_change',
  'discrepancy',
  'figure_slot',
]
/** Rows that must have come at least: below this any plan is good. */
const GROWN_MIN = 1_000

const nameRow = z.object({ name: z.string() })

/** What PostgreSQL knows of the size of tables. */
export function tableStatistics(sql: Sql) {
  return {
    /**
     * Tables that have more than doubled since they were counted. Every connection keeps plans, those of foreign keys
     * included, that were made for the size a table had then; counting it throws them away. Autovacuum does the same,
     * but a backlog can fill an empty table long before it comes by.
     */
    async outgrown(): Promise<string[]> {
      const rows = await sql.rows(
        nameRow,
        `select quote_ident(c.relname) as name from pg_class c join pg_stat_user_tables s on s.relid = c.oid
         where (c.relname = any($1) or c.relispartition)
           and s.n_mod_since_analyze > greatest($2, c.reltuples)`,
        [GROWING, GROWN_MIN],
      )
      return rows.map(({ name }) => name)
    },

    /** Counts one table. `name` is as {@link outgrown} says it. */
    async count(name: string): Promise<void> {
      await sql.run(`analyze ${name}`)
    },
  }
}
