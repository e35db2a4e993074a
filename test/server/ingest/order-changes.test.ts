/** The change log of an order: what is recorded in one instant keeps its order. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

test('changes of one instant are read back in the order in which they were recorded, and cut at the oldest', async () => {
  const order = orderBody({ orderId: 'S-1', status: 'NEW', amount: 10, at: '2026-11-20T06:00:00Z' })
  const body = webhookBody({ id: 'evt_s1', name: 'ORDER_CREATED', at: '2026-11-20T06:00:00Z', order })
  await processEvent(deps, await deliver(deps, account.id, body))
  const { rows } = await opened.database.pool.query<{ id: string }>('select id from orders')
  const orderId = rows[0]?.id ?? ''
  const at = deps.clock.now()
  const numbers = Array.from({ length: 40 }, (_, i) => String(i))
  for (const after of numbers) {
    const changes = [{ subject: 'order', field: 'errorMessage', before: null, after }]
    const what = { source: 'system', sourceId: null, changes, occurredAt: null, at } as const
    await deps.store.transaction((tx) => tx.orderChanges.append({ accountId: account.id, orderId, ...what }))
  }
  const read = async (limit: number) =>
    (await deps.store.orderChanges.byOrder(account.id, orderId, limit)).map(
      ({ changes }) => changes[0]?.after,
    )
  expect((await read(500)).slice(-40)).toEqual(numbers)
  expect(await read(3)).toEqual(['37', '38', '39'])
})
