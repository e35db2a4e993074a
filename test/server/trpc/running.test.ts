/** What the top bar is told of the work that goes on: of the account's batches and replays, and of one's own files. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  BULK_OPEN_MAX,
  BULK_STATUSES,
  WORKING_STATUSES,
  type BulkStatus,
} from '../../../server/domain/bulk-batch.ts'
import type { ExportRequest } from '../../../server/domain/order-export.ts'
import { REPLAY_JOBS_AT_WORK_MAX, REPLAY_STATUSES } from '../../../server/domain/replay.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { insertBatch } from '../../support/batch-rows.ts'
import { createAccount } from '../../support/factories.ts'

let app: TestApp
let finance: SignedIn
let viewer: SignedIn
let approver: SignedIn

beforeAll(async () => {
  app = await createTestApp()
  ;[finance, viewer, approver] = await Promise.all([app.as('finance'), app.as('viewer'), app.as('approver')])
})

afterEach(() => query('truncate bulk_batch, replay_job, order_export cascade'))
afterAll(() => app.close())

const query = (text: string, values: readonly unknown[] = []) =>
  app.paydesk.database.pool.query(text, [...values])

let made = 0

function batch(status: BulkStatus, accountId = app.accountId): Promise<string> {
  made += 1
  return insertBatch(app.paydesk.database.pool, {
    accountId,
    no: made,
    status,
    createdBy: finance.userId,
    decidedBy: approver.userId,
  })
}

async function replay(status: string, accountId = app.accountId): Promise<string> {
  const id = randomUUID()
  made += 1
  await query(
    `insert into replay_job (id, merchant_account_id, request_key, status, scope, created_by_id, created_by, created_at,
       changed_at, run_at, applied_at, paused_from, total, shadowed)
     values ($1::uuid, $2, $1::uuid::text, $3::text, '{}', $4, 'Asha', $5, now(), now(),
       case when $3 <> 'shadowing' then now() end, case when $3 = 'paused' then 'applying' end, 9, 4)`,
    [id, accountId, status, finance.userId, new Date(made)],
  )
  return id
}

const REQUEST: ExportRequest = {
  what: { kind: 'list', q: '', from: null, to: null, asOf: null },
  sort: '-created',
  columns: ['order'],
  format: 'csv',
  zone: 'IST',
  personal: false,
}

async function file(userId: string, status: string): Promise<string> {
  const id = randomUUID()
  await query(
    `insert into order_export (id, merchant_account_id, user_id, request_key, request, file_name, status, expected,
       written, created_at, expires_at)
     values ($1::uuid, $2, $3, $1::uuid::text, $4, 'all.csv', $5, 48000, 1200, now(), now() + interval '7 days')`,
    [id, app.accountId, userId, JSON.stringify(REQUEST), status],
  )
  return id
}

const running = (person: SignedIn) => person.trpc.session.running.query()
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

test('batches and replays that are worked on are told, with how far they are; those that wait or ended are not', async () => {
  const working = new Set<string>(WORKING_STATUSES)
  const batches = []
  for (const status of BULK_STATUSES) {
    const id = await batch(status)
    if (working.has(status)) batches.push(id)
  }
  const replays = []
  for (const status of REPLAY_STATUSES) {
    const id = await replay(status)
    if (status === 'shadowing' || status === 'applying') replays.push(id)
  }
  const told = await running(viewer)
  expect(idsOf(told.batches)).toEqual(batches)
  expect(told.batches[2]).toMatchObject({
    status: 'running',
    released: 1,
    rows: { ok: 3 },
    outcomes: { succeeded: 1 },
  })
  expect(idsOf(told.replays)).toEqual(replays)
  expect(told.replays[0]).toEqual({
    id: replays[0],
    phase: 'shadowing',
    total: 9,
    shadowed: 4,
    applied: 0,
    skipped: 0,
  })
})

test('a file is told of to the person who asked for it, as long as it is being made', async () => {
  const id = await file(finance.userId, 'waiting')
  await file(finance.userId, 'ready')
  await file(finance.userId, 'failed')
  expect((await running(finance)).exports).toEqual([
    { id, fileName: 'all.csv', written: 1_200, expected: 48_000 },
  ])
  expect((await running(approver)).exports).toEqual([])
})

test('whoever may not export any more is told of no file', async () => {
  await file(viewer.userId, 'waiting')
  expect((await running(viewer)).exports).toEqual([])
})

test('the work of another account is nobody else’s', async () => {
  const other = await createAccount(app.paydesk.database)
  await batch('running', other.id)
  await replay('applying', other.id)
  expect(await running(finance)).toEqual({ batches: [], replays: [], exports: [] })
})

test('it ends at the numbers that may be at work at once', async () => {
  for (let n = 0; n <= BULK_OPEN_MAX; n += 1) await batch('running')
  for (let n = 0; n <= REPLAY_JOBS_AT_WORK_MAX; n += 1) await replay('applying')
  const told = await running(finance)
  expect(told.batches).toHaveLength(BULK_OPEN_MAX)
  expect(told.replays).toHaveLength(REPLAY_JOBS_AT_WORK_MAX)
})
