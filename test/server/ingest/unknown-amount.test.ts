/** A webhook says that an order is charged, and its amount cannot be read: kept, asked about at once, and seen by people. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SystemActor } from '../../../server/domain/actor.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { askJuspay } from '../../../server/services/orders/check-status.ts'
import { sweepOrders } from '../../../server/services/orders/sweep-orders.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import type { PageOrder } from '../../../server/store/order-page.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import {
  buildDeps,
  deliver,
  fakeJuspay,
  openDatabase,
  type OrderAnswerGiver,
  type TestDeps,
} from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let answer: OrderAnswerGiver
let asked: number

beforeEach(async () => {
  opened = await openDatabase()
  answer = () => 'unavailable'
  asked = 0
  const juspay = fakeJuspay((ref) => {
    asked += 1
    return answer(ref)
  })
  deps = buildDeps({ database: opened.database, juspay })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

const AT = '2026-11-20T06:10:00Z'

function body(status: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return orderBody({ orderId: 'O-1', status, amount: 1250, at: AT, extra })
}

async function hear(id: string, order: Record<string, unknown>): Promise<void> {
  await deliver(deps, account.id, webhookBody({ id, name: 'ORDER_SUCCEEDED', at: AT, order }))
  await drainEvents(deps)
}

async function read(): Promise<PageOrder> {
  const order = await deps.store.orders.pageOf(account.id, 'O-1')
  if (order === null) throw new Error('the webhook was lost')
  return order
}

async function ask(): Promise<void> {
  const actor: SystemActor = { kind: 'system', name: 'test', accountId: account.id, requestId: 'req_1' }
  await askJuspay(deps, actor, (await read()).id)
}

async function findings() {
  const found = await deps.store.discrepancies.byOrder(account.id, (await read()).id)
  return found.map(({ kind, status, detail }) => ({ kind, status, detail }))
}

const NO_AMOUNT = 'A webhook says Charged, and no amount that can be read.'

test.each([['FILTERED'], ['free'], [-1250], [0], [null]])('amount %j', async (amount) => {
  await hear('evt_1', body('CHARGED', { amount }))
  const now = deps.clock.now()
  const heard = await read()
  expect(heard).toMatchObject({
    paymentStatus: 'charged',
    displayStatus: 'review',
    chargedMinor: 0n,
    unconfirmedSince: now,
    nextCheckAt: now,
  })
  const { rows } = await opened.database.pool.query(
    'select status, order_id from webhook_event where event_ref = $1',
    ['evt_1'],
  )
  expect(rows).toMatchObject([{ order_id: heard.id }])
  expect(await findings()).toEqual([{ kind: 'unconfirmed_claim', status: 'open', detail: NO_AMOUNT }])

  // An answer that names none either settles nothing, and a repeat of the webhook is no reason to ask again.
  answer = () => body('CHARGED', { amount })
  await sweepOrders(deps)
  expect(asked).toBe(1)
  await hear('evt_2', body('CHARGED', { amount }))
  await sweepOrders(deps)
  expect(asked).toBe(1)
  expect(await findings()).toMatchObject([{ status: 'open' }])

  answer = () => body('CHARGED')
  const { nextCheckAt } = await read()
  if (nextCheckAt === null) throw new Error('it is not asked about again')
  deps.clock.set(nextCheckAt)
  await sweepOrders(deps)
  expect(await read()).toMatchObject({
    displayStatus: 'charged',
    amountMinor: 125_000n,
    chargedMinor: 125_000n,
    unconfirmedSince: null,
  })
  expect(await findings()).toMatchObject([{ kind: 'unconfirmed_claim', status: 'resolved' }])
})

test('an answer that names no amount makes as much of a charge as a webhook that names none', async () => {
  await hear('evt_1', body('NEW', { amount: 'FILTERED' }))
  answer = () => body('CHARGED', { amount: 'FILTERED' })
  const now = deps.clock.now()
  await ask()
  expect(await read()).toMatchObject({
    paymentStatus: 'charged',
    displayStatus: 'review',
    chargedMinor: 0n,
    unconfirmedSince: now,
  })
  expect(await findings()).toEqual([
    {
      kind: 'unconfirmed_claim',
      status: 'open',
      detail: 'Juspay answers Charged, and no amount that can be read.',
    },
  ])

  // It is asked about again within a minute, not on the next day as an order that is settled.
  const { nextCheckAt } = await read()
  expect(nextCheckAt?.getTime()).toBeLessThanOrEqual(now.getTime() + 60_000)

  // An amount that a webhook names is shown, and is a claim of its own: the item stays until an answer says the same.
  await hear('evt_2', body('CHARGED', { last_updated: '2026-11-20T06:20:00Z' }))
  expect(await read()).toMatchObject({
    chargedMinor: 125_000n,
    displayStatus: 'review',
    unconfirmedSince: now,
  })
  expect(await findings()).toMatchObject([{ status: 'open' }])

  answer = () => body('CHARGED')
  await ask()
  expect(await read()).toMatchObject({
    displayStatus: 'charged',
    chargedMinor: 125_000n,
    unconfirmedSince: null,
  })
  expect(await findings()).toMatchObject([{ kind: 'unconfirmed_claim', status: 'resolved' }])
})

test('an effective amount of nought that no offer explains leaves what the charge is known to be', async () => {
  const attempt = { txnId: 'm-O-1-1', status: 'CHARGED' }
  const zero = orderBody({
    orderId: 'O-1',
    status: 'CHARGED',
    amount: 1250,
    at: AT,
    attempt,
    extra: { effective_amount: 0 },
  })
  await hear('evt_1', zero)
  expect(await read()).toMatchObject({
    amountMinor: 125_000n,
    effectiveAmountMinor: null,
    chargedMinor: 125_000n,
  })

  // After an offer that is told, one does not take it away either.
  const offer = { ...zero, effective_amount: 1000, last_updated: '2026-11-20T06:20:00Z' }
  await hear('evt_2', offer)
  await hear('evt_3', { ...zero, last_updated: '2026-11-20T06:21:00Z' })
  expect(await read()).toMatchObject({ effectiveAmountMinor: 100_000n, chargedMinor: 100_000n })
})

test('an amount that is known from before is the one that is charged', async () => {
  await hear('evt_1', body('NEW'))
  await hear('evt_2', body('CHARGED', { amount: 'FILTERED', last_updated: '2026-11-20T06:20:00Z' }))
  expect(await read()).toMatchObject({
    amountMinor: 125_000n,
    chargedMinor: 125_000n,
    displayStatus: 'charged',
  })
  expect(await findings()).toEqual([])
})
