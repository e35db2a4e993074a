/** One run's world: the database, Juspay, the servers and their loops, all under one scheduler. */
import { DEFAULT_POLICY } from '../../server/domain/approval-policy.ts'
import type { StaffActor } from '../../server/domain/actor.ts'
import type { Role } from '../../server/domain/permission.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import type { Deps, WakeTopic } from '../../server/services/deps.ts'
import { weighInTurn, type Message } from '../../server/services/orders/weigh-message.ts'
import type { AccountRecord } from '../../server/store/accounts.ts'
import { seededRandom } from '../support/scenario.ts'
import { createJudge, type Judge } from './judge.ts'
import { createDatabase, type Database, type OrderRow } from './memory-database.ts'
import { policyWith } from './memory-rest.ts'
import { paydeskSchema, type Missing } from './memory-schema.ts'
import { memoryStore } from './memory-store.ts'
import { simulatedClient, type NetworkParts, type Weather } from './network.ts'
import { drawPlan, SKEW_MAX_MS, type Plan } from './plan.ts'
import { createProvider, type Provider } from './provider.ts'
import { createScheduler, type Host, type Scheduler } from './scheduler.ts'
import { watchfulLog, type Server } from './servers.ts'

export const START_MS = Date.UTC(2026, 0, 5, 9, 0, 0)
const MERCHANT = 'simmerchant'
/** How far Juspay's answers may be behind. */
export const LAG_MS = 2_000
/** Makes another row of numbers of the same seed. */
const MORE = 0x2f6e_2b1
const SECRET = new Uint8Array(32).fill(7)

export const ACCOUNT: AccountRecord = {
  id: '00000000-0000-4000-8000-0000000000a1',
  slug: 'sim',
  name: 'Simulated shop',
  environment: 'sandbox',
  baseUrl: 'http://127.0.0.1:9',
  juspayMerchantId: MERCHANT,
  clientId: MERCHANT,
  apiVersion: '2023-06-30',
  currency: 'INR',
  webhookUsername: 'hook',
  authMode: 'basic',
  returnPageUrl: null,
  createdAt: new Date(START_MS),
}

const PEOPLE: readonly (readonly [role: Role, name: string])[] = [
  ['finance', 'Asha'],
  ['support', 'Ben'],
  ['admin', 'Chitra'],
  ['approver', 'Dev'],
  ['approver', 'Esha'],
]

/** Everybody who asks and decides. */
export const SIMULATED_STAFF: readonly StaffActor[] = PEOPLE.map(([role, name], index) => {
  const userId = `00000000-0000-4000-8000-0000000000b${index}`
  const email = `${name.toLowerCase()}@sim.test`
  return { kind: 'user', userId, name, email, role, accountId: ACCOUNT.id, requestId: userId, ip: null }
})

export type World = {
  seed: number
  random: () => number
  plan: Plan
  scheduler: Scheduler
  database: Database
  provider: Provider
  network: NetworkParts
  judge: Judge
  servers: Server[]
  staff: StaffActor[]
  orderIds: string[]
  /** Whether the time of trouble is over. */
  calm: () => boolean
  /** Called by `deps.wake`. */
  onWake: (topic: WakeTopic) => void
  /** Called with each refund that Juspay accepted. */
  onAccepted: (orderRef: string, key: string) => void
  /** Called with the order of each call that leaves while an earlier one is still on its way. */
  onCalledAgain: (orderRef: string) => void
  /** Called when a server calls for a refund. */
  onSent: (host: Host) => void
  /** Called before each step, for deaths and pauses. */
  onStep: () => void
  /** Whether nothing is about to go wrong, so that the task at hand may go on. */
  mayGoOn: () => boolean
  /** How many statements from now on meet a broken connection. */
  breaking: number
  uuid: () => string
}

/** What a broken build changes: dependencies, never the product's code. */
export type Build = {
  /** Wraps what a server is given. */
  deps(deps: Deps, world: World, host: Host): Deps
  /** Constraints that its database is without. */
  missing: Missing
  /** Makes something else of what a webhook tells. */
  readWebhook(told: ProviderOrder, world: World): ProviderOrder
  /** Changes what was drawn from the seed. */
  plan(plan: Plan): Plan
  /** One transaction after the other, as a single connection would run them. */
  serial: boolean
  /** What is wrong with the browser. */
  newKeyOnRetry: boolean
}

