import { afterEach, beforeEach, expect, test } from 'vitest'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, fakeJuspay, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeEach(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

const AT = '2026-11-20T06:05:00Z'

function charged(orderId: string, id = `evt_${orderId}`): Buffer {
  const attempt = { txnId: `m-${orderId}-1`, status: 'CHARGED' }
  const order = orderBody({ orderId, status: 'CHARGED', amount: 250, at: AT, attempt })
  return webhookBody({ id, name: 'ORDER_SUCCEEDED', at: AT, order })
}

async function attemptsOf(eventId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await opened.database.pool.query<{ attempts: Record<string, unknown>[] }>(
    'select attempts from webhook_event where id = $1',
    [eventId],
  )
  return rows[0]?.attempts ?? []
}

/** Every row that processing could touch, as text. */
async function everything(): Promise<string[]> {
  const found = []
  for (const table of ['orders', 'transaction', 'refund', 'order_change', 'webhook_event', 'live_change']) {
    const { rows } = await opened.database.pool.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t order by 1`,
    )
    found.push(...rows.map(({ row }) => row))
  }
  return found
}

test('each pass over an event is kept with what it did, at the instant its changes carry', async () => {
  const id = await deliver(deps, account.id, charged('A'))
  await drainEvents(deps)
  deps.clock.advance(60_000)
  await processEvent(deps, id, { by: 'replay' })
  const changes = (await deps.store.orderChanges.bySource(account.id, id)).length
  expect(changes).toBeGreaterThan(0)
  const pass = { status: 'processed', outcome: 'applied', error: null, tookMs: 0 }
  expect(await attemptsOf(id)).toEqual([
    { no: 1, at: '2026-11-20T06:30:00.000Z', by: 'processor', changes, ...pass },
    { no: 2, at: '2026-11-20T06:31:00.000Z', by: 'replay', changes: 0, ...pass },
  ])
  const { rows } = await opened.database.pool.query('select at from order_change where source_id = $1', [id])
  expect(rows).toEqual([{ at: new Date('2026-11-20T06:30:00.000Z') }])
})

test('a pass that throws is kept too, with its error', async () => {
  await opened.database.pool.query(`
    create function refuse_poison() returns trigger language plpgsql as $$ begin raise exception 'poisoned'; end $$;
    create trigger poison before insert or update on orders for each row execute function refuse_poison()`)
  const id = await deliver(deps, account.id, charged('BAD'))
  await drainEvents(deps)
  deps.clock.advance(60_000)
  await drainEvents(deps)
  expect(await attemptsOf(id)).toMatchObject([
    { no: 1, by: 'processor', status: 'failed', outcome: 'error', error: 'poisoned', changes: 0 },
    { no: 2, by: 'processor', status: 'failed', outcome: 'error', error: 'poisoned', changes: 0 },
  ])
})

test('the newest fifty passes are kept, with the numbers they had', async () => {
  const id = await deliver(deps, account.id, charged('MANY'))
  for (let pass = 1; pass <= 53; pass += 1) await processEvent(deps, id, { by: 'replay' })
  const attempts = await attemptsOf(id)
  expect(attempts.map(({ no }) => no)).toEqual(Array.from({ length: 50 }, (_, index) => index + 4))
})

test('a shadow run says what would happen and writes nothing', async () => {
  const juspay = fakeJuspay(() => 'unavailable')
  deps = buildDeps({ database: opened.database, juspay })
  const id = await deliver(deps, account.id, charged('SHADOW'))
  const refund = { order_id: 'NOBODY', unique_request_id: 'X1', amount: 1, status: 'SUCCESS' }
  const orphan = await deliver(
    deps,
    account.id,
    Buffer.from(JSON.stringify({ id: 'r', event_name: 'REFUND_SUCCEEDED', content: { refund } })),
  )
  const before = await everything()
  const told = await processEvent(deps, id, { shadow: true })
  expect(await processEvent(deps, orphan, { shadow: true })).toMatchObject({ outcome: 'no_order_yet' })
  expect(await everything()).toEqual(before)
  expect(deps.woken).toEqual([])
  expect(juspay.asked).toEqual([])

  const real = await processEvent(deps, id)
  expect(real).toMatchObject({ eventId: id, status: 'processed', outcome: 'applied', error: null })
  expect(real?.changes).toContainEqual({
    subject: 'order',
    field: 'chargedMinor',
    before: null,
    after: '25000',
  })
  expect(told?.changes).toEqual(real?.changes)
  expect(real?.changes).toEqual(await deps.store.orderChanges.bySource(account.id, id))
  expect((await processEvent(deps, id, { shadow: true }))?.changes).toEqual([])
})
