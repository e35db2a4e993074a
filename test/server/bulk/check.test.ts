import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createBatchFromFile,
  createBatchFromOrders,
  mapColumns,
} from '../../../server/services/bulk/create-batch.ts'
import { dropRow, fixRow, tickRows } from '../../../server/services/bulk/edit-rows.ts'
import { bulkSteps } from '../../support/bulk-steps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(() => world.close())

const { batch, rows, upload, runUntil, submit } = bulkSteps(() => world)

const found = async (id: string) =>
  (await rows(id)).map(({ n, verdict, findings }) => [n, verdict, findings.map(({ code }) => code).join(' ')])

describe('checking a file', () => {
  test('says of each row what is wrong with it, and the counts agree', async () => {
    const [one, two, three] = [
      await world.chargedOrder(),
      await world.chargedOrder(),
      await world.chargedOrder('50.00'),
    ]
    await world.ask(two, 3_000n, { actor: world.support })
    const { id, status } = await upload(
      [
        'order_id,amount,currency',
        `${one.orderRef},`,
        `${one.orderRef.toLowerCase()},10.00`,
        `${two.orderRef},80.00`,
        `${two.orderRef},10.00`,
        'ORD-NOBODY,1.00',
        '1.23E+11,1.00',
        `${three.orderRef},"12,50"`,
        `${three.orderRef},1.00,USD`,
        `${three.orderRef},49.99`,
      ].join('\n'),
    )
    expect(status).toBe('checking')
    const checked = await runUntil(id, 'ready')
    expect(await found(id)).toEqual([
      [2, 'ok', ''],
      [3, 'error', 'nothing_left duplicate_in_file'],
      [4, 'error', 'amount_exceeds_left refund_waiting'],
      [5, 'warning', 'refund_waiting'],
      [6, 'error', 'order_not_found'],
      [7, 'error', 'order_shortened'],
      [8, 'error', 'amount_unreadable'],
      [9, 'error', 'currency_unreadable'],
      [10, 'ok', ''],
    ])
    expect(checked).toMatchObject({ total: 9, okRows: 2, warningRows: 1, errorRows: 6, amountMinor: 14_999n })
    await expect(submit(id, { tick: false })).rejects.toMatchObject({
      code: 'conflict',
      message: '6 rows must be fixed or dropped first.',
    })
  })

  test('a correction is kept beside the file, checked at once, and rows of the same order with it', async () => {
    const [one, two] = [await world.chargedOrder(), await world.chargedOrder()]
    const { id } = await upload(
      `order_id,amount\n${one.orderRef},60.00\n${one.orderRef},60.00\n${two.orderRef},150.00`,
    )
    await runUntil(id, 'ready')
    expect(await found(id)).toEqual([
      [2, 'ok', ''],
      [3, 'error', 'amount_exceeds_left duplicate_in_file'],
      [4, 'error', 'amount_exceeds_left'],
    ])
    const fixed = await fixRow(world.deps, world.finance, { batchId: id, n: 2, fields: { amount: '30.00' } })
    expect(fixed.row).toMatchObject({ verdict: 'ok', edited: true, cells: [one.orderRef, '60.00'] })
    expect((await found(id))[1]).toEqual([3, 'warning', 'duplicate_in_file'])
    const suggested = (await rows(id))[2]?.suggestedMinor
    expect(suggested).toBe(10_000n)
    await fixRow(world.deps, world.finance, { batchId: id, n: 4, fields: { amount: '100.00' } })
    await expect(submit(id, { tick: false })).rejects.toMatchObject({
      message: '1 row with a warning must be kept or dropped first.',
    })
    await tickRows(world.deps, world.finance, { batchId: id, deed: 'accept', n: 3, accepted: true })
    expect(await batch(id)).toMatchObject({ acceptedRows: 1, errorRows: 0, amountMinor: 19_000n })
    await dropRow(world.deps, world.finance, { batchId: id, n: 2, dropped: true })
    expect((await found(id))[1]).toEqual([3, 'ok', ''])
    expect(await batch(id)).toMatchObject({ droppedRows: 1, amountMinor: 16_000n })
  })

  test('columns that are not recognised are asked for, and remembered for this person', async () => {
    const order = await world.chargedOrder()
    const file = `Bestellung;Betrag\n${order.orderRef};10.00\n`
    const asked = await upload(file)
    expect(asked).toMatchObject({ status: 'draft', mapping: { orderRef: null } })
    const mapping = {
      orderRef: 0,
      amount: 1,
      currency: null,
      reason: null,
      note: null,
      yourRef: null,
      txnRef: null,
    }
    await mapColumns(world.deps, world.finance, { batchId: asked.id, mapping })
    expect(await runUntil(asked.id, 'ready')).toMatchObject({ okRows: 1, amountMinor: 1_000n })
    expect(await upload(file.replace('10.00', '11.00'))).toMatchObject({ status: 'checking', mapping })
    expect(await upload(file, world.support)).toMatchObject({ status: 'draft' })
  })

  test('the same upload twice is one batch, and orders may be chosen instead', async () => {
    const [one, two] = [await world.chargedOrder(), await world.chargedOrder('20.00')]
    const requestKey = randomUUID()
    const input = { bytes: Buffer.from(`order_id\n${one.orderRef}`), name: 'a.csv', requestKey }
    const [first, again] = await Promise.all([
      createBatchFromFile(world.deps, world.finance, input),
      createBatchFromFile(world.deps, world.finance, input),
    ])
    expect(first.id).toBe(again.id)
    const chosen = await createBatchFromOrders(world.deps, world.finance, {
      orderIds: [one.orderId, two.orderId, one.orderId, randomUUID()],
      requestKey: randomUUID(),
    })
    expect(chosen).toMatchObject({ name: '2 chosen orders', total: 2, no: first.no + 1 })
    expect(await runUntil(chosen.id, 'ready')).toMatchObject({ okRows: 2, amountMinor: 12_000n })
  })

  test('when Juspay does not answer, rows are marked, not guessed', async () => {
    const order = await world.chargedOrder()
    await world.fault({ kind: 'reset', route: 'order_status' })
    const { id } = await upload(`order_id\n${order.orderRef}`)
    await runUntil(id, 'ready')
    await world.clearFaults()
    expect(await found(id)).toEqual([[2, 'warning', 'not_confirmed']])
  })
})
