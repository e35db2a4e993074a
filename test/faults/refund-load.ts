/**
 * People at work on refunds, over HTTP, whatever happens to the servers: they ask, approve, reject and withdraw, and what
 * is not answered is tried again with the same key, as their pages do. Every gesture is written down here.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { TRPCClient } from '@trpc/client'
import type { AppRouter } from '../../server/trpc/router.ts'
import { DECISION_NOTES } from '../support/refund-fixtures.ts'
import { runBatch, type BatchDeed } from './batch-load.ts'
import { approvalHashOf, ending, type Ending, type Person, type Shop, type ShopOrder } from './shops.ts'

/** Between two tries of what was not answered. */
const AGAIN_MS = 60
const PORTAL_SHARE = 0.05
const SUPPORT_SHARE = 0.5
/** Requests made on one order before the next one is taken. */
const PER_ORDER = 3
const STOCK = 12
/** How often an order is also put into a batch with others, and with how many. */
const BATCH_SHARE = 0.4
const BATCH_ORDERS = 3
const AMOUNTS = [2_500n, 10_000n, 25_000n, 40_000n, 60_000n, 99_900n]

export type Gesture = {
  clientKey: string
  order: ShopOrder
  amountMinor: bigint
  /** The request it became; null when it was refused. */
  requestId: string | null
  /** Why it was refused. */
  refusedAs: string | null
  tries: number
}

export type RefundLoad = {
  readonly gestures: readonly Gesture[]
  /** Decisions and withdrawals that were answered with a yes. */
  readonly decisions: Readonly<Record<string, number>>
  readonly batches: readonly BatchDeed[]
  /** Calls that got an answer, and calls that got none. */
  answered(): number
  unanswered(): number
  /** Keys of refunds made in Juspay's portal, and the orders they were made on. */
  readonly portal: ReadonlyMap<string, { shop: Shop; order: ShopOrder }>
  /** What nobody expected: refusals that fit nothing. */
  readonly strange: readonly string[]
  /** No new gestures; resolves when all that were begun have been answered. */
  finish(): Promise<void>
}

type Answered = { request: { requestId: string | null } }

const FITTING = new Set([
  'amount_exceeds_left',
  'nothing_left',
  'already_decided',
  'not_withdrawable',
  'rate_limited',
  'charge_unconfirmed',
  // Acts on a batch that a first try, which was not answered, or a worker has moved on; or of which nothing is left.
  'conflict',
  'invalid_input',
  // An approval that could not be checked with Juspay: the request still waits.
  'provider_unavailable',
])
const STRANGE_MAX = 20

/** Starts one lane of people per shop. */
export function startRefundLoad(options: {
  shops: readonly Shop[]
  pool: pg.Pool
  random: () => number
  /** See {@link runBatch}. */
  hurry: boolean
}): RefundLoad {
  const { shops, pool, random, hurry } = options
  const gestures: Gesture[] = []
  const decisions: Record<string, number> = {}
  const portal = new Map<string, { shop: Shop; order: ShopOrder }>()
  const strange: string[] = []
  const batches: BatchDeed[] = []
  const running = new Map<Shop, Promise<void>>()
  let [stopping, answered, unanswered, calls] = [false, 0, 0, 0]

  /** Tries until somebody answers: each time on the other server. */
  const insist = async <T>(person: Person, call: (api: TRPCClient<AppRouter>) => Promise<T>) => {
    for (let tries = 1; ; tries += 1) {
      calls += 1
      const at = calls
      const result: Ending<T> = await ending(person.on(at).then(call))
      if (result.ok || (result.code !== null && result.code !== 'INTERNAL_SERVER_ERROR')) {
        answered += 1
        if (!result.ok && !FITTING.has(result.code ?? '') && strange.length < STRANGE_MAX)
          strange.push(`${result.code}: ${result.message}`)
        return { result, tries }
      }
      unanswered += 1
      await wait(AGAIN_MS)
    }
  }
  const gesture = async (shop: Shop, order: ShopOrder): Promise<void> => {
    const bySupport = random() < SUPPORT_SHARE
    const amountMinor = AMOUNTS[Math.floor(random() * AMOUNTS.length)] ?? 2_500n
    const made: Gesture = {
      clientKey: randomUUID(),
      order,
      amountMinor,
      requestId: null,
      refusedAs: null,
      tries: 0,
    }
    gestures.push(made)
    const input = {
      orderId: order.orderId,
      version: 1,
      clientKey: made.clientKey,
      amountMinor,
      currency: 'INR',
      reason: 'item_returned',
      note: null,
      confirmSameAmount: true,
    }
    const { support, finance } = shop.people
    const { result, tries } = await insist<Answered>(bySupport ? support : finance, (api) =>
      api.refunds.request.mutate(input),
    )
    made.tries = tries
    if (result.ok) made.requestId = result.value.request.requestId
    else made.refusedAs = result.code
    if (bySupport && made.requestId !== null) await decide(shop, made.requestId)
  }
  const decide = async (shop: Shop, requestId: string): Promise<void> => {
    const chance = random()
    const { approver, second, support } = shop.people
    const count = (what: string, ok: boolean): void => {
      if (ok) decisions[what] = (decisions[what] ?? 0) + 1
    }
    if (chance < 0.15) {
      const { result } = await insist(support, (api) =>
        api.approvals.withdraw.mutate({ requestId, note: null }),
      )
      return count('withdrawn', result.ok)
    }
    const decision = chance < 0.25 ? 'reject' : 'approve'
    const approvalHash = await approvalHashOf(pool, 'refund_request', requestId)
    const input = { requestId, decision, note: DECISION_NOTES[decision], approvalHash } as const
    const one = insist(approver, (api) => api.approvals.decide.mutate(input))
    // Now and then two decide at once.
    const two = chance > 0.8 ? [insist(second, (api) => api.approvals.decide.mutate(input))] : []
    for (const { result } of await Promise.all([one, ...two])) count(decision, result.ok)
  }
  /** One batch of a shop at a time, beside everything else. */
  const beginBatch = (shop: Shop, orders: readonly ShopOrder[]): void => {
    if (running.has(shop)) return
    const batch = runBatch({ shop, orders, pool, insist, random, hurry })
      .then((deed) => void batches.push(deed))
      .catch((error: unknown) => void strange.push(String(error)))
      .finally(() => running.delete(shop))
    running.set(shop, batch)
  }
  const lane = async (shop: Shop): Promise<void> => {
    const stock: ShopOrder[] = []
    while (!stopping) {
      if (stock.length === 0) stock.push(...(await shop.chargedOrders(STOCK)))
      const order = stock.pop()
      if (order === undefined) continue
      if (random() < BATCH_SHARE) beginBatch(shop, [order, ...stock.slice(1 - BATCH_ORDERS)])
      const deeds = Array.from({ length: PER_ORDER }, () => gesture(shop, order))
      if (random() < PORTAL_SHARE * PER_ORDER) {
        const key = await shop.portalRefund(order, 5_000n)
        if (key !== null) portal.set(key, { shop, order })
      }
      await Promise.all(deeds)
    }
  }
  const lanes = Promise.all(shops.map(lane))
  lanes.catch(() => undefined)
  return {
    gestures,
    decisions,
    portal,
    strange,
    batches,
    answered: () => answered,
    unanswered: () => unanswered,
    async finish() {
      stopping = true
      await lanes
      await Promise.all(running.values())
    },
  }
}
