import { once } from 'node:events'
import { connect as dial, createServer } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { connect } from '../../server/store/database.ts'
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

/** A row of two columns, the first of which says that it is longer than the message. */
const UNREADABLE_ROW = Buffer.from('440000000e00023636363636363636', 'hex')

test('bytes that are no message of PostgreSQL fail the statement, and the process goes on', async () => {
  let garbled = false
  const { hostname, port } = new URL(opened.database.url)
  const between = createServer((client) => {
    const upstream = dial({ host: hostname, port: Number(port) })
    upstream.on('data', (bytes) => client.write(garbled ? UNREADABLE_ROW : bytes))
    client.on('data', (bytes) => upstream.write(bytes))
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy())
  }).listen(0, '127.0.0.1')
  await once(between, 'listening')
  const address = new URL(opened.database.url)
  address.hostname = '127.0.0.1'
  const own = between.address()
  address.port = String(typeof own === 'object' && own !== null ? own.port : 0)
  const garbling = connect(address.href, { poolSize: 1 })
  const one = () => garbling.sql.first(z.object({ one: z.number() }), 'select 1 as one', [])
  try {
    expect(await one()).toEqual({ one: 1 })
    garbled = true
    await expect(one()).rejects.toThrow(/out of range/)
    garbled = false
    expect(await one()).toEqual({ one: 1 })
  } finally {
    await garbling.close()
    between.close()
  }
})

test('a row is read by the names of its columns, whatever their order and however many statements share them', async () => {
  const { sql } = opened.database
  const shape = z.object({ id: z.number(), minor: z.bigint(), note: z.string().nullable() })
  const wanted = { id: 1, minor: 12_345_678_901_234_567n, note: null }
  const columns = ['1 as id', '12345678901234567::int8 as minor', 'null::text as note']
  for (const list of [columns, columns.toReversed(), [...columns, 'true as more'], ['2 as id', ...columns]])
    expect(await sql.rows(shape, `select ${list.join()}`)).toEqual([wanted])
  await expect(sql.rows(shape, `select ${columns.slice(1).join()}`)).rejects.toThrow('id')
  expect(await sql.rows(shape, `select ${columns.join()} where false`)).toEqual([])
})
