import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TRIES_MAX } from '../../../server/domain/webhook-retry.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
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

const DAY_MS = 24 * 60 * 60 * 1_000

function charged(orderId: string, id = `evt_${orderId}`, extra: Record<string, unknown> = {}): Buffer {
  const at = '2026-11-20T06:05:00Z'
  const attempt = { txnId: `m-${orderId}-1`, status: 'CHARGED' }
  return webhookBody({
    id,
    name: 'ORDER_SUCCEEDED',
    at,
    order: orderBody({ orderId, status: 'CHARGED', amount: 250, at, attempt, extra }),
  })
}

const event = (id: string) => deps.store.webhookEvents.byId(account.id, id)

test('a webhook about an order never heard of creates it, with its change log and live changes', async () => {
  const id = await deliver(deps, account.id, charged('NEW-1'))
  const cursor = await deps.store.liveChanges.currentCursor()
  expect(await drainEvents(deps)).toBe(1)
  const order = await deps.store.orders.byRef(account.id, 'new-1')
  expect(order).toMatchObject({ orderRef: 'NEW-1', amountMinor: 25_000n, chargedMinor: 25_000n, version: 1 })
  expect(await event(id)).toMatchObject({
    status: 'processed',
    outcome: 'applied',
    orderId: order?.id,
    tries: 1,
  })
  const changes = await deps.store.orderChanges.bySource(account.id, id)
  expect(changes).toContainEqual({ subject: 'order', field: 'paymentStatus', before: null, after: 'charged' })
  const feed = await deps.store.liveChanges.readFeed(account.id, cursor, 10)
  expect(feed.map((item) => (item.kind === 'change' ? item.subject : item.kind))).toEqual([
    'order',
    'webhook_event',
  ])
  expect(deps.woken).toContain('live')
})

test('a second message with nothing new changes nothing and says so', async () => {
  await deliver(deps, account.id, charged('SAME', 'evt_a'))
  const again = await deliver(deps, account.id, charged('SAME', 'evt_b'))
  await drainEvents(deps)
  expect((await event(again))?.outcome).toBe('no_change')
  expect((await deps.store.orders.byRef(account.id, 'SAME'))?.version).toBe(1)
})

test('references differ only in case: one order', async () => {
  await deliver(deps, account.id, charged('Case-1', 'evt_a'))
  await deliver(deps, account.id, charged('CASE-1', 'evt_b'))
  await drainEvents(deps)
  const { rows } = await opened.database.pool.query('select count(*)::int as count from orders')
  expect(rows).toEqual([{ count: 1 }])
})

describe('an event that cannot be applied', () => {
  test.each([
    ['not JSON', Buffer.from('{"id":"evt_x",'), 'dead', 'parse_failed'],
    ['a list', Buffer.from('[]'), 'dead', 'parse_failed'],
    [
      'another merchant’s order',
      charged('WRONG', 'evt_w', { merchant_id: 'someone-else' }),
      'dead',
      'wrong_merchant',
    ],
    [
      'an unknown name',
      Buffer.from('{"id":"evt_u","event_name":"COFFEE_READY","content":{}}'),
      'ignored',
      'unknown_event',
    ],
    [
      'a masked body',
      Buffer.from('{"id":"evt_m","event_name":"ORDER_SUCCEEDED","content":"FILTERED"}'),
      'ignored',
      'no_order',
    ],
  ])('is kept and visible: %s', async (_name, body, status, outcome) => {
    const id = await deliver(deps, account.id, body)
    await drainEvents(deps)
    expect(await event(id)).toMatchObject({ status, outcome })
    const { rows } = await opened.database.pool.query('select count(*)::int as count from orders')
    expect(rows).toEqual([{ count: 0 }])
    // Nothing waits for a next try.
    deps.clock.advance(DAY_MS)
    expect(await drainEvents(deps)).toBe(0)
  })

  test('shows in the groups of failed events by reason, the largest first', async () => {
    await deliver(deps, account.id, Buffer.from('{'))
    await deliver(deps, account.id, Buffer.from('{ '))
    await deliver(deps, account.id, charged('W', 'evt_w', { merchant_id: 'someone-else' }))
    await drainEvents(deps)
    const { groups } = await deps.store.failedEvents.groups(account.id)
    expect(groups.map(({ reason, count }) => `${reason} ${count}`)).toEqual([
      'bad_body 2',
      'wrong_merchant 1',
    ])
    expect(await deps.store.webhookEvents.countFailed(account.id)).toBe(3)
  })
})

