/**
 * How many webhooks a second are received durably, beside what bounds it: single-row inserts of the same rows into
 * the same table without HTTP, and a bare HTTP server without a database. All on the same cluster in the same run,
 * with the load on the same two cores.
 */
import pg from 'pg'
import { eventIdOf } from '../../server/store/webhook-intake.ts'
import { readEnvelope } from '../../server/webhooks/envelope.ts'
import { TEST_SECRET_KEY } from '../support/factories.ts'
import { startServer, type ServerEntry } from '../faults/server-process.ts'
import { storyOf } from '../faults/stories.ts'
import type { Database } from '../faults/world.ts'
import type { Bench, BenchContext, BenchResult, Row } from './bench.ts'
import { postOf, sendAll, type LoadResult } from './http-load.ts'

const CONNECTIONS = [1, 8, 32, 128]
/** Requests of one measurement: about two to four seconds each. */
const REQUESTS: Readonly<Record<number, number>> = { 1: 3_000, 8: 10_000, 32: 16_000, 128: 16_000 }
const ROUNDS = 3
/** Steady rates at which Juspay's wait is measured, with processing under way. */
const STEADY = [
  { rate: 200, seconds: 20, p99Ms: 25 },
  { rate: 1_000, seconds: 15, p99Ms: 50 },
]
const STEADY_CONNECTIONS = 32

export const ingest: Bench = {
  name: 'ingest',
  title: 'Durable webhooks per second, 3 KB bodies',
  async run(context) {
    const database = await context.ground.newDatabase()
    try {
      const throughput = await measureThroughput(context, database)
      const steady = await measureSteady(context, database)
      return { rows: [...throughput.rows, ...steady.rows], aims: [...throughput.aims, ...steady.aims] }
    } finally {
      await database.close()
    }
  },
}

async function measureThroughput(
  { scale, progress }: BenchContext,
  database: Database,
): Promise<BenchResult> {
  const bodies = bodyMaker(1)
  const rows: Row[] = []
  const servers = {
    bare: await serve(database, 'bare'),
    paydesk: await serve(database, 'receiving'),
  }
  try {
    for (const connections of CONNECTIONS) {
      const count = Math.round((REQUESTS[connections] ?? 0) * scale)
      const rates = { insert: [] as number[], bare: [] as number[], paydesk: [] as LoadResult[] }
      // In turns, so that a noisy moment of the machine meets all three alike; the best of each is compared.
      for (let round = 1; round <= ROUNDS; round += 1) {
        progress(`${connections} connections, round ${round} of ${ROUNDS}`)
        rates.insert.push(await insertSingly(database, bodies(count), connections))
        rates.bare.push(rateOf(await load(servers.bare.url, database, bodies(count), connections, null)))
        rates.paydesk.push(await load(servers.paydesk.url, database, bodies(count), connections, null))
        await emptyTable(database)
      }
      const [insert, bare] = [Math.max(...rates.insert), Math.max(...rates.bare)]
      const best = rates.paydesk.toSorted((a, b) => rateOf(b) - rateOf(a))[0]
      if (best === undefined) throw new Error('nothing was measured')
      rows.push({
        name: `${connections} connections`,
        'webhooks/s': Math.round(rateOf(best)),
        'p50 ms': round1(best.p50),
        'p99 ms': round1(best.p99),
        'inserts/s': Math.round(insert),
        'of inserts': round2(rateOf(best) / insert),
        'bare HTTP/s': Math.round(bare),
        'of bare HTTP': round2(rateOf(best) / bare),
        'not 200': rates.paydesk.reduce((sum, one) => sum + one.other, 0),
      })
    }
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.close()))
  }
  const aims = rows
    .filter((row) => ['32 connections', '128 connections'].includes(row.name))
    .map((row) => ({
      aim: `at least as many as single-row inserts at ${row.name}`,
      found: `${row['of inserts']} of the insert rate`,
      met: Number(row['of inserts']) >= 1 && row['not 200'] === 0,
    }))
  return { rows, aims }
}

