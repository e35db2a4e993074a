import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pollRefund } from '../../../server/services/refunds/poll-refund.ts'
import { overviewWindow } from '../../../server/domain/overview.ts'
import { momentText } from '../../../server/domain/time-range.ts'
import { readXlsx } from '../../../server/services/bulk/read-xlsx.ts'
import { exportRefunds } from '../../../server/services/refunds/export-refunds.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { createAccount } from '../../support/factories.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterEach(async () => {
  await world.clearFaults()
})
afterAll(async () => {
  await world.close()
})

async function ready() {
  const order = await world.chargedOrder()
  const { refund } = await world.ask(order, 2_500n)
  return { order, refundId: refund?.refundId ?? '', key: refund?.uniqueRequestId ?? '' }
}

const factsOf = (refundId: string) => world.deps.store.refunds.get(world.account.id, refundId)

test('settled by webhooks alone, with the bank reference, and nothing left to look at', async () => {
  const { order, refundId, key } = await ready()
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10_000)
  expect(await factsOf(refundId)).toMatchObject({ refundStatus: 'succeeded', uniqueRequestId: key })
  expect((await factsOf(refundId))?.ref).not.toBeNull()
  expect((await world.deps.store.refunds.work(refundId))?.nextActionAt).toBeNull()
  expect(await pollRefund(world.deps, refundId)).toBe('not_due')
  await world.advance(60_000)
  expect((await factsOf(refundId))?.arn).not.toBeNull()
  expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n, external: 0n })
})

// WooCommerce's Stripe plug-in booked such refunds twice: once from the webhook, once from the answer.
test('the webhook arrives before the answer: one row, one amount', async () => {
  const { order, refundId, key } = await ready()
  await world.fault({ kind: 'webhook_before_response' })
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  const refunds = await world.refunds(order.orderId)
  expect(refunds).toMatchObject([{ id: refundId, uniqueRequestId: key, status: 'pending', leaseUntil: null }])
  await world.advance(10_000)
  expect(await world.refunds(order.orderId)).toHaveLength(1)
  expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n, external: 0n })
})

test('the answer is lost and the webhook is not: known without asking', async () => {
  const { refundId } = await ready()
  await world.fault({ kind: 'drop_response', route: 'refund', count: 1 })
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10_000)
  expect(await factsOf(refundId)).toMatchObject({ refundStatus: 'succeeded' })
  expect((await world.deps.store.refunds.work(refundId))?.sendCount).toBe(1)
})

test('duplicated and late webhooks change nothing more', async () => {
  const { order, refundId } = await ready()
  await world.fault({ kind: 'webhook_duplicate' })
  await world.fault({ kind: 'webhook_delay', delaySeconds: 30, event: 'REFUND_INITIATED' })
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(120_000)
  expect(await factsOf(refundId)).toMatchObject({ refundStatus: 'succeeded' })
  expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n, external: 0n })
  const { rows } = await world.deps.database.pool.query(`select kind from discrepancy where order_id = $1`, [
    order.orderId,
  ])
  expect(rows).toEqual([])
})

test('a refund made in the portal is external, lowers what is left, and is never taken for ours', async () => {
  const { order, refundId, key } = await ready()
  const call = { orderRef: order.orderRef, amountMinor: 2_500n, currency: 'INR', routingId: 'x' }
  await world.client.refund({ ...call, uniqueRequestId: 'PORTAL1' })
  await world.advance(10_000)
  expect(await world.balance(order.orderId)).toMatchObject({
    reserved: 2_500n,
    refunded: 0n,
    external: 2_500n,
  })
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10_000)
  expect(await world.balance(order.orderId)).toMatchObject({
    reserved: 0n,
    refunded: 2_500n,
    external: 2_500n,
  })
  const rows = await world.deps.store.refunds.byOrder(world.account.id, order.orderId)
  const origins = new Map(rows.map((row) => [row.uniqueRequestId, [row.origin, row.requestId !== null]]))
  expect(origins).toEqual(
    new Map([
      [key, ['paydesk', true]],
      ['PORTAL1', ['external', false]],
    ]),
  )
})

