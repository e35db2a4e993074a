/**
 * Writes the orders of a run with COPY, in one transaction: a run that is stopped leaves nothing behind. Checks, unique
 * keys and triggers hold as for anybody else, so totals that triggers keep are those of the rows.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { NONE_BARE, restore, strip, type Bare } from './bare-tables.ts'
import type { World } from './life.ts'
import { rowsOf, type MadePart, type Rows } from './parts.ts'
import type { Line, PartTable } from './rows.ts'
import { TABLES, type Table } from './tables.ts'
import { makeParts } from './threads.ts'

/** From here on building indexes afterwards is quicker than keeping them up. */
const REBUILD_FROM = 8_000
/** Written part by part, in this order: what refers to a row comes after it. */
const FILLED = [
  'orders',
  'transaction',
  'refund_request',
  'refund',
  'dispute',
  'discrepancy',
  'order_tag',
  'order_change',
] as const satisfies readonly PartTable[]
const UNIQUE_VIOLATION = '23505'
const BLOCK_BYTES = 256 * 1024
/** More notes than any run makes: they are folded at once. */
const NOTES_MAX = 2_000_000_000

export type Progress = (line: { done: number; total: number; what: string }) => void

/** What was written, by table. */
export type Written = Record<Table, number>

export class AlreadySeededError extends Error {}

/**
 * Makes and stores `world.orders` orders over `days` days before `world.end`.
 * @throws AlreadySeededError when orders of this seed are there already
 */
export async function load(url: string, world: World, days: number, progress: Progress): Promise<Written> {
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' })
  await client.connect()
  try {
    await client.query(SETTINGS)
    await client.query('begin')
    const written = await fill(client, world, days, progress)
    progress({ done: world.orders, total: world.orders, what: 'commit' })
    await client.query('commit')
    for (const table of Object.keys(TABLES)) {
      progress({ done: world.orders, total: world.orders, what: `vacuum ${table}` })
      await client.query(`vacuum (analyze) ${table}`)
    }
    return written
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION)
      throw new AlreadySeededError('Orders of this seed are there already: take another --seed.')
    throw error
  } finally {
    await client.end()
  }
}

/** A crash may take the run with it, and nothing else. Figures are counted in memory: half a million groups of them. */
const SETTINGS = `set synchronous_commit = off; set maintenance_work_mem = '512MB'; set work_mem = '256MB'`

async function fill(client: pg.Client, world: World, days: number, progress: Progress): Promise<Written> {
  const written = Object.fromEntries(Object.keys(TABLES).map((table) => [table, 0])) as Written
  const told = (what: string): void => progress({ done: written.orders, total: world.orders, what })
  const bare = world.orders >= REBUILD_FROM ? await strip(client, FILLED) : NONE_BARE
  const partitions = await monthsOf(client)
  const [events, deeds]: [Line[], Line[]] = [[], []]
  for await (const part of makeParts({ world, days, partitions })) {
    events.push(...part.events)
    deeds.push(...part.deeds)
    await writePart(client, part, bare, written)
    told('orders')
  }
  await copy(client, 'webhook_event', rowsOf(inOrder(events)), written)
  await copy(client, 'audit_entry', rowsOf(inOrder(deeds)), written)
  await restore(client, bare, told)
  told('figures')
  if (bare.triggers.length > 0)
    await client.query(`select count(*) from recount_figures($1, '-infinity', 'infinity')`, [world.accountId])
  // Else notes would wait for the first server that runs; null when one is at it right now.
  else await client.query('select fold_figures($1)', [NOTES_MAX])
  return written
}

async function writePart(client: pg.Client, { rows }: MadePart, bare: Bare, written: Written): Promise<void> {
  for (const table of FILLED)
    await copy(client, table, rows[table], written, bare.tables.has(table) ? 'with (freeze)' : '')
}

async function copy(
  client: pg.Client,
  table: Table,
  { count, bytes }: Rows,
  written: Written,
  how = '',
): Promise<void> {
  if (count === 0) return
  const columns = TABLES[table].map((column) => `"${column}"`).join(', ')
  await pipeline(
    Readable.from(blocks(bytes)),
    client.query(copyFrom(`copy ${table} (${columns}) from stdin ${how}`)),
  )
  written[table] += count
}

function* blocks(bytes: Uint8Array<ArrayBuffer>): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    yield Buffer.from(bytes.buffer, at, Math.min(BLOCK_BYTES, bytes.length - at))
}

function inOrder(lines: readonly Line[]): string[] {
  return lines.toSorted((a, b) => a.atMs - b.atMs).map(({ text }) => text)
}

/** Months that webhook events have a partition of. */
async function monthsOf(client: pg.Client): Promise<Set<number>> {
  const { rows } = await client.query<{ bucket: number }>(
    `select substring(c.relname from '[0-9]+$')::int as bucket from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'webhook_event'::regclass`,
  )
  return new Set(rows.map(({ bucket }) => bucket))
}
