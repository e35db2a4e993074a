/** Files of the transactions list: what stands in them, who may take them, and what is written down about it. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { drainExports } from '../../../server/jobs/run-exports.ts'
import { pruneExports } from '../../../server/jobs/prune.ts'
import { readXlsx } from '../../../server/services/bulk/read-xlsx.ts'
import { connect, type Database } from '../../../server/store/database.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import {
  askFile as ask,
  bytesOf,
  fillOrders,
  listFile as request,
  readCsv,
} from '../../support/export-files.ts'

const countRow = z.object({ count: z.bigint() })
const NOW = new Date('2026-11-22T09:05:33Z')

let made: TestDatabase
let database: Database
let app: TestApp
let finance: SignedIn
let now = NOW

beforeAll(async () => {
  made = await createTestDatabase()
  app = await createTestApp({ database: made, clock: { now: () => now } })
  database = connect(made.url)
  finance = await app.as('finance')
})

afterAll(async () => {
  await database.close()
  await app.close()
  await made.drop()
})

const fill = (prefix: string, count: number) =>
  fillOrders(database, { accountId: app.accountId, now: NOW }, { prefix, count })

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('a CSV file', () => {
  beforeAll(() => fill('CSV', 4))

  test('holds what the list shows when a time stands in the filter itself', async () => {
    const file = await ask(finance, request({ q: 'order:CSV* created:2026-11-22T14:33..' }))
    expect(file).toMatchObject({ status: 'ready', written: 2 })
  })

  test('says what it holds, and its hash is that of the rows', async () => {
    const file = await ask(finance, request({ q: 'order:CSV*' }))
    expect(file).toMatchObject({
      status: 'ready',
      written: 4,
      fileName: 'transactions_2026-11-22_1435_IST_sandbox.csv',
    })
    const reply = await finance.fetch(`/downloads/exports/${file.id}`)
    expect(reply.headers.get('content-disposition')).toContain('transactions_2026-11-22_1435_IST_sandbox.csv')
    const bytes = Buffer.from(await reply.arrayBuffer())
    expect(reply.headers.get('content-length')).toBe(String(bytes.length))
    const csv = readCsv(bytes)
    expect(csv.bom).toBe(true)
    expect(Object.fromEntries(csv.facts)).toMatchObject({
      'Paydesk export': 'Transactions',
      Filter: 'order:CSV*',
      'Sorted by': 'Time, newest first',
      'As of': '2026-11-22T14:35:33+05:30',
      'Time zone': 'IST (Asia/Kolkata)',
      'Personal data': 'masked, except names',
      Rows: '4',
      'SHA-256 of the rows': sha256(csv.rowBytes),
    })
    expect(file.sha256).toBe(sha256(csv.rowBytes))
  })

  test('has the columns and the order of the screen, plain amounts beside their currency, times with an offset', async () => {
    const file = await ask(finance, request({ q: 'order:CSV*' }))
    const { names, rows } = readCsv(await bytesOf(finance, file.id))
    expect(names).toEqual([
      'Time',
      'Order',
      'Amount',
      'Currency',
      'Status',
      'Gateway',
      'Customer',
      'UTR or RRN',
      'Bank',
      'UDF1',
      'Left to refund',
    ])
    expect(rows[0]).toEqual([
      '2026-11-22T14:34:33+05:30',
      'CSV1',
      '1.50',
      'INR',
      'Charged',
      'Cashfree',
      'Asha "A" <Rao>, & Sons',
      '001',
      'HDFC',
      "'@SUM(A1)",
      '1.50',
    ])
    expect(rows.map(([, ref]) => ref)).toEqual(['CSV1', 'CSV2', 'CSV3', 'CSV4'])
    const other = await ask(
      finance,
      request({ q: 'order:CSV*', sort: 'amount', zone: 'UTC', columns: ['created'] }),
    )
    const { rows: byAmount } = readCsv(await bytesOf(finance, other.id))
    expect(byAmount[0]).toEqual(['2026-11-22T09:04:33+00:00', 'CSV1', '1.50', 'INR', 'Charged'])
  })

  test('has the tags of orders where their column is shown', async () => {
    const { id } = await finance.trpc.orders.get.query({ orderRefOrId: 'CSV2' })
    await finance.trpc.tags.add.mutate({ orderIds: [id], tags: ['vip', 'late'] })
    const file = await ask(finance, request({ q: 'order:CSV*', columns: ['order', 'tags'], sort: 'amount' }))
    const { names, rows } = readCsv(await bytesOf(finance, file.id))
    expect(rows.map((cells) => cells[names.indexOf('Tags')])).toEqual(['', 'late, vip', '', ''])
  })

  test('has no cell that a spreadsheet would run', async () => {
    const file = await ask(finance, request({ q: 'order:CSV*' }))
    const { rows } = readCsv(await bytesOf(finance, file.id))
    expect(rows.map((cells) => cells[6])).toEqual(
      expect.arrayContaining([expect.stringMatching(/^'=HYPERLINK/)]),
    )
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })

  test('of all that matched at a moment leaves out what changed since', async () => {
    await fill('LATE', 3)
    await database.sql.run(`update orders set changed_at = $2 where order_ref like $1`, ['LATE%', NOW])
    const asOf = NOW.toISOString()
    await database.sql.run(`update orders set changed_at = $2 where order_ref = $1`, [
      'LATE2',
      new Date(NOW.getTime() + 1),
    ])
    const file = await ask(
      finance,
      request({ what: { kind: 'list', q: 'order:LATE*', from: null, to: null, asOf } }),
    )
    const { rows, facts } = readCsv(await bytesOf(finance, file.id))
    expect(rows.map(([, ref]) => ref)).toEqual(['LATE1', 'LATE3'])
    expect(facts.get('Unchanged since')).toBe('2026-11-22T14:35:33+05:30')
  })

  test('of chosen orders holds those and no others', async () => {
    const { rows: listed } = await finance.trpc.orders.list.query({ q: 'order:CSV*' })
    const orderIds = listed.slice(1, 3).map(({ id }) => id)
    const file = await ask(finance, request({ what: { kind: 'chosen', orderIds } }))
    const { rows } = readCsv(await bytesOf(finance, file.id))
    expect(rows.map(([, ref]) => ref)).toEqual(['CSV2', 'CSV3'])
  })
})

describe('an XLSX file', () => {
  const UTR = '74332744201234567890123'
  beforeAll(async () => {
    await fill('XLS', 3)
    await database.sql.run(`update orders set rrn = $1 where order_ref = 'XLS1'`, [UTR])
  })

  test('opens again with the same cells as text, numbers and dates, nothing in it runs, and it has the hash of the CSV', async () => {
    const wanted = request({ q: 'order:XLS*' })
    const sheet = await ask(finance, { ...wanted, format: 'xlsx' })
    expect(sheet.fileName).toBe('transactions_2026-11-22_1435_IST_sandbox.xlsx')
    const bytes = await bytesOf(finance, sheet.id)
    const [names, ...rows] = readXlsx(bytes)
    const csv = readCsv(await bytesOf(finance, (await ask(finance, wanted)).id))
    expect(names).toEqual(['Time (IST)', ...csv.names.slice(1)])
    // A number has no trailing zeros, and a date no zone.
    const plain = (cell: string) =>
      cell.replace(/^(\d+\.\d)0$/, '$1').replace(/^(.{10})T(.{8})\+05:30$/, '$1 $2')
    expect(rows[0]?.[0]).toBe('2026-11-22 14:34:33')
    expect(rows).toEqual(csv.rows.map((cells) => cells.map(plain)))
    expect(rows[0]).toContain(UTR)
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    expect(sheet.sha256).toBe(sha256(csv.rowBytes))
  })
})

test('dates in an XLSX file are those of the zone that was asked for', async () => {
  await fill('UTC', 1)
  const columns = ['updated', 'order', 'created', 'amount']
  const file = await ask(finance, request({ q: 'order:UTC1', columns, format: 'xlsx', zone: 'UTC' }))
  const [names, row] = readXlsx(await bytesOf(finance, file.id))
  const at = names?.indexOf('Time (UTC)') ?? -1
  expect(names).toContain('Updated (UTC)')
  expect(row?.[at]).toBe('2026-11-22 09:04:33')
})

describe('whose it is', () => {
  test('who may not export makes no file and fetches none, and both are written down', async () => {
    const support = await app.as('support')
    await expect(ask(support, request())).rejects.toThrow(/cannot export data/)
    const file = await ask(finance, request({ q: 'order:CSV*' }))
    expect((await support.fetch(`/downloads/exports/${file.id}`)).status).toBe(403)
    const admin = await app.as('admin')
    const { rows } = await admin.trpc.audit.list.query({ limit: 10 })
    expect(rows.filter(({ outcome }) => outcome === 'refused').map(({ action }) => action)).toEqual(
      expect.arrayContaining(['exports.create', 'download']),
    )
  })

  test('another person’s file does not exist, nor does one that was taken away', async () => {
    const file = await ask(finance, request({ q: 'order:CSV*' }))
    const auditor = await app.as('auditor')
    expect((await auditor.fetch(`/downloads/exports/${file.id}`)).status).toBe(404)
    await expect(auditor.trpc.exports.remove.mutate({ exportId: file.id })).rejects.toThrow(/no such file/)
    await finance.trpc.exports.remove.mutate({ exportId: file.id })
    expect((await finance.fetch(`/downloads/exports/${file.id}`)).status).toBe(404)
  })

  test('the filter, the rows and each fetch are in the audit log', async () => {
    const file = await ask(finance, request({ q: 'order:CSV* status:charged' }))
    await bytesOf(finance, file.id)
    const { rows } = await (await app.as('admin')).trpc.audit.list.query({ limit: 10 })
    const about = rows.filter(({ subjectId }) => subjectId === file.id)
    expect(about.map(({ action }) => action)).toEqual([
      'order.export.download',
      'order.export.ready',
      'order.export',
    ])
    expect(about[2]?.after).toMatchObject({
      rows: 4,
      what: { q: 'order:CSV* status:charged' },
      personal: false,
    })
    expect(about[1]?.after).toMatchObject({ rows: 4, sha256: file.sha256 })
  })

  test('whom the filter names is masked in the audit log', async () => {
    const file = await ask(finance, request({ q: 'email:asha@example.com' }))
    const { rows } = await (await app.as('admin')).trpc.audit.list.query({ limit: 10 })
    const about = rows.find(({ subjectId, action }) => subjectId === file.id && action === 'order.export')
    expect(about?.after).toMatchObject({ what: { kind: 'list', q: 'email:a•••@example.com' } })
  })

  test('a filter that cannot be read makes no file', async () => {
    await expect(ask(finance, request({ q: 'amout:5' }))).rejects.toThrow()
  })

  test('the same key is the same file', async () => {
    const requestKey = randomUUID()
    const both = [1, 2].map(() =>
      finance.trpc.exports.create.mutate({ requestKey, request: request({ q: 'order:CSV*' }) }),
    )
    const [first, second] = await Promise.all(both)
    expect(second?.id).toBe(first?.id)
  })
})

describe('a large file', () => {
  beforeAll(async () => {
    for (const { id } of await finance.trpc.exports.list.query())
      await finance.trpc.exports.remove.mutate({ exportId: id })
    await fill('BIG', 5_200)
  })

  test('is made by a job, in pieces that together have every row once, and its link lasts seven days', async () => {
    const file = await ask(finance, request({ q: 'order:BIG*' }))
    expect(file).toMatchObject({ status: 'waiting', expected: 5_200, written: 0 })
    expect((await finance.fetch(`/downloads/exports/${file.id}`)).status).toBe(409)
    // What arrives or changes after the snapshot is not in it; that the job runs later than the press is.
    expect(await drainExports(app.paydesk.deps)).toBe(1)
    const [ready] = await finance.trpc.exports.list.query()
    expect(ready).toMatchObject({ id: file.id, status: 'ready', written: 5_200 })
    const csv = readCsv(await bytesOf(finance, file.id))
    expect(csv.facts.get('Rows')).toBe('5200')
    expect(csv.facts.get('SHA-256 of the rows')).toBe(sha256(csv.rowBytes))
    expect(csv.rows.map(([, ref]) => ref)).toEqual(Array.from({ length: 5_200 }, (_, i) => `BIG${i + 1}`))

    now = new Date(NOW.getTime() + 7 * 86_400_000 + 1)
    const { exports } = app.paydesk.deps.store
    expect(await exports.own(app.accountId, finance.userId, file.id, now)).toBeNull()
    await pruneExports(app.paydesk.deps)
    const left = await database.sql.rows(
      countRow,
      'select count(*) as count from export_chunk where export_id = $1',
      [file.id],
    )
    expect(left).toEqual([{ count: 0n }])
    now = NOW
  })

  test('that its maker left is made anew by the next, who forgets the earlier pieces', async () => {
    const file = await ask(finance, request({ q: 'order:BIG*', format: 'xlsx' }))
    const stopped = AbortSignal.abort()
    const { exports } = app.paydesk.deps.store
    const claim = await exports.claim(NOW, new Date(NOW.getTime() - 1))
    expect(claim?.id).toBe(file.id)
    if (claim === null) throw new Error('nothing to claim')
    await exports.addPiece(claim, { seq: 0, bytes: Buffer.from('half'), written: 7, leaseUntil: NOW })
    expect(await drainExports(app.paydesk.deps, stopped)).toBe(0)
    expect(await drainExports(app.paydesk.deps)).toBe(1)
    // The one who left finds the file no longer theirs.
    const late = { seq: 99, bytes: Buffer.from('late'), written: 8, leaseUntil: NOW }
    expect(await exports.addPiece(claim, late)).toBe(false)
    expect(readXlsx(await bytesOf(finance, file.id)).length).toBe(5_201)
  })
})