test('a refund stuck for ten days is for review, and settles when a person settles it', async () => {
  await world.control('/settings', { refundOutcome: 'stuck' })
  const { order, refundId, key } = await ready()
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10 * 86_400_000 + 60_000)
  await world.control('/settings', { refundOutcome: 'success' })
  expect(await factsOf(refundId)).toMatchObject({ refundStatus: 'manual_review' })
  expect((await world.balance(order.orderId)).reserved).toBe(2_500n)
  const ask = { q: '', cursor: null, limit: 10, gateway: null, origin: null, settled: null } as const
  const now = world.deps.clock.now()
  const review = await world.deps.store.refunds.list(world.account.id, { view: 'review', ...ask }, now)
  expect(review.rows.map((row) => row.id)).toEqual([refundId])
  const attention = await world.deps.store.refunds.list(world.account.id, { view: 'attention', ...ask }, now)
  expect(attention.rows.map((row) => row.id)).toEqual([refundId])
  await world.control(`/orders/${order.orderRef}/refunds/${key}`, { status: 'SUCCESS' })
  await world.advance(1_000)
  expect(await factsOf(refundId)).toMatchObject({ refundStatus: 'succeeded' })
})

test('the list finds a refund by key, reference and order, tab by tab and page by page', async () => {
  const { order, refundId, key } = await ready()
  const waiting = await world.ask(await world.chargedOrder(), 900n, { actor: world.support })
  const list = (
    view: 'all' | 'waiting' | 'in_progress' | 'done',
    q = '',
    limit = 50,
    cursor: string | null = null,
  ) =>
    world.deps.store.refunds.list(
      world.account.id,
      { view, q, cursor, limit, gateway: null, origin: null, settled: null },
      world.deps.clock.now(),
    )
  const ids = async (...args: Parameters<typeof list>) => (await list(...args)).rows.map((row) => row.id)
  expect(await ids('all', key)).toEqual([refundId])
  expect(await ids('all', order.orderRef.toLowerCase().slice(0, 8))).toContain(refundId)
  expect(await ids('all', '%')).toEqual([])
  expect(await ids('in_progress')).toEqual([refundId])
  expect(await ids('waiting')).toEqual([waiting.request.id])
  const facts = await factsOf(refundId)
  const rows = async (...asked: string[]) => {
    const found = await world.deps.store.refunds.rowsByIds(world.account.id, asked)
    return found.map((row) => row.id).toSorted()
  }
  // One row, whether it is known by the request's id, the refund's, or both.
  for (const known of [[refundId], [facts?.requestId ?? ''], [refundId, facts?.requestId ?? '']])
    expect(await rows(...known)).toEqual([refundId])
  expect(await rows(refundId, waiting.request.id)).toEqual([refundId, waiting.request.id].toSorted())
  const stranger = await createAccount(world.deps.database)
  expect(await world.deps.store.refunds.rowsByIds(stranger.id, [refundId, waiting.request.id])).toEqual([])
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10_000)
  expect(await ids('done')).toContain(refundId)
  const all = await ids('all')
  const paged: string[] = []
  for (let cursor: string | null = null; ;) {
    const page = await list('all', '', 2, cursor)
    paged.push(...page.rows.map((row) => row.id))
    cursor = page.nextCursor
    if (cursor === null) break
  }
  expect(paged).toEqual(all)
  expect(new Set(paged).size).toBe(paged.length)
})

test('the list of a time has the refunds that succeeded then, as many as the overview counts', async () => {
  const { refundId } = await ready()
  await world.ask(await world.chargedOrder(), 700n, { actor: world.support })
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10_000)
  const now = world.deps.clock.now()
  const ids = async (settled: string) => {
    const ask = {
      view: 'all',
      q: '',
      cursor: null,
      limit: 500,
      gateway: null,
      origin: null,
      settled,
    } as const
    const page = await world.deps.store.refunds.list(world.account.id, ask, now)
    return page.rows.map(({ refundStatus, id }) => {
      expect(refundStatus).toBe('succeeded')
      return id
    })
  }
  expect(await ids('-1h')).toContain(refundId)
  expect(await ids('2020-01-01..2020-12-31')).toEqual([])
  expect(await ids('someday')).toEqual([])
  const { from, to } = overviewWindow('30d', now)
  const figures = await world.deps.store.figures.refunds(world.account.id, { from, to })
  const counted = figures.reduce((sum, { count }) => sum + Number(count), 0)
  expect(await ids(`${momentText(from)}..${momentText(to)}`)).toHaveLength(counted)
})

