/** Every simulation by name: what Paydesk holds afterwards, over HTTP webhooks and in PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DisplayStatus } from '../../../server/domain/payment-status.ts'
import { timelineOf } from '../../../server/domain/timeline.ts'
import { runSimulate, SimulateError } from '../../../server/sandbox/simulate-command.ts'
import {
  SIMULATION_NAMES,
  SWITCH_NAMES,
  type SimulationName,
  type SimulationSwitch,
} from '../../../server/sandbox/simulations.ts'
import { checkStatus } from '../../../server/services/orders/check-status.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

const PATIENT = { timeout: 90_000 }
const MINUTE = 60_000

type Wanted = {
  shows: DisplayStatus
  /** Juspay's word for each attempt, oldest first. */
  attempts: readonly string[]
  /** Our word for each refund. */
  refunds?: readonly string[]
  chargedMinor?: bigint
  disputed?: boolean
  mandates?: number
}

const CHARGED: Wanted = { shows: 'charged', attempts: ['CHARGED'], chargedMinor: 49_900n }

const WANTED: Readonly<Record<SimulationName, Wanted>> = {
  paid: CHARGED,
  failed: { shows: 'failed', attempts: ['AUTHORIZATION_FAILED'] },
  'not-authenticated': { shows: 'failed', attempts: ['AUTHENTICATION_FAILED'] },
  retried: { ...CHARGED, attempts: ['AUTHENTICATION_FAILED', 'CHARGED'] },
  unpaid: { shows: 'pending', attempts: [] },
  'pending-then-paid': CHARGED,
  stuck: { shows: 'pending', attempts: ['PENDING_VBV'] },
  'late-success': CHARGED,
  'double-charge': {
    shows: 'partial',
    attempts: ['CHARGED', 'AUTO_REFUNDED'],
    refunds: ['succeeded'],
    chargedMinor: 99_800n,
  },
  'auto-refund': {
    shows: 'refunded',
    attempts: ['AUTO_REFUNDED'],
    refunds: ['succeeded'],
    chargedMinor: 49_900n,
  },
  refunded: { ...CHARGED, shows: 'refunded', refunds: ['succeeded'] },
  'refund-failed': { ...CHARGED, refunds: ['failed'] },
  'refund-pending': { ...CHARGED, refunds: ['pending'] },
  chargeback: { ...CHARGED, shows: 'disputed', disputed: true },
  'chargeback-lost': CHARGED,
  partial: { shows: 'charged', attempts: ['CHARGED', 'PENDING_VBV'] },
  split: { ...CHARGED, attempts: ['CHARGED', 'CHARGED'] },
  held: { shows: 'authorised', attempts: ['AUTHORIZED'], chargedMinor: 0n },
  captured: { ...CHARGED, chargedMinor: 29_940n },
  'capture-failed': { shows: 'review', attempts: ['CAPTURE_FAILED'], chargedMinor: 0n },
  voided: { shows: 'voided', attempts: ['VOIDED'], chargedMinor: 0n },
  mandate: { ...CHARGED, mandates: 1 },
  surcharge: { ...CHARGED, chargedMinor: 53_892n },
  offer: { ...CHARGED, chargedMinor: 42_415n },
  'cash-on-delivery': { shows: 'pending', attempts: ['COD_INITIATED'], chargedMinor: 0n },
  'lost-webhook': { shows: 'pending', attempts: ['PENDING_VBV'], chargedMinor: 0n },
  masked: CHARGED,
}

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterAll(() => world.close())

async function simulate(
  simulation: SimulationName,
  switches: readonly SimulationSwitch[] = [],
): Promise<string> {
  const { orderIds } = await world.control('/simulate', { simulation, switches })
  await world.advance(2 * MINUTE)
  return Array.isArray(orderIds) ? String(orderIds[0]) : ''
}

async function held(orderRef: string) {
  const { deps, account } = world
  const order = await deps.store.orders.byRef(account.id, orderRef)
  if (order === null) throw new Error(`Paydesk has not heard of ${orderRef}`)
  const attempts = await deps.store.orders.attempts(account.id, order.id)
  const refunds = await world.refunds(order.id)
  const { rows } = await deps.database.pool.query('select 1 from mandate where order_id = $1', [order.id])
  return {
    order,
    state: {
      shows: order.displayStatus,
      attempts: attempts.map(({ providerStatus }) => providerStatus),
      refunds: refunds.map(({ status }) => status),
      chargedMinor: order.chargedMinor,
      disputed: order.disputed,
      mandates: rows.length,
    },
  }
}

