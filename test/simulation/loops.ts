/** The background work of our servers: the product's own jobs in loops that rest until something is due. */
import { drainExpiredRequests } from '../../server/jobs/expire-requests.ts'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import type { Deps, WakeTopic } from '../../server/services/deps.ts'
import { sweepOrders } from '../../server/services/orders/sweep-orders.ts'
import { ConnectionLost, type Database } from './memory-database.ts'
import type { Host, Timer } from './scheduler.ts'
import type { Server } from './servers.ts'
import type { World } from './world.ts'

/** Somebody who rests until something is due, or is woken. */
type Sleeper = {
  host: Host
  topic: WakeTopic | null
  everyMs: number
  due: () => number | null
  timer: Timer | null
  wake: () => void
}

export type Alarm = {
  /** Waits until `due` says so, and up to `everyMs` longer; ends at a wake-up of the topic. */
  rest(host: Host, rest: Pick<Sleeper, 'topic' | 'everyMs' | 'due'>): Promise<void>
  /** Forgets who rested on a dead host. */
  forget(host: Host): void
}

/** Wakes sleepers when a commit makes something due, and on the product's wake-ups, which may be lost. */
export function createAlarm(world: World): Alarm {
  const { scheduler, random } = world
  const sleepers = new Set<Sleeper>()
  function arm(sleeper: Sleeper): void {
    const due = sleeper.due()
    if (due === null) return
    const at = Math.max(due, scheduler.now()) + 1 + Math.floor(random() * sleeper.everyMs)
    if (sleeper.timer === null) sleeper.timer = scheduler.at(at, sleeper.host, 'wakes', sleeper.wake)
    else if (at < sleeper.timer.at) scheduler.move(sleeper.timer, at)
  }
  world.database.afterCommit = () => {
    for (const sleeper of sleepers) arm(sleeper)
  }
  world.onWake = (topic) => {
    if (topic !== 'refunds' || random() < 0.2) return
    for (const sleeper of sleepers)
      if (sleeper.topic === topic && sleeper.due() !== null) {
        const at = scheduler.now() + 1
        if (sleeper.timer === null) sleeper.timer = scheduler.at(at, sleeper.host, 'woken', sleeper.wake)
        else if (at < sleeper.timer.at) scheduler.move(sleeper.timer, at)
      }
  }
  return {
    rest: (host, how) =>
      new Promise((resolve) => {
        const sleeper: Sleeper = {
          ...how,
          host,
          timer: null,
          wake() {
            if (sleepers.delete(sleeper)) resolve()
          },
        }
        sleepers.add(sleeper)
        arm(sleeper)
      }),
    forget(host) {
      for (const sleeper of sleepers) if (sleeper.host === host) sleepers.delete(sleeper)
    },
  }
}

type Loop = Pick<Sleeper, 'topic' | 'everyMs'> & {
  due: (database: Database) => number | null
  drain: (deps: Deps) => Promise<number>
}

const LOOPS: readonly Loop[] = [
  { topic: 'refunds', everyMs: 2_000, drain: drainRefunds, due: (database) => dueRefund(database, true) },
  {
    topic: 'refunds',
    everyMs: 5_000,
    drain: drainRefundPolls,
    due: (database) => dueRefund(database, false),
  },
  { topic: null, everyMs: 60_000, drain: drainExpiredRequests, due: dueExpiry },
  { topic: null, everyMs: 5_000, drain: sweepOrders, due: dueSweep },
]

/** Starts the loops of a server; they end with its life. */
export function startLoops(world: World, alarm: Alarm, server: Server): void {
  for (const loop of LOOPS) void runLoop(world, alarm, server, loop)
}

const ERROR_PAUSE_MS = 1_000

async function runLoop(world: World, alarm: Alarm, { host, deps }: Server, loop: Loop): Promise<never> {
  const { topic, everyMs } = loop
  for (;;) {
    try {
      if ((await loop.drain(deps)) > 0) continue
    } catch (error) {
      if (!(error instanceof ConnectionLost)) world.judge.say('error', String(error))
      await world.scheduler.sleep(host, ERROR_PAUSE_MS)
    }
    // Once all is well one server does the rest: the races are over, and a second one would only repeat its looks.
    const idle = (): boolean => world.calm() && host !== world.servers[0]?.host
    await alarm.rest(host, { topic, everyMs, due: () => (idle() ? null : loop.due(world.database)) })
  }
}

function dueRefund({ tables }: Database, ready: boolean): number | null {
  let due: number | null = null
  for (const { nextActionAt, status } of tables.refunds.rows.values())
    if (nextActionAt !== null && (status === 'ready') === ready) due = earlier(due, nextActionAt)
  return due
}

function dueExpiry({ tables }: Database): number | null {
  let due: number | null = null
  for (const { status, expiresAt } of tables.refundRequests.rows.values())
    if (status === 'pending_approval') due = earlier(due, expiresAt)
  return due
}

/** Looks that are due in days are beyond a run: it ends when refunds have come to rest. */
const SWEEP_HORIZON_MS = 6 * 3_600_000

function dueSweep({ tables, scheduler }: Database): number | null {
  let due: number | null = null
  for (const { nextCheckAt } of tables.orders.rows.values())
    if (nextCheckAt !== null) due = earlier(due, nextCheckAt)
  return due !== null && due < scheduler.now() + SWEEP_HORIZON_MS ? due : null
}

function earlier(due: number | null, at: Date): number {
  return due === null ? at.getTime() : Math.min(due, at.getTime())
}