test('what happened last stands first, so that a refund found in the portal is not lost among older ones', async () => {
  const old = await world.chargedOrder()
  const { refundId } = await ready()
  await world.advance(86_400_000)
  // Made in the portal before ours, and heard of only now.
  await world.deps.database.pool.query(
    `insert into refund (merchant_account_id, order_id, unique_request_id, origin, amount_minor, currency, status,
       provider_status, gateway, provider_created_at, created_at, changed_at)
     values ($1, $2, 'PORTAL7', 'external', 100, 'INR', 'succeeded', 'SUCCESS', 'PAYU', $3::timestamptz - interval '5 days', $3, $3)`,
    [world.account.id, old.orderId, world.deps.clock.now()],
  )
  const list = async (filter: object) => {
    const ask = {
      view: 'all',
      q: '',
      cursor: null,
      limit: 100,
      gateway: null,
      origin: null,
      settled: null,
      ...filter,
    } as const
    const page = await world.deps.store.refunds.list(world.account.id, ask, world.deps.clock.now())
    return page.rows.map((row) => row.uniqueRequestId)
  }
  expect((await list({}))[0]).toBe('PORTAL7')
  expect((await list({ origin: 'external' }))[0]).toBe('PORTAL7')
  expect(await list({ origin: 'auto' })).not.toContain('PORTAL7')
  expect(await list({ gateway: 'PAYU' })).toContain('PORTAL7')
  expect(await list({ gateway: 'NOBODY' })).toEqual([])
  // Sending is something that happens: the refund rises above.
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  const [first] = await list({ origin: 'paydesk' })
  expect(first).toBe((await world.deps.store.refunds.work(refundId))?.uniqueRequestId)
})

test('refunds on their way are counted by gateway and age; late ones need attention', async () => {
  await world.control('/settings', { refundOutcome: 'stuck' })
  const { refund } = await world.ask(await world.chargedOrder(), 1_234n)
  const refundId = refund?.refundId ?? ''
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.control('/settings', { refundOutcome: 'success' })
  const board = async () => {
    const cells = await world.deps.store.refunds.ageing(world.account.id, world.deps.clock.now())
    return cells.filter((cell) => cell.amountMinor === 1_234n).map(({ days, count }) => [days, count])
  }
  await world.deps.database.pool.query(
    `update refund set first_sent_at = first_sent_at - interval '8 days' where id = $1`,
    [refundId],
  )
  expect(await board()).toEqual([[7, 1n]])
  const ids = async () =>
    (
      await world.deps.store.refunds.list(
        world.account.id,
        { view: 'attention', q: '', cursor: null, limit: 100, gateway: null, origin: null, settled: null },
        world.deps.clock.now(),
      )
    ).rows.map((row) => row.id)
  expect(await ids()).not.toContain(refundId)
  await world.deps.database.pool.query(
    `update refund set first_sent_at = first_sent_at - interval '5 days' where id = $1`,
    [refundId],
  )
  expect(await ids()).toContain(refundId)
})

test('the list as a file: the same rows, no formula runs, and the taking is written down', async () => {
  const { key } = await ready()
  await world.deps.database.pool.query(`update staff_user set name = '=cmd()' where id = $1`, [
    world.finance.userId,
  ])
  const filter = { view: 'all', q: key, gateway: null, origin: null, settled: null } as const
  const lines: string[] = []
  for await (const line of await exportRefunds(world.deps, world.finance, { ...filter, kind: 'csv' }))
    lines.push(String(line))
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(key)
  expect(lines[1]).toContain(",'=cmd(),")
  const [entry] = await world.deps.store.audit
    .list(world.account.id, { q: '', action: 'refund.export', outcome: null, cursor: null, limit: 5 })
    .then((page) => page.rows)
  expect(entry).toMatchObject({ actorId: world.finance.userId, after: { q: key } })
})

test('the list as a workbook: the same cells, and no digit of a long reference is lost', async () => {
  const { key, refundId } = await ready()
  const arn = '74332744201234567890123'
  await world.deps.database.pool.query('update refund set arn = $2 where id = $1', [refundId, arn])
  const filter = { view: 'all', q: key, gateway: null, origin: null, settled: null } as const
  const bytesOf = async (kind: 'csv' | 'xlsx') => {
    const pieces: Buffer[] = []
    for await (const piece of await exportRefunds(world.deps, world.finance, { ...filter, kind }))
      pieces.push(Buffer.from(piece))
    return Buffer.concat(pieces)
  }
  const [heads, row, ...more] = readXlsx(await bytesOf('xlsx'))
  expect(more).toEqual([])
  const cell = (name: string) => row?.[heads?.indexOf(name) ?? -1]
  expect([cell('arn'), cell('refund'), cell('amount')]).toEqual([arn, key, '25'])
  const lines = (await bytesOf('csv')).toString('utf8').split('\r\n')
  expect(lines[0]).toBe(`\uFEFF${heads?.join(',')}`)
  expect(lines[1]).toContain(`,${arn},`)
})