export const REAL_BUILD: Build = {
  deps: (deps) => deps,
  missing: new Set(),
  readWebhook: (told) => told,
  plan: (plan) => plan,
  serial: false,
  newKeyOnRetry: false,
}

export type Trace = (at: number, host: string, label: string) => void

export function createWorld(seed: number, build: Build, trace: Trace | null): World {
  const random = seededRandom(seed)
  const plan = build.plan(drawPlan(random, seededRandom(seed ^ MORE)))
  let ids = 0
  const uuid = (): string => `00000000-0000-4000-8000-${String(100_000_000_000 + (ids += 1))}`
  const scheduler = createScheduler(random, START_MS, {
    beforeStep: () => world.onStep(),
    beforeJump: () => world.judge.jumped(),
    persistence: plan.persistence,
    mayGoOn: () => world.mayGoOn(),
    trace,
  })
  const calm = (): boolean => scheduler.now() >= START_MS + plan.troubleMs
  const breaks = (): boolean => {
    if (world.breaking === 0) return false
    world.breaking -= 1
    return true
  }
  const database = createDatabase(paydeskSchema(build.missing), {
    scheduler,
    breaks,
    random,
    uuid,
    serial: build.serial,
    locksOrders: !build.missing.has('order row lock'),
  })
  const provider = createProvider({ guardsAmount: plan.guardsAmount, lagMs: LAG_MS }, MERCHANT)
  const { approvalAboveMinor } = DEFAULT_POLICY.rules
  const judge = createJudge({
    database,
    provider,
    now: scheduler.now,
    lagMs: LAG_MS,
    skewMs: SKEW_MAX_MS,
    approvalAboveMinor,
    dayLimitMinor: dayLimitOf(plan),
  })
  database.onCommit = (transaction) => judge.committed(transaction)
  const still: Weather = { refundTrouble: 0, statusTrouble: 0, stale: 0 }
  const rough: Weather = { ...plan, stale: plan.staleAnswers }
  const network: NetworkParts = {
    scheduler,
    provider,
    random,
    merchantId: MERCHANT,
    strays: [],
    weather: () => (calm() ? still : rough),
    wire: {
      sent(call, host) {
        world.onSent(host)
        return judge.sent(call, host)
      },
      asked: judge.asked,
      refused: judge.refused,
      accepted(orderRef, key) {
        judge.accepted(orderRef, key)
        world.onAccepted(orderRef, key)
      },
      calledAgain: (orderRef) => world.onCalledAgain(orderRef),
    },
  }
  const world: World = {
    seed,
    random,
    plan,
    scheduler,
    database,
    provider,
    network,
    judge,
    calm,
    uuid,
    servers: [],
    staff: SIMULATED_STAFF.map((actor) => addPerson(database, actor)),
    orderIds: [],
    onWake: () => undefined,
    onAccepted: () => undefined,
    onCalledAgain: () => undefined,
    onSent: () => undefined,
    onStep: () => undefined,
    mayGoOn: () => true,
    breaking: 0,
  }
  world.orderIds = plan.orders.map((order, index) => addOrder(world, order, index))
  for (let index = 0; index < plan.servers; index += 1)
    world.servers.push(addServer(world, `server ${index + 1}`, build))
  return world
}

function addPerson(database: Database, actor: StaffActor): StaffActor {
  const { userId: id, name, email, role } = actor
  const member = { id, name, email, role, disabled: false, lastSeenAt: null, hasSecondFactor: true }
  database.tables.staff.rows.set(id, { ...member, createdAt: ACCOUNT.createdAt })
  return actor
}

