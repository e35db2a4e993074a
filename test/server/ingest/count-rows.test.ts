import { afterAll, beforeAll, expect, test } from 'vitest'
import { countRowsJob } from '../../../server/jobs/count-rows.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeAll(async () => {
  // One connection: its numbers are flushed before it asks for them.
  opened = await openDatabase({ poolSize: 1 })
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

async function grow(rows: number): Promise<void> {
  await opened.database.pool.query(
    `insert into live_change (merchant_account_id, subject, subject_id)
     select $1, 'order', gen_random_uuid() from generate_series(1, $2)`,
    [account.id, rows],
  )
  await opened.database.pool.query('select pg_stat_force_next_flush()')
  await opened.database.pool.query('select 1')
}

test('a table that has more than doubled is counted, once; a few new rows are left to autovacuum', async () => {
  await grow(500)
  expect(await deps.store.statistics.outgrown()).toEqual([])
  await grow(1_000)
  expect(await deps.store.statistics.outgrown()).toEqual(['live_change'])
  await countRowsJob.drain(deps, new AbortController().signal)
  expect(await deps.store.statistics.outgrown()).toEqual([])
  await grow(1_200)
  expect(await deps.store.statistics.outgrown()).toEqual([])
  await grow(1_200)
  expect(await deps.store.statistics.outgrown()).toEqual(['live_change'])
})
