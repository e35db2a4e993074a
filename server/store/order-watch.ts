/** What is asked of a list that is looked at while nobody is there. */
import type { AlertLook, AlertRule } from '../domain/view-alert.ts'
import { isTimeout } from './database.ts'
import { orderSearch } from './orders-search.ts'
import type { OrderFilter } from './orders-where.ts'
import type { Sql } from './sql.ts'

/** Give it the connections that people search with: a look may take as long as theirs, and waits with them. */
export function orderWatch(sql: Sql) {
  const orders = orderSearch(sql)
  return {
    /** What a rule has to know; reads one row more than its threshold at most. Null when it took too long. */
    look: (
      accountId: string,
      filter: OrderFilter,
      { kind, threshold }: AlertRule,
    ): Promise<AlertLook | null> =>
      inTime(async () => {
        if (kind === 'more_than')
          return { kind, more: (await orders.countUpTo(accountId, filter, threshold)).more }
        const { rows } = await orders.list(accountId, filter, { sort: 'created', cursor: null, limit: 1 })
        return { kind, oldestAt: rows[0]?.createdAt ?? null }
      }),

    /** How many rows there are, and one more than `max` when there are more; null when it took too long. */
    rows: (accountId: string, filter: OrderFilter, max: number): Promise<number | null> =>
      inTime(async () => {
        const { count, more } = await orders.countUpTo(accountId, filter, max)
        return more ? max + 1 : count
      }),
  }
}

async function inTime<T>(search: () => Promise<T>): Promise<T | null> {
  try {
    return await search()
  } catch (error) {
    if (isTimeout(error)) return null
    throw error
  }
}
