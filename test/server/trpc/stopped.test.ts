/** Somebody stops a search that takes long: its statement ends with it, and nothing of it is a fault of ours. */
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SEARCH_TIMEOUT_MS } from '../../../server/store/database.ts'
import { createTestApp, type TestApp } from '../../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
let app: TestApp
let outside: pg.Client
const logged: string[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) })
  app = await createTestApp({ database, log })
  outside = new pg.Client({ connectionString: database.url })
  await outside.connect()
})

afterAll(async () => {
  await outside.end()
  await app.close()
  await database.drop()
})

/** Reads of orders that wait for the table. */
async function waiting(): Promise<number> {
  const found = await outside.query<{ n: number }>(
    `select count(*)::int as n from pg_locks
     where not granted and relation = 'orders'::regclass and database = (select oid from pg_database where datname = current_database())`,
  )
  return found.rows[0]?.n ?? 0
}

/** For a machine that is busy with other things. */
const PATIENCE = { timeout: 10_000 }
const INPUT = JSON.stringify({ 0: { json: {} }, 1: { json: { exactly: true } } })
const LIST = `orders.list,orders.total?batch=1&input=${encodeURIComponent(INPUT)}`

test('the statements of a list that nobody waits for any more are stopped', async () => {
  const viewer = await app.as('viewer')
  await outside.query('begin; lock table orders in access exclusive mode')
  try {
    const stop = new AbortController()
    const asked = viewer.fetch(`/trpc/${LIST}`, { signal: stop.signal })
    await vi.waitUntil(async () => (await waiting()) === 2, PATIENCE)
    const before = performance.now()
    stop.abort()
    await expect(asked).rejects.toThrow(/abort/i)
    await vi.waitUntil(async () => (await waiting()) === 0, PATIENCE)
    // Not because their time was over.
    expect(performance.now() - before).toBeLessThan(SEARCH_TIMEOUT_MS / 2)
  } finally {
    await outside.query('rollback')
  }
  await expect(viewer.trpc.orders.list.query({})).resolves.toMatchObject({ nextCursor: null })
  expect(logged).toEqual([])
})
