import { once } from 'node:events'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
beforeAll(async () => {
  opened = await openDatabase()
})
afterAll(() => opened.close())

test('a connection that dies between two statements of a transaction fails that transaction and nothing else', async () => {
  const { database } = opened
  const lost = once(database.pool, 'remove')
  const work = database.transaction(async (sql) => {
    const row = await sql.first(z.object({ pid: z.number() }), 'select pg_backend_pid() as pid', [])
    const killer = new pg.Client(database.url)
    await killer.connect()
    // The backend has left, so its last words are on their way to us, when this answers true.
    await killer.query('select pg_terminate_backend($1, 5000)', [row?.pid])
    await killer.end()
    await sql.run('select 1', [])
  })
  await expect(work).rejects.toThrow(/terminat|connection error/i)
  await lost
  expect(
    await database.transaction((sql) => sql.first(z.object({ one: z.number() }), 'select 1 as one', [])),
  ).toEqual({
    one: 1,
  })
})
