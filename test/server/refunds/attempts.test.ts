/** Orders that were charged twice: each refund gives back the attempt that people chose, judged by Juspay's ledger. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportRefunds } from '../../../server/services/refunds/export-refunds.ts'
import { previewRefund } from '../../../server/services/refunds/preview-refund.ts'
import { retryRefund } from '../../../server/services/refunds/retry-refund.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { fixRow, tickRows } from '../../../server/services/bulk/edit-rows.ts'
import { bulkSteps } from '../../support/bulk-steps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
  // The merchant has not switched on that Juspay returns second charges by itself (§4.3).
  await world.control('/merchants', { merchantId: 'paydeskdemo', autoRefundMultiple: false })
})
afterAll(() => world.close())

type Order = { orderId: string; orderRef: string }

/** An order of ₹1,000.00 that was paid twice, and its attempts. */
async function paidTwice(): Promise<Order & { first: string; second: string }> {
  const order = await world.chargedOrder('1000.00', 'double_charge')
  await world.advance(60_000)
  const charged = world.ledgerOf(order.orderRef).filter(({ kind }) => kind === 'charge')
  const [first = '', second = ''] = charged.map(({ txnId }) => String(txnId))
  return { ...order, first, second }
}

/** What Juspay accepted to give back, by attempt. */
const givenBack = ({ orderRef }: Order) =>
  world
    .ledgerOf(orderRef)
    .filter(({ kind }) => kind === 'refund_accepted')
    .map(({ txnId, amountMinor }) => [txnId, amountMinor])

const leftOf = async ({ orderId }: Order) =>
  (await previewRefund(world.deps, world.finance, { orderId })).choice?.attempts.map(
    ({ leftMinor }) => leftMinor,
  )