describe('a simulation leaves the order as it says', () => {
  test.each(SIMULATION_NAMES)('%s', PATIENT, async (name) => {
    const { state } = await held(await simulate(name))
    expect(state).toEqual({
      refunds: [],
      disputed: false,
      mandates: 0,
      chargedMinor: state.chargedMinor,
      ...WANTED[name],
    })
  })

  test.each([
    ['voided', 'Attempt 1 released by Dummy'],
    ['capture-failed', 'Attempt 1 not captured by Dummy, still held'],
    ['cash-on-delivery', 'Attempt 1 is to be paid on delivery'],
    ['chargeback', 'The bank asks for evidence about the dispute'],
    ['chargeback-lost', 'Dispute lost'],
    ['mandate', 'Mandate active'],
  ] as const)('%s: the timeline ends with "%s"', PATIENT, async (name, title) => {
    const { order } = await held(await simulate(name))
    const changes = await world.deps.store.orderChanges.byOrder(world.account.id, order.id)
    const attempts = await world.deps.store.orders.attempts(world.account.id, order.id)
    const none = { attempts, refunds: [], events: [], checks: [], discrepancies: [], deeds: [], gaps: [] }
    const entries = timelineOf({ ...none, currency: 'INR', names: new Map(), changes })
    expect(entries[0]?.title).toBe(title)
  })

  test.each(SIMULATION_NAMES)('%s: one status check vouches for its money', PATIENT, async (name) => {
    const orderRef = await simulate(name)
    const { order } = await held(orderRef)
    await checkStatus(world.deps, world.finance, { orderId: order.id })
    expect((await held(orderRef)).order.unconfirmedSince).toBeNull()
  })

  test('lost-webhook is repaired by one status check', PATIENT, async () => {
    const orderRef = await simulate('lost-webhook')
    const { order } = await held(orderRef)
    await checkStatus(world.deps, world.finance, { orderId: order.id })
    expect((await held(orderRef)).state).toMatchObject({ shows: 'charged', attempts: ['CHARGED'] })
  })

  test('masked overwrites nothing that a status check has told', PATIENT, async () => {
    const orderRef = await simulate('masked')
    const { order } = await held(orderRef)
    expect(order.customerEmail).toBeNull()
    await checkStatus(world.deps, world.finance, { orderId: order.id })
    await world.control('/webhooks/send', { event: 'ORDER_SUCCEEDED', orderId: orderRef })
    await world.advance(MINUTE)
    expect((await held(orderRef)).order.customerEmail).toBe('meera.krishnan@example.com')
  })
})

describe('a switch makes it harder, and the order still ends as it says', () => {
  const harder = SWITCH_NAMES.filter((name) => name !== 'lose')
  test.each(harder)('refunded, %s', PATIENT, async (name) => {
    const { state } = await held(await simulate('refunded', [name]))
    expect(state).toMatchObject({ shows: 'refunded', attempts: ['CHARGED'], refunds: ['succeeded'] })
  })

  test('all of them at once', PATIENT, async () => {
    const orderRef = await simulate('retried', ['late', 'duplicate', 'reorder', 'mask', 'legacy'])
    expect((await held(orderRef)).state).toMatchObject({ shows: 'charged', chargedMinor: 49_900n })
  })

  test(
    'drop-reply loses the answer to one refund, which is found out and not sent twice',
    PATIENT,
    async () => {
      const orderRef = await simulate('paid', ['drop-reply'])
      const { order } = await held(orderRef)
      await checkStatus(world.deps, world.finance, { orderId: order.id })
      await world.ask({ orderId: order.id }, 10_000n)
      await world.drain()
      const calls = world.ledgerOf(orderRef).filter(({ kind }) => kind === 'refund_accepted')
      expect(calls).toHaveLength(1)
      expect((await held(orderRef)).state.refunds).toEqual(['unknown'])
      await world.drainUntilSettled(order.id)
      expect((await held(orderRef)).state.refunds).toEqual(['succeeded'])
      expect(world.accepted(orderRef)).toHaveLength(1)
    },
  )

  test('late webhooks come after the money, not with it', async () => {
    const { orderIds } = await world.control('/simulate', { simulation: 'paid', switches: ['late'] })
    await world.advance(10_000)
    const [orderRef] = Array.isArray(orderIds) ? orderIds.map(String) : []
    await expect(held(orderRef ?? '')).rejects.toThrow('has not heard of')
    await world.advance(MINUTE)
    expect((await held(orderRef ?? '')).state.shows).toBe('charged')
  })
})

describe('npm run simulate', () => {
  const env = () => ({ sandboxUrl: world.sandbox.control.context.publicUrl(), deskUrl: 'http://desk.test' })
  const refused = (...args: string[]) =>
    runSimulate(args, env()).then(
      () => null,
      (error: unknown) => (error instanceof SimulateError ? error : null),
    )

  test('makes what was asked for and says where it is', async () => {
    const text = await runSimulate(['double-charge', '--count', '2', '--amount', '12.50', '--late'], env())
    const refs = [...text.matchAll(/^ {2}(SB\w+) {2}http:\/\/desk\.test\/orders\/\1$/gm)].map(
      ([, ref]) => ref,
    )
    expect(refs).toHaveLength(2)
    expect(text).toMatch(/Made 2 orders:/)
    expect(text).toMatch(/In Paydesk, after 3 s: Charged twice/)
    await world.advance(2 * MINUTE)
    for (const ref of refs) expect((await held(ref ?? '')).order.amountMinor).toBe(1_250n)
  })

  test('--help names every simulation and switch', async () => {
    const text = await runSimulate(['--help'], env())
    for (const name of SIMULATION_NAMES) expect(text).toContain(`  ${name} `)
    for (const name of SWITCH_NAMES) expect(text).toContain(`--${name} `)
  })

  test.each([
    [[], 2, /Say what to simulate[\s\S]*Usage/],
    [['double'], 2, /No simulation is called double\. Did you mean double-charge\?/],
    [['paid', 'failed'], 2, /One simulation at a time/],
    [['paid', '--slow'], 2, /--slow[\s\S]*--help/],
    [['paid', '--count', 'many'], 2, /--count needs a whole number/],
    [['paid', '--method', 'cheque'], 2, /--method is one of upi, card/],
    [['paid', '--sandbox', 'here'], 2, /--sandbox needs an address/],
    [
      ['paid', '--sandbox', 'http://127.0.0.1:9'],
      1,
      /No sandbox answers at http:\/\/127\.0\.0\.1:9\.\nStart/,
    ],
    [['paid', '--amount', 'free'], 1, /refused: amount: not a positive decimal/],
    [['paid', '--merchant', 'nobody'], 1, /refused: No merchant nobody/],
    [['paid', '--count', '101'], 1, /refused: count/],
  ] as const)('%j is refused with the reason', async (args, exitCode, reason) => {
    const error = await refused(...args)
    expect(error?.message).toMatch(reason)
    expect(error?.exitCode).toBe(exitCode)
  })
})
