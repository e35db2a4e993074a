import { z } from 'zod'
import { columnOf, fieldColumns, rowOf, rowsParameter, selectList, type Row } from './columns.ts'
import type { OrderKey } from './order-locks.ts'
import type { Prepared, Sql } from './sql.ts'

/** Rows that one order can have at most on a page; more would be an attack, not a shop. */
const PER_ORDER_MAX = 200

type Linked = { id: string; orderId: string | null }

/** What the domain makes of a message and of what we hold. */
type Merge<R> = { next: R; changes: readonly unknown[] }

/** What a merge came to, and the row it is kept in. */
export type MergedRow<M> = M & Linked

/**
 * Rows that exist once per reference of Juspay's and change only by merging what a message says: mandates, disputes.
 * `table` has the columns of `shape`, `order_id`, and a unique key of the account and `key`.
 */
export function mergedRows<R extends object>(
  sql: Sql,
  {
    table,
    key,
    shape,
    alsoColumns,
  }: {
    table: string
    key: keyof R & string
    shape: z.ZodType<R> & z.ZodObject
    /** Columns beside the record that a change writes. */
    alsoColumns: readonly string[]
  },
) {
  const fields = Object.keys(shape.shape)
  const list = selectList(['id', 'orderId', ...fields])
  const link = z.object({ id: z.string(), orderId: z.string().nullable() })
  const stored = z.unknown().transform((row) => ({ ...shape.parse(row), ...link.parse(row) }))
  const lock = (accountId: string, ref: string) =>
    sql.first(
      stored,
      `select ${list} from ${table} where merchant_account_id = $1 and ${columnOf(key)} = $2 for update`,
      [accountId, ref],
    )

  const own = fieldColumns(fields)
  const names = [...own.map(([, column]) => column), ...alsoColumns]
  const columns = ['merchant_account_id', ...names].join(', ')
  const given = `json_populate_recordset(null::${table}, $1::json)`
  const rowWith = (accountId: string, next: R, also: Row): Row => ({
    ...rowOf(Object.fromEntries(Object.entries(next)), own),
    ...also,
    merchant_account_id: accountId,
  })

  /** The new row's id; null when another transaction was first. */
  const insert = async (accountId: string, next: R, also: Row): Promise<string | null> => {
    const row = await sql.first(
      z.object({ id: z.string() }),
      `insert into ${table} (${columns}) select ${columns} from ${given}
       on conflict (merchant_account_id, ${columnOf(key)}) do nothing returning id`,
      [rowsParameter([rowWith(accountId, next, also)])],
    )
    return row?.id ?? null
  }

  const update = async <M extends Merge<R>>(
    accountId: string,
    held: R & Linked,
    merge: (current: R) => M,
    also: Row,
  ): Promise<MergedRow<M>> => {
    const { id, orderId } = held
    const merged = merge(shape.parse(held))
    // What came with the last change stays with it when nothing changed; stamps may move all the same.
    const set = merged.changes.length > 0 ? names : own.map(([, column]) => column)
    await sql.run(
      `update ${table} t set ${set.map((name) => `${name} = r.${name}`).join(', ')} from ${given} r
       where t.merchant_account_id = r.merchant_account_id and t.id = r.id`,
      [rowsParameter([{ ...rowWith(accountId, merged.next, also), id }])],
    )
    return { ...merged, id, orderId }
  }

  return {
    /** Locks the row, merges, and writes the result, with `also` when something changed. */
    async merge<M extends Merge<R>>(
      accountId: string,
      ref: string,
      merge: (current: R | null) => M,
      also: Row,
    ): Promise<MergedRow<M>> {
      const current = await lock(accountId, ref)
      if (current !== null) return update(accountId, current, merge, also)
      const merged = merge(null)
      const id = await insert(accountId, merged.next, also)
      if (id !== null) return { ...merged, id, orderId: null }
      const raced = await lock(accountId, ref)
      if (raced === null) throw new Error(`a row of ${table} that conflicts with an insert cannot be found`)
      return update(accountId, raced, merge, also)
    },

    async link(accountId: string, id: string, orderId: string): Promise<void> {
      await sql.run(`update ${table} set order_id = $3 where merchant_account_id = $1 and id = $2`, [
        accountId,
        id,
        orderId,
      ])
    },

    byOrder: (accountId: string, orderId: string): Promise<(R & Linked)[]> =>
      sql.rows(
        stored,
        `select ${list} from ${table} where merchant_account_id = $1 and order_id = $2
         order by first_seen_at, id limit ${PER_ORDER_MAX}`,
        [accountId, orderId],
      ),
  }
}

/** Reads and locks the rows that wait for one of many orders; see {@link keysParameters}. */
export function waitingStatement(table: string, fields: readonly string[]): Prepared {
  return {
    name: `${table}_waiting`,
    text: `select w.id, account_id as "accountId", key, ${selectList(fields, 'w')}
      from unnest($1::uuid[], $2::text[]) as asked (account_id, key)
      join ${table} w on w.merchant_account_id = asked.account_id and lower(w.order_ref) = asked.key
      where w.order_id is null order by w.id for update of w`,
  }
}

/** Orders by their keys as two lists. */
export function keysParameters(orders: readonly OrderKey[]): [string[], string[]] {
  return [orders.map(({ accountId }) => accountId), orders.map(({ key }) => key)]
}
