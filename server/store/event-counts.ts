import { z } from 'zod'
import { eventsWhere, type EventSearch } from './event-search.ts'
import type { Sql } from './sql.ts'
import { WITH_ORDER } from './webhook-events-read.ts'

const countRow = z.object({ count: z.bigint() })

/** Counts of webhook events. */
export function eventCounts(sql: Sql) {
  return {
    /** How many events match, counted up to `max`. */
    async countUpTo(
      accountId: string,
      search: EventSearch,
      max: number,
    ): Promise<{ count: number; more: boolean }> {
      const { text, values } = eventsWhere(accountId, search)
      const row = await sql.first(
        countRow,
        `select count(*) as count
         from (select 1 from webhook_event ${WITH_ORDER} where ${text} limit ${max + 1}) as bounded`,
        values,
      )
      const count = Number(row?.count ?? 0n)
      return { count: Math.min(count, max), more: count > max }
    },
  }
}
