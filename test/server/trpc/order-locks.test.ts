/** Who is told on the wire that a batch holds something of an order: the order's page, and the list beside its rows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { insertBatch } from '../../support/batch-rows.ts'
import { insertOrders } from '../../support/many-orders.ts'

let app: TestApp
let viewer: SignedIn
let finance: SignedIn
let held: { id: string; ref: string }
let free: { id: string; ref: string }
let batchId: string

const query = (text: string, values: readonly unknown[] = []) =>
  app.paydesk.database.pool.query<{ id: string; ref: string }>(text, [...values])

beforeAll(async () => {
  app = await createTestApp()
  ;[viewer, finance] = await Promise.all([app.as('viewer'), app.as('finance')])
  const { pool } = app.paydesk.database
  await insertOrders(pool, app.accountId, { from: 1, to: 2 })
  await query(`update orders set charged_minor = 50000, amount_minor = 50000, reserved_minor = 1500`)
  const { rows } = await query(`select id, order_ref as ref from orders order by order_ref`)
  const [one, two] = rows
  if (!one || !two) expect.unreachable()
  held = one
  free = two
  const decidedBy = (await app.as('approver')).userId
  const made = { accountId: app.accountId, createdBy: finance.userId, decidedBy }
  const older = await insertBatch(pool, { ...made, no: 11, status: 'paused' })
  batchId = await insertBatch(pool, { ...made, no: 12, status: 'held' })
  const ended = await insertBatch(pool, { ...made, no: 13, status: 'stopped' })
  await ask(older, 500, 'older')
  await ask(batchId, 400, 'one')
  await ask(batchId, 600, 'two')
  await ask(ended, 100, 'ended')
})

afterAll(() => app.close())

async function ask(batch: string, amountMinor: number, key: string): Promise<void> {
  await query(
    `insert into refund_request (merchant_account_id, order_id, client_key, request_hash, amount_minor, currency, reason,
       status, policy_version, needs_approval, policy_reason, approval_hash, requested_by, expires_at, batch_id)
     values ($1, $2, $3, '\\x00', $4, 'INR', 'order_cancelled', 'pending_approval', 1, true, 'In a batch.', '\\x00', $5,
       now() + interval '1 day', $6)`,
    [app.accountId, held.id, `bulk-row-of-${key}-0000`, amountMinor, finance.userId, batch],
  )
}

test('the page of an order names every batch that holds something of it, and how much', async () => {
  const { locks } = await viewer.trpc.orders.get.query({ orderRefOrId: held.ref })
  expect(locks.map(({ batchNo, status, amountMinor }) => [batchNo, status, amountMinor])).toEqual([
    [11, 'paused', 500n],
    [12, 'held', 1_000n],
  ])
  expect(locks[1]).toMatchObject({ batchId, by: expect.stringMatching(/./), currency: 'INR' })
  expect((await viewer.trpc.orders.get.query({ orderRefOrId: free.ref })).locks).toEqual([])
})

test('beside a row of the list stands the oldest of them', async () => {
  const extras = await viewer.trpc.orders.extras.query({ orderIds: [held.id, free.id] })
  const locks = new Map(extras.map(({ id, lock }) => [id, lock]))
  expect(locks.get(held.id)).toMatchObject({ batchNo: 11, status: 'paused', amountMinor: 500n })
  expect(locks.get(free.id)).toBeNull()
})
