/**
 * Indexes and foreign keys of tables that are filled from empty: building an index over a million rows at once costs a
 * fraction of growing it row by row. Inside the caller's transaction, so that nobody ever sees a table without them.
 */
import type pg from 'pg'

type Definition = { table: string; name: string; definition: string }

export type Stripped = { indexes: Definition[]; keys: Definition[] }

/** Of `tables`, those without a row. */
export async function emptyTables(client: pg.ClientBase, tables: readonly string[]): Promise<string[]> {
  const empty: string[] = []
  for (const table of tables) {
    const { rows } = await client.query<{ any: boolean }>(`select exists (select from ${table}) as any`)
    if (rows[0]?.any === false) empty.push(table)
  }
  return empty
}

/** Takes foreign keys and indexes off `tables`, all but what constraints stand on; answers what to put back. */
export async function strip(client: pg.ClientBase, tables: readonly string[]): Promise<Stripped> {
  const { rows: keys } = await client.query<Definition>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conrelid = any($1::regclass[]) and conparentid = 0`,
    [tables],
  )
  const { rows: indexes } = await client.query<Definition>(
    `select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indrelid = any($1::regclass[]) and not i.indisunique
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  )
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  return { keys, indexes }
}

/** Puts back what {@link strip} took, word for word; `told` hears of each index before it is built. */
export async function restore(
  client: pg.ClientBase,
  { keys, indexes }: Stripped,
  told: (what: string) => void,
): Promise<void> {
  const statements = [
    ...indexes.map(({ definition }) => definition),
    ...keys.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
  ]
  for (const [at, statement] of statements.entries()) {
    told(`index ${at + 1} of ${statements.length}`)
    await client.query(statement)
  }
}