describe('a poison event', () => {
  /** Makes writing one order fail inside the database, whoever writes it. */
  async function poison(orderRef: string): Promise<() => Promise<void>> {
    await opened.database.pool.query(`
      create function refuse_poison() returns trigger language plpgsql as $$
      begin if new.order_ref = '${orderRef}' then raise exception 'poisoned'; end if; return new; end $$;
      create trigger poison before insert or update on orders for each row execute function refuse_poison()`)
    return async () => {
      await opened.database.pool.query('drop trigger poison on orders; drop function refuse_poison')
    }
  }

  test('backs off and is given up after eight tries, while others go on', async () => {
    await poison('BAD')
    const bad = await deliver(deps, account.id, charged('BAD'))
    const good = await Promise.all(
      Array.from({ length: 20 }, (_, index) => deliver(deps, account.id, charged(`GOOD-${index}`))),
    )
    await drainEvents(deps)
    for (const id of good) expect((await event(id))?.outcome).toBe('applied')
    expect(await event(bad)).toMatchObject({ status: 'failed', tries: 1, error: 'poisoned' })
    expect(await drainEvents(deps)).toBe(0)
    for (let tries = 2; tries <= TRIES_MAX; tries += 1) {
      deps.clock.advance(DAY_MS)
      await drainEvents(deps)
      expect((await event(bad))?.tries).toBe(tries)
    }
    expect(TRIES_MAX).toBe(8)
    expect(await event(bad)).toMatchObject({ status: 'dead', error: 'poisoned' })
    deps.clock.advance(DAY_MS)
    expect(await drainEvents(deps)).toBe(0)
  })
})

test('many workers at once apply each event once', async () => {
  for (let order = 0; order < 5; order += 1)
    for (let copy = 0; copy < 20; copy += 1)
      await deliver(deps, account.id, charged(`R-${order}`, `evt_${order}_${copy}`))
  const counts = await Promise.all(Array.from({ length: 8 }, () => drainEvents(deps)))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100)
  const { rows } = await opened.database.pool.query(
    'select count(*)::int as orders, sum(version)::int as versions, (select count(*)::int from order_change) as changes from orders',
  )
  expect(rows).toEqual([{ orders: 5, versions: 5, changes: 5 }])
})

test('a refund event that says CHARGED is read for its refund, whichever comes first', async () => {
  const at = '2026-11-20T08:00:00Z'
  const attempt = { txnId: 'm-BACK-1', status: 'CHARGED' }
  const refunds = [{ key: 'PORTAL9', status: 'SUCCESS', amount: 250, ref: 'rfnd_9' }]
  const order = orderBody({ orderId: 'BACK', status: 'CHARGED', amount: 250, at, attempt, refunds })
  await deliver(deps, account.id, webhookBody({ id: 'evt_back', name: 'ORDER_REFUNDED', at, order }))
  await drainEvents(deps)
  const refunded = { paymentStatus: 'charged', refundState: 'full', displayStatus: 'refunded' }
  expect(await deps.store.orders.byRef(account.id, 'BACK')).toMatchObject(refunded)
  // The success that was late, and one that Juspay sends after the refund without naming it: neither pays again.
  const plain = orderBody({
    orderId: 'BACK',
    status: 'CHARGED',
    amount: 250,
    at: '2026-11-20T09:00:00Z',
    attempt,
  })
  await deliver(deps, account.id, charged('BACK', 'evt_late'))
  const again = { id: 'evt_again', name: 'ORDER_SUCCEEDED', at: '2026-11-20T09:00:00Z', order: plain }
  await deliver(deps, account.id, webhookBody(again))
  await drainEvents(deps)
  expect(await deps.store.orders.byRef(account.id, 'BACK')).toMatchObject({
    ...refunded,
    chargedMinor: 25_000n,
    externalRefundedMinor: 25_000n,
  })
})

describe('a message that tells too little about an order nobody knows', () => {
  const refundOnly = Buffer.from(
    JSON.stringify({
      id: 'evt_r',
      event_name: 'REFUND_SUCCEEDED',
      date_created: '2026-11-20T07:00:00Z',
      content: { refund: { order_id: 'LATER', unique_request_id: 'PORTAL1', amount: 10, status: 'SUCCESS' } },
    }),
  )

  test('makes us ask Juspay, and is then applied', async () => {
    const at = '2026-11-20T06:05:00Z'
    const attempt = { txnId: 'm-LATER-1', status: 'CHARGED' }
    const juspay = fakeJuspay((orderId) => orderBody({ orderId, status: 'CHARGED', amount: 50, at, attempt }))
    deps = buildDeps({ database: opened.database, juspay })
    const id = await deliver(deps, account.id, refundOnly)
    await drainEvents(deps)
    expect(juspay.asked).toEqual(['LATER'])
    expect(await event(id)).toMatchObject({ status: 'processed', outcome: 'applied' })
    expect(await deps.store.orders.byRef(account.id, 'LATER')).toMatchObject({
      chargedMinor: 5_000n,
      externalRefundedMinor: 1_000n,
      refundState: 'partial',
    })
  })

  test('waits while Juspay does not answer, and is applied when the order arrives by itself', async () => {
    const id = await deliver(deps, account.id, refundOnly)
    await drainEvents(deps)
    expect(await event(id)).toMatchObject({ status: 'failed', outcome: 'no_order_yet' })
    await deliver(deps, account.id, charged('LATER'))
    await drainEvents(deps)
    deps.clock.advance(60_000)
    await drainEvents(deps)
    expect(await event(id)).toMatchObject({ status: 'processed', outcome: 'applied', error: null })
    expect((await deps.store.orders.byRef(account.id, 'LATER'))?.externalRefundedMinor).toBe(1_000n)
  })
})
