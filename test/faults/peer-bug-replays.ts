/**
 * What has gone wrong at others, done to Paydesk: refund bugs on the public record of open payment systems. Each replay
 * says whether the bug showed; each can run with the guard that prevents it taken out, and then it must show.
 */
import { randomUUID } from 'node:crypto'
import { Refusal } from '../../server/domain/refusal.ts'
import { drainEvents } from '../../server/jobs/process-events.ts'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import { askJuspay } from '../../server/services/orders/check-status.ts'
import type { RefundWorld } from '../support/refund-fixtures.ts'

export type PeerGround = {
  world: RefundWorld
  /** As Paydesk has them, or with the guards of the replays taken out. */
  deps: RefundWorld['deps']
  broken: boolean
}

/** @returns whether the bug showed */
export type Replay = (ground: PeerGround) => Promise<boolean>

const ORDER_MINOR = 10_000n
const LATER_MS = 16_000

async function refusable<T>(act: Promise<T>): Promise<T | null> {
  try {
    return await act
  } catch (error) {
    // Without its lock the control trips over its own assertions and constraints: that is a "no" as well.
    if (error instanceof Error) return null
    throw error
  }
}

async function count(world: RefundWorld, sql: string, orderId: string): Promise<bigint> {
  const { rows } = await world.deps.database.pool.query<{ found: bigint }>(sql, [orderId])
  return rows[0]?.found ?? 0n
}

const MADE = 'select count(*) as found from refund where order_id = $1'

/** $100, two refunds of $60 at the same moment: both were taken. */
const twoAtOnce: Replay = async ({ world, deps }) => {
  const order = await world.chargedOrder()
  const ask = () => refusable(world.ask(order, 6_000n, { deps }))
  const taken = (await Promise.all([ask(), ask()])).filter((one) => one !== null)
  await drainRefunds(deps)
  const promised = await count(
    world,
    `select coalesce(sum(amount_minor), 0)::bigint as found from refund_request where order_id = $1`,
    order.orderId,
  )
  return taken.length > 1 || promised > ORDER_MINOR
}

/** An amount below zero was taken, and raised what is left. */
const negativeAmount: Replay = async ({ world, deps, broken }) => {
  const order = await world.chargedOrder()
  await world.ask(order, 1_000n)
  for (const amount of [-6_000n, -1n, 0n]) {
    const asked = world.ask(order, amount, { deps }).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'amount_not_positive') return null
      throw error
    })
    if ((await asked) !== null) return true
  }
  // Past the services, straight into the table, as a service without the check would write it.
  const write = world.deps.database.pool.query(
    `insert into refund_request select (jsonb_populate_record(q, jsonb_build_object('id', $2::text,
       'client_key', $2::text, 'amount_minor', -6000))).* from refund_request q where q.order_id = $1 limit 1`,
    [order.orderId, randomUUID()],
  )
  const refused = await write.then(
    () => false,
    (error: Error) => error.message.includes('refund_request_amount_check'),
  )
  if (!refused && !broken) throw new Error('the table took an amount below zero')
  const below = `select count(*) as found from refund_request where order_id = $1 and amount_minor <= 0`
  return (await count(world, below, order.orderId)) > 0n
}

/** A refund whose answer was lost was tried again under a new key: paid twice. */
const newKeyAfterTimeout: Replay = async ({ world, deps }) => {
  const order = await world.chargedOrder()
  await world.ask(order, 2_500n)
  await world.fault({ kind: 'drop_response', route: 'refund', count: 1 })
  await drainRefunds(deps)
  for (let step = 0; step < 3; step += 1) {
    await world.advance(LATER_MS)
    await drainRefundPolls(deps)
  }
  await world.clearFaults()
  return world.accepted(order.orderRef).length > 1
}

/** Two words of one capture at the same time; the loser of the race "compensated" by refunding a good order. */
const doubleCapture: Replay = async ({ world, deps, broken }) => {
  const order = await world.chargedOrder()
  const captured = new Set<string>()
  const capture = async (): Promise<void> => {
    await askJuspay(deps, world.finance, order.orderId)
    const known = captured.has(order.orderId)
    captured.add(order.orderId)
    // The peer's workflow: a step that finds its work done fails, and its compensation moves money.
    if (broken && known)
      await world.client.refund({
        orderRef: order.orderRef,
        uniqueRequestId: randomUUID().replaceAll('-', '').slice(0, 20),
        amountMinor: ORDER_MINOR,
        currency: 'INR',
        routingId: order.orderRef,
      })
  }
  const event = { merchantId: world.account.juspayMerchantId, orderId: order.orderRef, times: 2 }
  await Promise.all([
    capture(),
    capture(),
    world.control('/webhooks/send', { ...event, event: 'ORDER_SUCCEEDED' }),
    world.control('/webhooks/send', { ...event, event: 'TXN_CHARGED' }),
  ])
  await world.sandbox.control.idle()
  await drainEvents(deps)
  await drainRefunds(deps)
  await world.advance(LATER_MS)
  await drainRefundPolls(deps)
  return world.accepted(order.orderRef).length > 0
}

/** The webhook is here before the answer of the call that caused it: the refund was written down twice. */
const webhookFirst: Replay = async ({ world, deps }) => {
  const order = await world.chargedOrder()
  await world.ask(order, 2_500n)
  await world.fault({ kind: 'webhook_before_response' })
  await drainRefunds(deps)
  await world.clearFaults()
  await world.sandbox.control.idle()
  return (await count(world, MADE, order.orderId)) !== 1n
}

/** The webhook comes again, and while the order is being asked about: the refund was written down once for each. */
const webhookAgain: Replay = async ({ world, deps }) => {
  const order = await world.chargedOrder()
  await world.ask(order, 2_500n)
  await world.fault({ kind: 'webhook_before_response' })
  const event = { merchantId: world.account.juspayMerchantId, orderId: order.orderRef, times: 2 }
  await drainRefunds(deps)
  await Promise.all([
    world.control('/webhooks/send', { ...event, event: 'REFUND_INITIATED' }),
    askJuspay(deps, world.finance, order.orderId),
    drainRefundPolls(deps),
  ])
  await world.clearFaults()
  await world.advance(LATER_MS)
  await world.control('/webhooks/send', { ...event, event: 'ORDER_REFUNDED' })
  await world.sandbox.control.idle()
  const { refunded, external } = await world.balance(order.orderId)
  return (await count(world, MADE, order.orderId)) !== 1n || refunded !== 2_500n || external !== 0n
}

export const REPLAYS: Readonly<Record<string, Replay>> = {
  hyperswitch_13182: twoAtOnce,
  hyperswitch_11491: negativeAmount,
  medusa_16681: newKeyAfterTimeout,
  medusa_13301_12674: doubleCapture,
  woocommerce_stripe_838: webhookFirst,
  woocommerce_stripe_2724: webhookAgain,
}