describe('an order that was charged twice', () => {
  test('offers both charges, the later one first in mind', async () => {
    const order = await paidTwice()
    expect(await world.balance(order.orderId)).toMatchObject({ charged: 200_000n })
    const { choice, leftMinor } = await previewRefund(world.deps, world.finance, order)
    expect(leftMinor).toBe(200_000n)
    expect(choice).toMatchObject({
      usual: order.second,
      attempts: [
        { txnRef: order.first, number: 1, leftMinor: 100_000n },
        { txnRef: order.second, number: 2, leftMinor: 100_000n },
      ],
    })
    const once = await world.chargedOrder('1000.00')
    expect((await previewRefund(world.deps, world.finance, once)).choice).toBeNull()
  })

  test('is refunded on the attempt that was asked for, and named wherever the refund is told', async () => {
    const order = await paidTwice()
    const { request } = await world.ask(order, 60_000n, { txnRef: order.second })
    expect(await leftOf(order)).toEqual([100_000n, 40_000n])
    await world.drainUntilSettled(order.orderId)
    expect(givenBack(order)).toEqual([[order.second, '60000']])
    expect(await leftOf(order)).toEqual([100_000n, 40_000n])
    expect(await world.balance(order.orderId)).toMatchObject({ refunded: 60_000n, reserved: 0n, excess: 0n })
    const facts = await world.deps.store.refunds.get(world.account.id, request.requestId ?? '')
    expect(facts).toMatchObject({ txnRef: order.second, attemptNumber: 2 })
    const filter = { view: 'all', q: order.orderRef, gateway: null, origin: null, settled: null } as const
    const file: string[] = []
    for await (const line of await exportRefunds(world.deps, world.finance, { ...filter, kind: 'csv' }))
      file.push(String(line))
    expect(file.at(-1)).toContain(order.second)
  })

  test('refuses a refund of no attempt in particular, of another order’s, and of more than the attempt has', async () => {
    const order = await paidTwice()
    const other = await paidTwice()
    await expect(world.ask(order, 1_000n)).rejects.toMatchObject({ code: 'attempt_needed' })
    await expect(world.ask(order, 1_000n, { txnRef: other.first })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await expect(world.ask(order, 100_001n, { txnRef: order.second })).rejects.toMatchObject({
      code: 'amount_exceeds_left',
    })
    await world.ask(order, 100_000n, { txnRef: order.second })
    await expect(world.ask(order, 1n, { txnRef: order.second })).rejects.toMatchObject({
      code: 'amount_exceeds_left',
      message: 'Nothing is left of attempt 2.',
    })
    await world.ask(order, 100_000n, { txnRef: order.first })
    await world.drainUntilSettled(order.orderId)
    expect(givenBack(order)).toHaveLength(2)
    expect(new Map(givenBack(order).map(([txnId, amountMinor]) => [txnId, amountMinor]))).toEqual(
      new Map([
        [order.first, '100000'],
        [order.second, '100000'],
      ]),
    )
  })

  test('lets eight people at once take no more of an attempt than it has', async () => {
    const order = await paidTwice()
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () => world.ask(order, 60_000n, { txnRef: order.second })),
    )
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await leftOf(order)).toEqual([100_000n, 40_000n])
  })

  test('shows the approver the attempt, which is part of what is approved', async () => {
    const order = await paidTwice()
    const more = { actor: world.support, txnRef: order.second }
    const { request } = await world.ask(order, 30_000n, more)
    const requestId = request.requestId ?? ''
    const shown = await world.deps.store.refundRequests.approval(world.account.id, requestId)
    expect(shown).toMatchObject({ txnRef: order.second, attemptNumber: 2 })
    const { rows } = await world.deps.database.pool.query(
      'select txn_ref from refund_request where id = $1',
      [requestId],
    )
    expect(rows).toEqual([{ txn_ref: order.second }])
    await expect(
      world.deps.database.pool.query('update refund_request set txn_ref = $2 where id = $1', [
        requestId,
        order.first,
      ]),
    ).rejects.toThrow('the attempt that was asked for')
    await world.decide(requestId, 'approve')
    await world.drainUntilSettled(order.orderId)
    expect(givenBack(order)).toEqual([[order.second, '30000']])
  })

  test('is refused and released when a refund in the portal has used up the attempt', async () => {
    const order = await paidTwice()
    const { refund } = await world.ask(order, 80_000n, { txnRef: order.first })
    await world.client.refund({
      orderRef: order.orderRef,
      uniqueRequestId: 'PORTAL77',
      amountMinor: 50_000n,
      currency: 'INR',
      txnRef: order.first,
      routingId: 'x',
    })
    expect(await sendRefund(world.deps, refund?.refundId ?? '')).toBe('rejected')
    expect(givenBack(order)).toEqual([[order.first, '50000']])
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, external: 50_000n })
  })

  test('is tried again on the same attempt after a failure', async () => {
    const order = await paidTwice()
    await world.control('/settings', { refundOutcome: 'failure' })
    const { request, refund } = await world.ask(order, 20_000n, { txnRef: order.second })
    await world.drainUntilSettled(order.orderId)
    await world.control('/settings', { refundOutcome: 'success' })
    expect(await world.deps.store.refunds.work(refund?.refundId ?? '')).toMatchObject({ status: 'failed' })
    await world.advance(16 * 60_000)
    const refundId = refund?.refundId ?? ''
    const clientKey = `retry-${request.id}`
    await retryRefund(world.deps, world.finance, { refundId, clientKey, note: null })
    await world.drainUntilSettled(order.orderId)
    expect(givenBack(order)).toEqual([
      [order.second, '20000'],
      [order.second, '20000'],
    ])
    expect(await leftOf(order)).toEqual([100_000n, 80_000n])
  })

  test('is refunded in a batch by the rows that name the attempt; one that names none must be fixed', async () => {
    const order = await paidTwice()
    const { upload, runUntil, rows, submit, decide } = bulkSteps(() => world)
    const { id } = await upload(
      [
        'order_id,amount,txn_id',
        `${order.orderRef},900.00,${order.second}`,
        `${order.orderRef},200.00,${order.second}`,
        `${order.orderRef},,${order.first}`,
        `${order.orderRef},1.00,`,
        `${order.orderRef},1.00,nobody-1`,
      ].join('\n'),
    )
    await runUntil(id, 'ready')
    const codes = (await rows(id)).map(({ findings }) => findings.filter(({ level }) => level === 'error'))
    expect(codes).toMatchObject([
      [],
      [{ code: 'amount_exceeds_left' }],
      [],
      [{ code: 'attempt_needed' }],
      [{ code: 'attempt_unknown' }],
    ])
    expect(codes[3]?.[0]?.text).toContain(`Name the attempt: ${order.first} or ${order.second}.`)
    await fixRow(world.deps, world.finance, { batchId: id, n: 3, fields: { amount: '100.00' } })
    await tickRows(world.deps, world.finance, { batchId: id, deed: 'drop_errors' })
    await submit(id)
    await runUntil(id, 'waiting_approval')
    await decide(id, 'approve')
    const waiting = await world.deps.store.refunds.byOrder(world.account.id, order.orderId)
    expect(waiting.map(({ held }) => held?.why)).toEqual(['batch_hold', 'batch_hold', 'batch_hold'])
    await runUntil(id, 'finished')
    const given = new Map<unknown, bigint>()
    for (const [txnId, minor] of givenBack(order))
      given.set(txnId, (given.get(txnId) ?? 0n) + BigInt(String(minor)))
    expect(given).toEqual(
      new Map([
        [order.first, 100_000n],
        [order.second, 100_000n],
      ]),
    )
  })
})
