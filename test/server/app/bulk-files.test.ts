/** Files of bulk refunds over HTTP: who may send and take them, and what is refused in words. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drainBulk } from '../../../server/jobs/run-bulk.ts'
import { readBulkFile } from '../../../server/services/bulk/read-file.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const PATH = '/uploads/bulk-refunds?name=a.csv&requestKey=upload-test'
const post = (person: SignedIn, body: string | Buffer, path = PATH, headers: Record<string, string> = {}) =>
  person.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })

describe('a file that is sent', () => {
  test('becomes a batch once, however often it is sent', async () => {
    const finance = await app.as('finance')
    const answers = [await post(finance, 'order_id\nORD-1'), await post(finance, 'order_id\nORD-1')]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const [first, again]: unknown[] = await Promise.all(answers.map((answer) => answer.json()))
    expect(first).toEqual({ batchId: expect.any(String) })
    expect(again).toEqual(first)
  })

  test('comes from our own page and from somebody who may', async () => {
    const finance = await app.as('finance')
    const foreign = await post(finance, 'order_id\nA', PATH, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    for (const role of ['viewer', 'support', 'approver', 'ops'] as const)
      expect([role, (await post(await app.as(role), 'order_id\nA')).status]).toEqual([role, 403])
    const nobody = await fetch(`${app.url}${PATH}`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/octet-stream' },
      body: 'order_id\nA',
    })
    expect(nobody.status).toBe(401)
  })

  test.each([
    ['nothing', '', 400, 'This file is empty.'],
    ['no rows', 'order_id\n', 400, 'This file has no rows below its header line.'],
    [
      'too many rows',
      `order_id\n${'A\n'.repeat(10_001)}`,
      422,
      'This file has 10,001 rows. A batch takes up to 10,000.',
    ],
    ['too many bytes', Buffer.alloc(5 * 1024 * 1024 + 2_000, 65), 413, 'The body is too large.'],
  ])('%s is refused in words', async (_name, body, status, message) => {
    const finance = await app.as('finance')
    const answer = await post(finance, body, '/uploads/bulk-refunds?requestKey=refused-test')
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error: { message } })
  })

  test('needs a key', async () => {
    const answer = await post(await app.as('finance'), 'order_id\nA', '/uploads/bulk-refunds?name=a')
    expect(answer.status).toBe(400)
  })
})

describe('the file of a batch', () => {
  test('has the author’s columns without formulas, and taking it is written down', async () => {
    const finance = await app.as('finance')
    const text = 'order_id,agent\nORD-2,=1+1\nORD-3,@cmd\n'
    const made: unknown = await (await post(finance, text, PATH.replace('upload-test', 'file-test'))).json()
    const batchId = String(typeof made === 'object' && made !== null && 'batchId' in made ? made.batchId : '')
    await drainBulk(app.paydesk.deps)
    const answer = await finance.fetch(`/downloads/bulk/${batchId}.csv`)
    expect(answer.status).toBe(200)
    const lines = (await answer.text()).split('\r\n')
    expect(lines[1]).toMatch(/^ORD-2,'=1\+1,2,ORD-2,,INR,must be fixed,,,,Order not found\.$/)
    expect(lines[2]).toMatch(/^ORD-3,'@cmd,3,ORD-3,/)
    const filter = { q: '', action: 'bulk_batch.download', outcome: null, cursor: null, limit: 1 }
    const entries = await app.paydesk.deps.store.audit.list(app.accountId, filter)
    expect(entries.rows[0]).toMatchObject({ subjectId: batchId })
    expect((await (await app.as('viewer')).fetch(`/downloads/bulk/${batchId}.csv`)).status).toBe(403)
    for (const file of ['x.csv', `${batchId}.pdf`, batchId])
      expect([file, (await finance.fetch(`/downloads/bulk/${file}`)).status]).toEqual([file, 404])
    const sheet = await finance.fetch(`/downloads/bulk/${batchId}.xlsx`)
    expect(sheet.headers.get('content-type')).toContain('spreadsheetml.sheet')
    expect(readBulkFile(Buffer.from(await sheet.arrayBuffer()))).toMatchObject({
      headers: expect.arrayContaining(['order_id', 'agent', 'paydesk_status']),
      rows: [
        {
          no: 2,
          cells: ['ORD-2', "'=1+1", '2', 'ORD-2', '', 'INR', 'must be fixed', '', '', '', 'Order not found.'],
        },
        { no: 3, cells: expect.arrayContaining(['ORD-3', "'@cmd"]) },
      ],
    })
    const template = await (await finance.fetch('/downloads/bulk-template.csv')).text()
    expect(template).toContain('order_id,amount,currency,reason,note,your_ref')
  })
})
