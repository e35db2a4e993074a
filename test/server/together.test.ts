/** Reads that begin in the same turn travel together, and each comes to its own end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connect, PAGES_POOL_SIZE, type Database } from '../../server/store/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let made: TestDatabase
let database: Database

beforeAll(async () => {
  made = await createTestDatabase()
  database = connect(made.url, { connectTimeoutMs: 200 })
})
afterAll(async () => {
  await database.close()
  await made.drop()
})

const backend = z.object({ pid: z.number(), no: z.number() })
const PID = 'select pg_backend_pid() as pid, $1::int as no'

const pids = (count: number): Promise<{ pid: number; no: number }[]> =>
  Promise.all(Array.from({ length: count }, (_, no) => database.pages.rows(backend, PID, [no]))).then((all) =>
    all.flat(),
  )

describe('reads of one turn', () => {
  test('are answered each with its own rows, over one connection', async () => {
    const found = await pids(12)
    expect(found.map(({ no }) => no)).toEqual(Array.from({ length: 12 }, (_, no) => no))
    expect(new Set(found.map(({ pid }) => pid)).size).toBe(1)
  })

  test('are divided where they are many, and all are answered', async () => {
    const found = await pids(200)
    expect(found.map(({ no }) => no)).toEqual(Array.from({ length: 200 }, (_, no) => no))
    expect(new Set(found.map(({ pid }) => pid)).size).toBeGreaterThan(1)
  })

  test('succeed or fail by themselves', async () => {
    const settled = await Promise.allSettled(
      [2, 0, 4, 0, 1].map((by) =>
        database.pages.first(z.object({ n: z.number() }), 'select 12 / $1::int as n', [by]),
      ),
    )
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value?.n : String(one.reason)))).toEqual([
      6,
      'error: division by zero',
      3,
      'error: division by zero',
      12,
    ])
  })

  test('share a prepared statement that none of them has prepared yet', async () => {
    const statement = { name: 'together_test', text: 'select $1::int as no, 0 as pid' }
    const found = await Promise.all([7, 8, 9].map((no) => database.pages.first(backend, statement, [no])))
    expect(found.map((row) => row?.no)).toEqual([7, 8, 9])
  })

  test('cannot write', async () => {
    await expect(database.pages.run('create table never (id int)')).rejects.toThrow(/read-only transaction/)
  })
})

test('a connection that dies fails what travels on it, and nothing after', async () => {
  const [first] = await pids(1)
  const dying = Promise.allSettled([
    database.pages.run('select pg_terminate_backend($1)', [first?.pid]),
    ...[1, 2, 3].map((no) => database.pages.rows(backend, PID, [no])),
  ])
  expect((await dying).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
  expect(await pids(3)).toHaveLength(3)
})

test('who finds no connection free is told so, and the rest goes on', async () => {
  const held: (() => Promise<void>)[] = []
  // One after the other: what begins in the same turn would travel together.
  while (held.length < PAGES_POOL_SIZE) held.push(await hold())
  await expect(pids(2)).rejects.toThrow('timeout exceeded when trying to connect')
  for (const release of held) await release()
  expect(await pids(2)).toHaveLength(2)
})

/** Keeps one connection of the pages busy until it is let go. */
async function hold(): Promise<() => Promise<void>> {
  const lock = await database.pool.connect()
  const { rows } = await lock.query<{ key: number }>('select (random() * 1e9)::int as key')
  const key = rows[0]?.key
  await lock.query('select pg_advisory_lock($1)', [key])
  const waiting = database.pages.run('select pg_advisory_lock_shared($1)', [key])
  await expect
    .poll(async () => {
      const { rows: found } = await lock.query(
        `select 1 from pg_locks where locktype = 'advisory' and not granted and objid = $1`,
        [key],
      )
      return found.length
    })
    .toBe(1)
  return async () => {
    await lock.query('select pg_advisory_unlock($1)', [key])
    lock.release()
    await waiting
  }
}
