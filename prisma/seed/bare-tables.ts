/**
 * Tables that are filled from empty stand bare meanwhile: building an index over a million rows at once costs a fraction
 * of growing it row by row, and rows of a table that was emptied in the same transaction are written once and for all.
 * Inside the caller's transaction, so that nobody ever sees a table without what belongs to it.
 */
import type pg from 'pg'

type Definition = { table: string; name: string; definition: string }

export type Bare = {
  /** Tables without a row, locked against everybody else. */
  tables: ReadonlySet<string>
  indexes: Definition[]
  keys: Definition[]
  triggers: { table: string; name: string }[]
}

/**
 * Triggers that note each statement for the figures; a recount says the same of all rows at once. Both or none: it counts
 * both kinds.
 */
const NOTING = [
  { table: 'orders', name: 'orders_made_noted' },
  { table: 'refund', name: 'refunds_made_noted' },
] as const

/** What triggers that stay look rows up by: without it, each part of a run would read all refunds for each of its requests. */
const READ_BY_TRIGGERS = ['refund_refund_request_id_attempt_no_key']

export const NONE_BARE: Bare = { tables: new Set(), indexes: [], keys: [], triggers: [] }

/**
 * Takes everything off those of `tables` that are empty: foreign keys from and to them, indexes other than what a
 * constraint stands on or a trigger reads by, and triggers that note figures.
 */
export async function strip(client: pg.ClientBase, tables: readonly string[]): Promise<Bare> {
  const empty = await lockEmpty(client, tables)
  if (empty.length === 0) return NONE_BARE
  const { rows: keys } = await client.query<Definition>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conparentid = 0
       and (conrelid = any($1::regclass[]) or confrelid = any($1::regclass[]))`,
    [empty],
  )
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
  // Now that no key stands on a unique index any more.
  const { rows: indexes } = await client.query<Definition>(
    `select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indrelid = any($1::regclass[])
       and i.indexrelid <> all($2::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [empty, READ_BY_TRIGGERS],
  )
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  const triggers = NOTING.every(({ table }) => empty.includes(table)) ? [...NOTING] : []
  for (const { table, name } of triggers) await client.query(`alter table ${table} disable trigger ${name}`)
  // Rows of a table emptied in this transaction are written as old ones: nothing has to visit them again.
  await client.query(`truncate ${empty.join(', ')}`)
  return { tables: new Set(empty), indexes, keys, triggers }
}

/** Those of `tables` without a row; they stay so until the transaction ends, but for what it writes itself. */
async function lockEmpty(client: pg.ClientBase, tables: readonly string[]): Promise<string[]> {
  const likely = await emptyOf(client, tables)
  if (likely.length === 0) return []
  await client.query(`lock table ${likely.join(', ')} in access exclusive mode`)
  // Somebody may have been quicker.
  return emptyOf(client, likely)
}

async function emptyOf(client: pg.ClientBase, tables: readonly string[]): Promise<string[]> {
  const empty: string[] = []
  for (const table of tables) {
    const { rows } = await client.query<{ any: boolean }>(`select exists (select from ${table}) as any`)
    if (rows[0]?.any === false) empty.push(table)
  }
  return empty
}

/** Puts back what {@link strip} took, word for word; `told` hears of each before it is made. */
export async function restore(
  client: pg.ClientBase,
  { indexes, keys, triggers }: Bare,
  told: (what: string) => void,
): Promise<void> {
  const statements = [
    ...indexes.map(({ definition }) => definition),
    ...keys.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ...triggers.map(({ table, name }) => `alter table ${table} enable trigger ${name}`),
  ]
  for (const [at, statement] of statements.entries()) {
    told(`index ${at + 1} of ${statements.length}`)
    await client.query(statement)
  }
}
