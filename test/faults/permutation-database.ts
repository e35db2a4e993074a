/** The other half of the permutation battery: orders of arrival through the real processor on a real PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { FieldChange } from '../../server/domain/change.ts'
import type { JuspayClient } from '../../server/juspay/client.ts'
import type { CallFailure } from '../../server/juspay/door.ts'
import { parseJson } from '../../server/juspay/json.ts'
import { translateEvent, translateOrder } from '../../server/juspay/translate.ts'
import type { Deps } from '../../server/services/deps.ts'
import { applyProviderOrder } from '../../server/services/orders/apply-order.ts'
import { processEvent } from '../../server/services/webhooks/process-event.ts'
import { connect, type Database } from '../../server/store/database.ts'
import { createStore } from '../../server/store/store.ts'
import { readEnvelope } from '../../server/webhooks/envelope.ts'
import { seededRandom, shuffled } from '../support/scenario.ts'
import { endText } from './permutation-orders.ts'
import { ENDS } from './permutation-ends.ts'
import { SCENE_ORDER, type Message } from './permutation-messages.ts'
import type { Scene } from './permutation-scenes.ts'
import { note, type Violation } from './violations.ts'

/** Permutations processed at the same time, each about an order of its own. */
const LANES = 6
/** All that happens happens at one instant of ours: what differs differs by the order of arrival. */
const NOW = new Date('2026-11-20T12:00:00Z')

export type DatabaseOutcome = { permutations: number; events: number; violations: Violation[] }

/** Random orders of the scenes' messages, scene by scene in turn, each about an order of its own. */
export async function ordersOnDatabase(
  scenes: readonly Scene[],
  target: {
    url: string
    accountId: string
    seed: number
    count: number
    signal?: AbortSignal
    heard?: (done: number) => void
  },
): Promise<DatabaseOutcome> {
  const { url, accountId, seed, count, signal, heard } = target
  const database = connect(url, { poolSize: LANES + 1 })
  const world = { deps: depsOf(database), database, account: await accountOf(database, accountId) }
  const random = seededRandom(seed)
  const plans = Array.from({ length: count }, (_, index): Plan | null => {
    const scene = scenes[index % scenes.length]
    if (scene === undefined) return null
    const number = String(index).padStart(7, '0')
    const messages = shuffled([...scene.messages], random)
    return { scene, orderRef: `scene-${number}`, messages, repeated: Math.floor(random() * messages.length) }
  }).filter((plan) => plan !== null)
  const outcome: DatabaseOutcome = { permutations: 0, events: 0, violations: [] }
  const ends = new Map<string, string>()
  const queue = plans.values()
  const lane = async (): Promise<void> => {
    for (const plan of queue) {
      if (signal?.aborted === true) return
      const events = await live(world, plan, outcome.violations)
      outcome.events += events
      compare(plan, await endOf(world, plan.orderRef), ends, outcome.violations)
      outcome.permutations += 1
      heard?.(outcome.permutations)
    }
  }
  try {
    await Promise.all(Array.from({ length: LANES }, lane))
  } finally {
    await database.close()
  }
  return outcome
}

type Plan = { scene: Scene; orderRef: string; messages: readonly Message[]; repeated: number }
type World = { deps: Deps; database: Database; account: Awaited<ReturnType<typeof accountOf>> }

async function accountOf(database: Database, accountId: string) {
  const account = await createStore(database).accounts.byId(accountId)
  if (account === null) throw new Error('the battery has no account')
  return account
}

/** Delivers and processes one order's messages in their order. Returns how many were processed. */
async function live(world: World, plan: Plan, violations: Violation[]): Promise<number> {
  const { deps } = world
  const waiting: string[] = []
  const heard: string[] = []
  let events = 0
  const process = async (id: string): Promise<void> => {
    const result = await processEvent(deps, id)
    events += 1
    if (result?.outcome === 'no_order_yet') waiting.push(id)
    else if (result === null || result.status !== 'processed')
      note(violations, 'outcome', `${plan.scene.name}: an event ended as ${result?.outcome ?? 'nothing'}`)
    for (const regress of regressesIn(result?.changes ?? []))
      note(violations, 'J5', `${plan.scene.name}: ${regress} after ${labels(plan)}`)
  }
  const ids = await storeAll(world, plan)
  for (const [index, message] of plan.messages.entries()) {
    const id = ids.get(message)
    if (id === undefined) await answer(world, textOf(message, plan))
    else {
      heard.push(id)
      await process(id)
    }
    const repeated = index === plan.repeated ? heard[0] : undefined
    if (repeated !== undefined) await process(repeated)
  }
  // Juspay cannot be asked here, so what came before its order is tried again, as the queue does.
  for (const id of waiting.splice(0)) await process(id)
  return events
}

function labels({ messages }: Plan): string {
  return messages.map(({ label }) => label).join(', ')
}

function textOf(message: Message, { orderRef }: Plan): string {
  return JSON.stringify(message.json).replaceAll(SCENE_ORDER, orderRef)
}

/** Stores the webhooks of a plan at once: they are processed one by one, in the plan's order. */
async function storeAll({ deps, account }: World, plan: Plan): Promise<Map<Message, string>> {
  const webhooks = plan.messages.filter(({ kind }) => kind === 'webhook')
  const deliveries = webhooks.map((message) => {
    const body = Buffer.from(textOf(message, plan))
    const from = { headers: {}, remoteAddress: '127.0.0.1', receivedAt: NOW }
    return { ...readEnvelope(body), ...from, accountId: account.id, body }
  })
  const stored = await deps.store.intake.storeMany(deliveries)
  return new Map(webhooks.map((message, index) => [message, stored[index]?.eventId ?? '']))
}

