/** What files of the transactions list say of customers, and to whom. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../../server/store/database.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { askFile, bytesOf, fillOrders, listFile, readCsv } from '../../support/export-files.ts'

const NOW = new Date('2026-11-22T09:05:33Z')

let made: TestDatabase
let database: Database
let app: TestApp
let finance: SignedIn

beforeAll(async () => {
  made = await createTestDatabase()
  app = await createTestApp({ database: made, clock: { now: () => NOW } })
  database = connect(made.url)
  finance = await app.as('finance')
  await fillOrders(database, { accountId: app.accountId, now: NOW }, { prefix: 'CSV', count: 4 })
})

afterAll(async () => {
  await database.close()
  await app.close()
  await made.drop()
})

test('holds email and phone only when they are asked for', async () => {
  const masked = await bytesOf(finance, (await askFile(finance, listFile({ q: 'order:CSV*' }))).id)
  expect(masked.toString()).not.toMatch(/asha1@example|9876543201/)
  const file = await askFile(finance, listFile({ q: 'order:CSV*', personal: true }))
  const full = readCsv(await bytesOf(finance, file.id))
  expect(full.names.slice(-2)).toEqual(['Email', 'Phone'])
  expect(full.rows[0]?.slice(-2)).toEqual(['asha1@example.test', '9876543201'])
  expect(full.facts.get('Personal data')).toBe('in full')
})

test('holds no more of a customer than the list shows to whoever asked', async () => {
  await fillOrders(database, { accountId: app.accountId, now: NOW }, { prefix: 'WHO', count: 1 })
  await database.sql.run(
    `update orders set payment_status = 'failed', display_status = 'failed',
       udf = '{"udf1":"call 9876543210","udf2":"asha@example.test"}',
       error_message = 'refused for asha@example.test' where order_ref = 'WHO1'`,
  )
  const wanted = listFile({ q: 'order:WHO1', columns: ['order', 'customer', 'error', 'udf1', 'udf2'] })
  const facts: string[] = []
  const cells: string[][] = []
  for (const role of ['ops', 'auditor', 'finance'] as const) {
    const person = await app.as(role)
    const file = readCsv(await bytesOf(person, (await askFile(person, wanted)).id))
    const { rows: listed } = await person.trpc.orders.list.query({ q: 'order:WHO1' })
    const extras = await person.trpc.orders.extras.query({ orderIds: listed.map(({ id }) => id) })
    const [name, error, udf1, udf2] = (file.rows[0] ?? []).slice(4)
    expect([name, error, udf1, udf2]).toEqual([
      listed[0]?.customerName,
      listed[0]?.errorMessage,
      extras[0]?.udf['udf1'],
      extras[0]?.udf['udf2'],
    ])
    facts.push(file.facts.get('Personal data') ?? '')
    cells.push([name ?? '', udf1 ?? ''])
  }
  expect(facts).toEqual(['masked', 'masked', 'masked, except names'])
  expect(cells).toEqual([
    ['A•••', 'call +91 ••••• •3210'],
    ['A•••', 'call +91 ••••• •3210'],
    ['Asha "A" <Rao>, & Sons', 'call +91 ••••• •3210'],
  ])
  const full = readCsv(await bytesOf(finance, (await askFile(finance, { ...wanted, personal: true })).id))
  expect(full.rows[0]?.slice(5, 8)).toEqual([
    'refused for asha@example.test',
    'call 9876543210',
    'asha@example.test',
  ])
})

test('personal data is for those who may reveal it', async () => {
  const ops = await app.as('ops')
  await expect(askFile(ops, listFile({ personal: true }))).rejects.toThrow(/cannot reveal personal data/)
  expect((await askFile(ops, listFile({ q: 'order:CSV*' }))).status).toBe('ready')
})

test('names in full are fetched only by who may still read them', async () => {
  const file = await askFile(finance, listFile({ q: 'order:CSV*' }))
  await database.sql.run(`update membership set role = 'ops' where user_id = $1`, [finance.userId])
  expect((await finance.fetch(`/downloads/exports/${file.id}`)).status).toBe(403)
  await database.sql.run(`update membership set role = 'finance' where user_id = $1`, [finance.userId])
  expect((await finance.fetch(`/downloads/exports/${file.id}`)).status).toBe(200)
})
