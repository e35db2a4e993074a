/** Figures of reception: what they count, and for how long. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let count = 0

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
})
beforeEach(async () => {
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

/** Delivers an event that Juspay dates `lagMs` before now. */
async function receive(lagMs: number): Promise<string> {
  count += 1
  const at = new Date(deps.clock.now().getTime() - lagMs).toISOString()
  const order = orderBody({ orderId: `H-${count}`, status: 'NEW', amount: 10, at })
  const body = webhookBody({ id: `evt_h${count}`, name: 'ORDER_CREATED', at, order })
  const id = await deliver(deps, account.id, body)
  await processEvent(deps, id)
  return id
}

const health = () => deps.store.webhookEvents.health(account.id, deps.clock.now())

test('nothing received is no rate and no lag', async () => {
  expect(await health()).toEqual({
    lastReceivedAt: null,
    ratePerMinute: 0,
    p50LagMs: null,
    p95LagMs: null,
    backlog: 0,
    oldestBacklogAt: null,
  })
})

test('the lag is that of the last quarter of an hour: late events show, and are over when they are over', async () => {
  for (let i = 0; i < 5; i += 1) await receive(3_600_000)
  expect(await health()).toMatchObject({ ratePerMinute: 1, p50LagMs: 3_600_000, p95LagMs: 3_600_000 })
  deps.clock.advance(10 * 60_000)
  for (let i = 0; i < 6; i += 1) await receive(2_000)
  expect(await health()).toMatchObject({ ratePerMinute: 1.2, p50LagMs: 2_000, p95LagMs: 3_600_000 })
  deps.clock.advance(5 * 60_000 + 1)
  expect(await health()).toMatchObject({ ratePerMinute: 0, p50LagMs: 2_000, p95LagMs: 2_000 })
})

test('what waits to be processed is the backlog, with its oldest', async () => {
  const first = deps.clock.now()
  await deliver(deps, account.id, Buffer.from('{"id":"evt_wait_1"}'))
  deps.clock.advance(1_000)
  await deliver(deps, account.id, Buffer.from('{"id":"evt_wait_2"}'))
  expect(await health()).toMatchObject({ backlog: 2, oldestBacklogAt: first })
})