async function measureSteady({ scale, progress }: BenchContext, database: Database): Promise<BenchResult> {
  const bodies = bodyMaker(2)
  const server = await serve(database, 'real')
  const [rows, aims]: [Row[], BenchResult['aims']] = [[], []]
  try {
    // A server that has just started compiles while it answers; that is not what lasts.
    await load(server.url, database, bodies(500), STEADY_CONNECTIONS, 100)
    for (const { rate, seconds, p99Ms } of STEADY) {
      progress(`steady ${rate}/s`)
      const count = Math.round(rate * seconds * scale)
      const result = await load(server.url, database, bodies(count), STEADY_CONNECTIONS, rate)
      rows.push({
        name: `steady ${rate}/s, processing`,
        'webhooks/s': Math.round(rateOf(result)),
        'p50 ms': round1(result.p50),
        'p99 ms': round1(result.p99),
        'inserts/s': null,
        'of inserts': null,
        'bare HTTP/s': null,
        'of bare HTTP': null,
        'not 200': result.other,
      })
      aims.push({
        aim: `p99 at most ${p99Ms} ms at ${rate}/s with processing under way`,
        found: `${round1(result.p99)} ms`,
        met: result.p99 <= p99Ms && result.other === 0,
      })
    }
  } finally {
    await server.close()
  }
  return { rows, aims }
}

async function serve(database: Database, entry: ServerEntry) {
  const server = await startServer({ databaseUrl: database.url, secretKey: TEST_SECRET_KEY, entry })
  await server.ready()
  return server
}

function load(
  url: string,
  database: Database,
  bodies: readonly Buffer[],
  connections: number,
  rate: number | null,
): Promise<LoadResult> {
  const headers = { authorization: database.authorization, 'content-type': 'application/json' }
  const path = `/webhooks/juspay/${database.slug}`
  const requests = bodies.map((body) => postOf(url, path, headers, body))
  return sendAll({ url, requests, connections, rate })
}

/** One INSERT with its own commit per body, as a receiver without grouping would do: the rate of the database. */
async function insertSingly(
  database: Database,
  bodies: readonly Buffer[],
  connections: number,
): Promise<number> {
  const pool = new pg.Pool({ connectionString: database.url, max: connections, min: connections })
  const text = `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers,
      remote_address, event_ref, event_name, order_key)
    values ($1, 0, $2, $3, $4, $5, '{"content-type":"application/json"}', '127.0.0.1', $6, $7, $8)
    on conflict (id, bucket) do update set delivery_count = webhook_event.delivery_count + 1`
  const rows = bodies.map((body) => {
    const envelope = readEnvelope(body)
    const id = eventIdOf({ ...envelope, accountId: database.accountId })
    const { dedupeKey, bodySha256, eventRef, eventName, orderRef } = envelope
    return [id, database.accountId, dedupeKey, bodySha256, body, eventRef, eventName, orderRef?.toLowerCase()]
  })
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()))
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      for (let row = rows[next++]; row !== undefined; row = rows[next++])
        await client.query({ name: 'insert', text, values: row })
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  for (const client of clients) client.release()
  await pool.end()
  return bodies.length / seconds
}

/** Each measurement starts with the same table, as far as can be. */
async function emptyTable(database: Database): Promise<void> {
  await database.pool.query('truncate webhook_event')
  await database.pool.query('checkpoint')
}

/** Webhooks of orders that have not been before, made before the clock starts. */
function bodyMaker(seed: number): (count: number) => Buffer[] {
  const plan = { seed: seed * 1_000 + (Math.floor(Date.now() / 1_000) % 1_000), startedAt: new Date() }
  let order = 0
  const ready: Buffer[] = []
  return (count) => {
    while (ready.length < count) {
      ready.push(...storyOf(plan, order).letters.map((letter) => letter.body))
      order += 1
    }
    return ready.splice(0, count)
  }
}

const rateOf = ({ requests, seconds }: LoadResult): number => requests / seconds
const round1 = (value: number): number => Math.round(value * 10) / 10
const round2 = (value: number): number => Math.round(value * 100) / 100
