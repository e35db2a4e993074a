import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DISCREPANCY_KINDS, DISCREPANCY_LABELS } from '../../../server/domain/discrepancy.ts'
import { resolveDiscrepancy } from '../../../server/services/reconciliation/resolve-discrepancy.ts'
import { runChecks } from '../../../server/services/reconciliation/run-checks.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeEach(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterEach(() => world.close())

const MINUTE = 60_000

const open = async () => {
  const page = await world.deps.store.discrepancies.listOpen(world.account.id, { cursor: null, limit: 50 })
  return page.rows
}

/** A customer whose two attempts both take the money, told to us by webhooks alone. */
async function chargeTwice(autoRefundMultiple: boolean): Promise<string> {
  await world.control('/merchants', { merchantId: 'paydeskdemo', autoRefundMultiple })
  await world.control('/orders', {
    merchantId: 'paydeskdemo',
    orderId: 'TWICE',
    amount: '1249.00',
    scenario: 'double_charge',
  })
  await world.advance(MINUTE)
  const order = await world.deps.store.orders.byRef(world.account.id, 'TWICE')
  if (!order) throw new Error('no webhook told of the order')
  return order.id
}

describe('a customer who was charged twice', () => {
  test('is in the list when Juspay keeps both charges, through status checks that show one', async () => {
    const orderId = await chargeTwice(false)
    expect(await open()).toMatchObject([{ orderId, orderRef: 'TWICE', kind: 'double_charge' }])
    const [result] = await runChecks(world.deps, world.finance, { orderIds: [orderId], deed: 'recon.run' })
    expect(result).toMatchObject({ orderRef: 'TWICE', outcome: 'no_change' })
    expect(await open()).toHaveLength(1)
  })

  test('leaves the list when Juspay gives one charge back by itself', async () => {
    const orderId = await chargeTwice(true)
    await world.advance(10 * MINUTE)
    expect(await open()).toEqual([])
    const all = await world.deps.store.discrepancies.byOrder(world.account.id, orderId)
    expect(all).toMatchObject([{ kind: 'double_charge', status: 'resolved', resolvedBy: 'paydesk' }])
  })
})

test('a disagreement of every kind is listed, and a reason closes the one it is about', async () => {
  const { orderId } = await world.chargedOrder()
  const { store, clock } = world.deps
  await store.transaction(async (tx) => {
    for (const kind of DISCREPANCY_KINDS) {
      const finding = { kind, detail: DISCREPANCY_LABELS[kind], ours: 'A', theirs: 'B' }
      await tx.discrepancies.open(world.account.id, orderId, finding, clock.now())
    }
  })
  const listed = await open()
  expect(new Set(listed.map((row) => row.kind))).toEqual(new Set(DISCREPANCY_KINDS))
  const [first, ...others] = listed
  const input = { discrepancyId: first?.id ?? '', resolution: 'Settled by phone with the bank' }
  await resolveDiscrepancy(world.deps, world.finance, input)
  expect(new Set((await open()).map((row) => row.id))).toEqual(new Set(others.map((row) => row.id)))
  await expect(resolveDiscrepancy(world.deps, world.finance, input)).rejects.toMatchObject({
    code: 'not_found',
  })
  const audit = await store.audit.bySubject(world.account.id, 'discrepancy', input.discrepancyId)
  expect(audit).toMatchObject([{ action: 'discrepancy.resolve', reason: input.resolution }])
})
