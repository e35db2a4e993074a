/** One run of the simulation: everything that happens follows from the seed. */
import { askJuspay } from '../../server/services/orders/check-status.ts'
import { disablePeople, stopAndGo } from './admin.ts'
import { approveWhatWaits, askForRefund } from './people.ts'
import { judgeEnd, type Gesture } from './judge-end.ts'
import type { Broken } from './judge-state.ts'
import { liveAtJuspay } from './juspay-life.ts'
import { createAlarm, startLoops } from './loops.ts'
import type { OrderRow } from './memory-database.ts'
import { arrangeMishaps } from './mishaps.ts'
import { SKEW_MAX_MS } from './plan.ts'
import type { LedgerOrder } from './provider.ts'
import {
  ACCOUNT,
  createWorld,
  LAG_MS,
  REAL_BUILD,
  START_MS,
  type Build,
  type Trace,
  type World,
} from './world.ts'

export type SeedOutcome = {
  seed: number
  steps: number
  /** Refunds that Juspay accepted from us. */
  refunds: number
  violations: Broken[]
}

/** A run that is not over by then never will be. */
const STEPS_MAX = 60_000
const DAYS_MAX = 40
const STACK_LINES = 10
const DAY_MS = 86_400_000

/** Runs one seed to its end and judges it. */
export async function runSeed(
  seed: number,
  build: Build = REAL_BUILD,
  trace: Trace | null = null,
): Promise<SeedOutcome> {
  // Nobody reads the stack of a refusal here, and making one takes longer than the rest of a step.
  Error.stackTraceLimit = trace === null ? 0 : STACK_LINES
  const world = createWorld(seed, build, trace)
  const { scheduler, judge, plan, servers, staff, database, provider } = world
  const alarm = createAlarm(world)
  arrangeMishaps(world, alarm)
  liveAtJuspay(world, build)
  disablePeople(world)
  stopAndGo(world)
  for (const server of servers) startLoops(world, alarm, server)
  const gestures = plan.gestures.map((_planned, index): Gesture => ({
    id: `gesture${index + 1}`,
    clientKeys: new Set(),
  }))
  for (const [index, planned] of plan.gestures.entries()) {
    const gesture = gestures[index]
    if (gesture !== undefined) void askForRefund(world, build, planned, gesture)
  }
  for (const actor of staff)
    if (actor.role === 'approver' || actor.role === 'admin') void approveWhatWaits(world, alarm, actor)
  await toRest(world)
  // One cycle of reconciliation: what only Juspay knows so far is asked for.
  for (const order of provider.orders.values())
    if (mayBeNews(world, order)) void lookOnce(world, order.orderRef)
  await toRest(world)
  judgeEnd(database, provider, gestures, judge.say)
  const refunds = [...provider.orders.values()].reduce(
    (sum, order) => sum + order.refunds.filter(({ by }) => by === 'API').length,
    0,
  )
  return { seed, steps: scheduler.steps(), refunds, violations: judge.violations }
}

async function toRest(world: World): Promise<void> {
  const { scheduler, judge } = world
  let reason: string | null = null
  const over = (): boolean => {
    if (judge.violations.length > 0) return true
    if (scheduler.steps() > STEPS_MAX) reason = `no rest after ${STEPS_MAX} steps`
    else if (scheduler.now() > START_MS + DAYS_MAX * DAY_MS) reason = `no rest after ${DAYS_MAX} days`
    return reason !== null
  }
  await scheduler.run(over)
  if (reason !== null) judge.say('I11', reason)
}

function rowOf({ database }: World, orderRef: string): OrderRow {
  const row = [...database.tables.orders.rows.values()].find(({ order }) => order.orderRef === orderRef)
  if (row === undefined) throw new Error('an order was lost')
  return row
}

/** Whether Juspay may hold more of an order than was told, for what it answers may be behind, and kept here. */
function mayBeNews(world: World, { orderRef, changedAt }: LedgerOrder): boolean {
  const lastAsked = world.judge.lastAsked(orderRef)
  const keptAt = rowOf(world, orderRef).lastCheckedAt?.getTime() ?? 0
  return lastAsked <= changedAt + LAG_MS || keptAt < lastAsked + SKEW_MAX_MS
}

async function lookOnce(world: World, orderRef: string): Promise<void> {
  const { id: orderId } = rowOf(world, orderRef)
  const [server] = world.servers
  const actor = {
    kind: 'system',
    name: 'reconciliation',
    accountId: ACCOUNT.id,
    requestId: world.uuid(),
  } as const
  if (server === undefined) return
  try {
    await askJuspay(server.deps, actor, orderId)
  } catch (error) {
    world.judge.say('error', String(error))
  }
}