/** What the order status API said, taken in as a status check does. */
async function answer({ deps, account }: World, text: string): Promise<void> {
  const parsed = parseJson(text)
  const order = parsed.ok ? translateOrder(parsed.json) : null
  if (order === null) throw new Error('an answer of a scene is not an order')
  const source = { kind: 'status_check', id: randomUUID(), occurredAt: order.statedAt } as const
  await deps.store.transaction((tx) => applyProviderOrder(tx, { account, order, source, now: NOW }))
}

function regressesIn(changes: readonly FieldChange[]): string[] {
  return changes
    .filter(
      ({ subject, field, before }) =>
        (subject === 'order' && field === 'paymentStatus' && before === 'charged') ||
        (subject.startsWith('refund:') && field === 'status' && before === 'succeeded'),
    )
    .map(({ subject, field, before, after }) => `${subject} ${field} went from ${before} to ${after}`)
}

/** Columns that say when and in which row we heard of something, not what. */
const OURS = ['id', 'merchant_account_id', 'order_id', 'event_id', 'first_seen_at', 'changed_at']
const WHEN_HEARD = ['version', 'next_check_at', 'last_checked_at', 'check_count', 'unconfirmed_since']
const REFUND_WORK = ['created_at', 'next_action_at', 'check_count']

const PARTS = [
  { table: 'orders', by: 'order_ref', dropped: [...OURS, ...WHEN_HEARD] },
  { table: 'transaction', by: 'txn_ref', dropped: OURS },
  { table: 'refund', by: 'unique_request_id', dropped: [...OURS, ...REFUND_WORK] },
  { table: 'dispute', by: 'dispute_ref', dropped: OURS },
  { table: 'mandate', by: 'mandate_ref', dropped: OURS },
] as const

const orderRow = z.object({
  display_status: z.string(),
  charged_minor: z.number(),
  refunded_minor: z.number(),
  external_refunded_minor: z.number(),
  attempt_count: z.number(),
})
const keptRow = z.object({ kept: z.record(z.string(), z.array(z.unknown())) })

const KEPT = `with o as (select id from orders where merchant_account_id = $1 and order_ref_key = $2)
  select jsonb_build_object(${PARTS.map(
    ({ table, by, dropped }) => `'${table}', coalesce((
      select jsonb_agg(to_jsonb(t) - '{${dropped.join(',')}}'::text[] order by t.${by}) from ${table} t
      where t.merchant_account_id = $1 and t.${table === 'orders' ? 'id' : 'order_id'} = (select id from o)), '[]')`,
  ).join(', ')}) as kept`

/** Everything kept of one order, with the scene's reference put back, and its end in the words of the list. */
async function endOf({ database, account }: World, orderRef: string) {
  const row = await database.sql.first(keptRow, KEPT, [account.id, orderRef])
  const kept = row?.kept ?? {}
  const order = orderRow.parse(kept['orders']?.[0])
  const end = endText({
    displayStatus: order.display_status,
    chargedMinor: BigInt(order.charged_minor),
    backMinor: BigInt(order.refunded_minor + order.external_refunded_minor),
    attemptCount: order.attempt_count,
    refunds: kept['refund']?.length ?? 0,
  })
  return { end, text: JSON.stringify(kept).replaceAll(orderRef, SCENE_ORDER) }
}

function compare(
  plan: Plan,
  { end, text }: { end: string; text: string },
  ends: Map<string, string>,
  violations: Violation[],
): void {
  const { name } = plan.scene
  if (end !== ENDS[name]) note(violations, 'outcome', `${name} ends as ${end} after ${labels(plan)}`)
  const other = ends.get(name)
  if (other === undefined) ends.set(name, text)
  else if (other !== text)
    note(violations, 'J4', `${name}: ${firstDifference(other, text)} after ${labels(plan)}`)
}

function firstDifference(a: string, b: string): string {
  let at = 0
  while (a[at] === b[at]) at += 1
  return `${a.slice(Math.max(0, at - 60), at + 60)} or ${b.slice(Math.max(0, at - 60), at + 60)}`
}

function depsOf(database: Database): Deps {
  const quiet = (): void => undefined
  return {
    store: createStore(database),
    juspay: () => Promise.resolve(SILENT),
    readEvent: translateEvent,
    clock: { now: () => NOW },
    ids: { uuid: randomUUID },
    wake: quiet,
    log: { info: quiet, warn: quiet, error: quiet },
    webhookRetentionDays: 400,
    refundKeySecret: new Uint8Array(32).fill(7),
  }
}

const FAILURE: CallFailure = {
  ok: false,
  error: { kind: 'unavailable', cause: 'not_sent', code: 'ECONNREFUSED', retryAfterMs: null },
  httpStatus: null,
  raw: null,
  requestId: null,
  tookMs: 0,
}

/** Juspay is not reachable: all that is known comes from the messages. */
const SILENT: JuspayClient = {
  merchantId: 'testmerchant',
  getOrder: () => Promise.resolve(FAILURE),
  createSession: () => Promise.resolve(FAILURE),
  updateAmount: () => Promise.resolve(FAILURE),
  refund: () => Promise.resolve(FAILURE),
  close: () => Promise.resolve(),
}