function addServer(world: World, name: string, build: Build): Server {
  const { database, judge, plan, scheduler, network } = world
  const host: Host = { name, life: 0, frozenUntil: 0 }
  const accountDayMinor = dayLimitOf(plan)
  const limits = { ...DEFAULT_POLICY.rules.limits, accountDayMinor }
  const policy = policyWith(DEFAULT_POLICY, { expiresAfterHours: plan.expiresAfterHours, limits })
  const client = simulatedClient(network, host)
  const skewMs = plan.skewsMs[world.servers.length] ?? 0
  const deps: Deps = {
    store: memoryStore(database, host, { account: ACCOUNT, policyOf: () => policy }),
    juspay: () => Promise.resolve(client),
    readEvent: () => ({ failure: 'empty', message: 'no webhook body is read in the simulation' }),
    clock: { now: () => new Date(scheduler.now() + skewMs) },
    ids: { uuid: world.uuid },
    wake: (topic) => world.onWake(topic),
    log: watchfulLog((text) => {
      if (!text.includes('ConnectionLost')) judge.say('error', text)
    }),
    webhookRetentionDays: 30,
    refundKeySecret: SECRET,
  }
  return { host, deps: build.deps(deps, world, host), up: true, calls: new Set() }
}

/** What may be asked for in a day, in minor units. */
export function dayLimitOf({ orders, dayLimitPercent }: Plan): bigint | null {
  if (dayLimitPercent === null) return null
  const charged = orders.reduce((sum, { chargedMinor, charges }) => sum + chargedMinor * BigInt(charges), 0n)
  return (charged * BigInt(dayLimitPercent)) / 100n
}

/** A charged order, known to us by an answer of Juspay's, or so far only by a webhook. */
function addOrder(world: World, planned: Plan['orders'][number], index: number): string {
  const { provider, database } = world
  const orderRef = `SIM${index + 1}`
  const createdAt = START_MS - 3_600_000
  provider.orders.set(orderRef, {
    orderRef,
    charges: Array.from({ length: planned.charges }, (_, charge) => ({
      txnRef: txnRefOf(orderRef, charge),
      minor: planned.chargedMinor,
      returned: false,
    })),
    listsReturns: planned.listsReturns,
    createdAt,
    gateway: 'RAZORPAY',
    changedAt: createdAt + 60_000,
    refunds: [],
  })
  const row = orderRow(firstMessages(world, index), index)
  database.tables.orders.rows.set(row.id, row)
  return row.id
}

/** How Juspay names an attempt of an order, from 0. */
export function txnRefOf(orderRef: string, charge: number): string {
  return `sim-${orderRef}-${charge + 1}`
}

/** What we first heard of an order: of each further charge a webhook, and an answer where the order is confirmed. */
export function firstMessages({ provider, plan }: World, index: number): Message[] {
  const orderRef = `SIM${index + 1}`
  const now = new Date(START_MS - 1_800_000)
  const message = (told: ProviderOrder | null, kind: 'status_check' | 'webhook'): Message => {
    if (told === null) throw new Error('Juspay forgot an order')
    return { account: ACCOUNT, order: told, source: { kind, id: null, occurredAt: told.statedAt }, now }
  }
  const { confirmed = false, charges = 1 } = plan.orders[index] ?? {}
  const first = message(provider.tell(orderRef, START_MS, false), confirmed ? 'status_check' : 'webhook')
  const others = Array.from({ length: charges - 1 }, (_, more) =>
    message(provider.tellOf(orderRef, txnRefOf(orderRef, more + 1)), 'webhook'),
  )
  return confirmed ? [...others, first] : [first, ...others]
}

const rowsMade = new Map<string, OrderRow>()

/** Rows are never changed in place, so that those of one kind are made once. */
function orderRow(messages: readonly Message[], index: number): OrderRow {
  const [message] = messages
  if (message === undefined) throw new Error('nobody told of an order')
  const name = [index, message.order.amountMinor, ...messages.map(({ source }) => source.kind)].join(' ')
  const made = rowsMade.get(name)
  if (made !== undefined) return made
  const { held } = weighInTurn(null, messages)
  if (held === null) throw new Error('an order was not understood')
  const { order, transactions, changedAt, version, nextCheckAt, unconfirmedSince } = held
  const row: OrderRow = {
    order,
    transactions,
    changedAt,
    version,
    nextCheckAt,
    unconfirmedSince,
    id: `00000000-0000-4000-8000-0000000000c${index}`,
    merchantAccountId: ACCOUNT.id,
    key: message.order.orderRef.toLowerCase(),
    firstSeenAt: message.now,
    lastCheckedAt: null,
    checkCount: 0,
  }
  rowsMade.set(name, row)
  return row
}
