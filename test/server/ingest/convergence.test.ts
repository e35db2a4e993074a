import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccountAccess } from '../../../server/account-access.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { webhookRoutes } from '../../../server/webhooks/receive.ts'
import {
  createAccount,
  orderBody,
  TEST_SECRET_KEY,
  WEBHOOK_PASSWORD,
  webhookBody,
} from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'
import { hundredWebhooks, seededRandom, shuffled, type Delivery } from '../../support/scenario.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let listening: { url: string; close(): Promise<void> }

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  const app = Fastify()
  // Asked anew for each delivery, because the tests add accounts all the time.
  const accountOf = (slug: string) =>
    createAccountAccess(deps.store, TEST_SECRET_KEY).webhookAccount(slug, 'kept')
  await app.register(webhookRoutes({ deps, accountOf }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  listening = { url, close: () => app.close() }
})
afterAll(async () => {
  await listening.close()
  await opened.close()
})

async function post(slug: string, { name, body }: Delivery): Promise<void> {
  const reply = await fetch(`${listening.url}/webhooks/juspay/${slug}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`hook:${WEBHOOK_PASSWORD}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: new Uint8Array(body),
  })
  expect(`${name}: ${reply.status}`).toBe(`${name}: 200`)
  await reply.body?.cancel()
}

/** All rows of an account without ids, versions and the times at which we heard or asked. */
async function stateOf(accountId: string): Promise<Record<string, unknown[]>> {
  const ours = ['id', 'merchant_account_id', 'order_id', 'version', 'first_seen_at']
  const whenHeard = ['changed_at', 'next_check_at', 'last_checked_at', 'check_count', 'unconfirmed_since']
  const state: Record<string, unknown[]> = {}
  for (const [table, order, dropped] of [
    ['orders', 'order_ref_key', [...ours, ...whenHeard]],
    ['transaction', 'txn_ref', ours],
    ['refund', 'unique_request_id', [...ours, 'created_at', 'next_action_at', 'check_count']],
  ] as const) {
    const { rows } = await opened.database.pool.query<{ row: unknown }>(
      `select to_jsonb(t) - $2::text[] as row from ${table} t where merchant_account_id = $1 order by ${order}`,
      [accountId, dropped],
    )
    state[table] = rows.map(({ row }) => row)
  }
  return state
}

describe('100 webhooks', () => {
  let inOrder: Record<string, unknown[]>

  beforeAll(async () => {
    const account = await createAccount(opened.database)
    for (const delivery of hundredWebhooks()) await post(account.slug, delivery)
    await drainEvents(deps)
    inOrder = await stateOf(account.id)
  })

  test('once and in order give every order its outcome', async () => {
    expect(hundredWebhooks()).toHaveLength(100)
    expect(inOrder['orders']).toHaveLength(10)
    const shown = (inOrder['orders'] ?? []).map((row) => {
      const { order_ref, display_status, refund_state } = Object(row)
      return `${order_ref} ${display_status} ${refund_state}`
    })
    expect(shown).toEqual([
      'ORD-0 partial partial',
      'ORD-1 refunded full',
      'ORD-2 charged none',
      'ORD-3 refunded full',
      'ORD-4 partial partial',
      'ORD-5 partial partial',
      'ORD-6 refunded full',
      'ORD-7 charged none',
      'ORD-8 refunded full',
      'ORD-9 partial partial',
    ])
    expect(inOrder['transaction']).toHaveLength(20)
    expect(inOrder['refund']).toHaveLength(12)
  })

  test.each([1, 2, 3, 4, 5, 6])('twice each in random order give the same rows (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const account = await createAccount(opened.database)
    const twice = shuffled([...hundredWebhooks(), ...hundredWebhooks()], random)
    while (twice.length > 0) {
      // Some arrive together, and processing falls behind and catches up.
      const together = twice.splice(0, 1 + Math.floor(random() * 8))
      await Promise.all(together.map((delivery) => post(account.slug, delivery)))
      if (random() < 0.5) await Promise.all([drainEvents(deps), drainEvents(deps), drainEvents(deps)])
    }
    await drainEvents(deps)
    expect(await stateOf(account.id)).toEqual(inOrder)
    const { rows } = await opened.database.pool.query(
      `select status, sum(delivery_count)::int as deliveries, count(*)::int as events from webhook_event
       where merchant_account_id = $1 group by status`,
      [account.id],
    )
    expect(rows).toEqual([{ status: 'processed', deliveries: 200, events: 100 }])
  })
})

/** The status of each attempt may only rise; an order's own never leaves charged. */
test('no permutation of five events ever takes a status back, and all end the same', async () => {
  const told = (status: string, minute: number, name: string): Delivery => ({
    name,
    body: webhookBody({
      id: `evt_perm_${minute}`,
      name,
      at: `2026-11-20T06:0${minute}:00Z`,
      order: orderBody({
        orderId: 'PERM',
        status,
        amount: 500,
        at: `2026-11-20T06:0${minute}:00Z`,
        attempt: { txnId: 'm-PERM-1', status },
      }),
    }),
  })
  const five = [
    told('STARTED', 1, 'TXN_CREATED'),
    told('PENDING_VBV', 2, 'TXN_CREATED'),
    told('AUTHENTICATION_FAILED', 3, 'ORDER_FAILED'),
    told('AUTHORIZING', 4, 'ORDER_UPDATED'),
    told('CHARGED', 5, 'ORDER_SUCCEEDED'),
  ]
  const ends = new Set<string>()
  for (const order of permutations(five)) {
    const account = await createAccount(opened.database)
    let wasCharged = false
    for (const { body } of order) {
      await deliver(deps, account.id, body)
      await drainEvents(deps)
      const found = await deps.store.orders.byRef(account.id, 'perm')
      if (wasCharged) expect(found?.paymentStatus).toBe('charged')
      wasCharged ||= found?.paymentStatus === 'charged'
    }
    ends.add(JSON.stringify(await stateOf(account.id)))
  }
  expect(ends.size).toBe(1)
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  )
}

test('a masked message never overwrites what another said', async () => {
  const account = await createAccount(opened.database)
  const at = ['2026-11-20T06:01:00Z', '2026-11-20T06:02:00Z'] as const
  const base = { orderId: 'MASK', status: 'CHARGED', amount: 10 }
  const masked = { customer_email: 'FILTERED', customer_phone: 'FILTERED', customer_id: 'FILTERED' }
  const clear = webhookBody({
    id: 'evt_m1',
    name: 'ORDER_SUCCEEDED',
    at: at[0],
    order: orderBody({ ...base, at: at[0] }),
  })
  const later = orderBody({ ...base, at: at[1], extra: masked })
  await post(account.slug, { name: 'clear', body: clear })
  await post(account.slug, {
    name: 'masked',
    body: webhookBody({ id: 'evt_m2', name: 'ORDER_UPDATED', at: at[1], order: later }),
  })
  await drainEvents(deps)
  const order = await deps.store.orders.byRef(account.id, 'mask')
  expect([order?.customerEmail, order?.customerPhone, order?.customerRef]).toEqual([
    'asha@example.test',
    '9876543210',
    'cust_MASK',
  ])
})
