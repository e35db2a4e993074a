/**
 * Writes the orders of a run with COPY, in one transaction: a run that is stopped leaves nothing behind. Checks, unique
 * keys and triggers hold as for anybody else, so totals that triggers keep are those of the rows.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { emptyTables, restore, strip } from './bare-tables.ts'
import type { World } from './life.ts'
import { orderLife } from './orders.ts'
import { addLife, emptyPart, type Line, type Part } from './rows.ts'
import { TABLES, type Table } from './tables.ts'
import { arrivalTimes } from './times.ts'

/** Orders of one part: its rows are a few megabytes of text for each table. */
const PART_ORDERS = 5_000
/** From here on building indexes afterwards is quicker than keeping them up. */
const REBUILD_FROM = 8_000
/** Tables that referring to others makes slow, and those with indexes to speak of. */
const FILLED = [
  'orders',
  'transaction',
  'refund_request',
  'refund',
  'dispute',
  'discrepancy',
  'order_change',
] as const
const UNIQUE_VIOLATION = '23505'
const LINES_AT_ONCE = 2_000

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
    // A crash may take the run with it, and nothing else.
    await client.query(
      `set synchronous_commit = off; set maintenance_work_mem = '512MB'; set work_mem = '64MB'`,
    )
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

async function fill(client: pg.Client, world: World, days: number, progress: Progress): Promise<Written> {
  const written = Object.fromEntries(Object.keys(TABLES).map((table) => [table, 0])) as Written
  const rebuild = world.orders >= REBUILD_FROM
  const stripped = await strip(client, rebuild ? await emptyTables(client, FILLED) : [])
  const partitions = await monthsOf(client)
  const [events, deeds]: [Line[], Line[]] = [[], []]
  let writing = Promise.resolve()
  for (const part of parts(world, days, partitions)) {
    events.push(...part.events)
    deeds.push(...part.deeds)
    // While PostgreSQL takes one part, the next is made.
    await writing
    writing = writePart(client, part, written)
    writing.catch(() => undefined)
    progress({ done: written.orders, total: world.orders, what: 'orders' })
    await turn()
  }
  await writing
  await copy(client, 'webhook_event', inOrder(events), written)
  await copy(client, 'audit_entry', inOrder(deeds), written)
  await restore(client, stripped, (what) => progress({ done: world.orders, total: world.orders, what }))
  return written
}

/** The run in parts, each made when it is asked for. */
function* parts(world: World, days: number, partitions: ReadonlySet<number>): Generator<Part> {
  const timeOf = arrivalTimes(world.orders, days, world.end.getTime())
  for (let from = 0; from < world.orders; from += PART_ORDERS) {
    const part = emptyPart()
    for (let n = from; n < Math.min(from + PART_ORDERS, world.orders); n += 1)
      addLife(part, world, orderLife(world, n, timeOf), partitions)
    yield part
  }
}

async function writePart(client: pg.Client, { lines }: Part, written: Written): Promise<void> {
  for (const table of FILLED) await copy(client, table, lines[table], written)
}

async function copy(
  client: pg.Client,
  table: Table,
  lines: readonly string[],
  written: Written,
): Promise<void> {
  if (lines.length === 0) return
  const columns = TABLES[table].map((column) => `"${column}"`).join(', ')
  await pipeline(
    Readable.from(blocks(lines)),
    client.query(copyFrom(`copy ${table} (${columns}) from stdin`)),
  )
  written[table] += lines.length
}

/** Few large writes instead of one for each row. */
function* blocks(lines: readonly string[]): Generator<Buffer> {
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE)
    yield Buffer.from(lines.slice(at, at + LINES_AT_ONCE).join(''))
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
