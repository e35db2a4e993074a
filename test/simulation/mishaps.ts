/** What goes wrong with our own machines: servers die and stall, connections to the database break. */
import { LEASE_MS } from '../../server/domain/refund-answer.ts'
import { abandon } from './memory-database.ts'
import { startLoops, type Alarm } from './loops.ts'
import type { Server } from './servers.ts'
import { START_MS, type World } from './world.ts'

const STALL_MAX_MS = 150_000
/** The odds that a server stalls while it waits for the answer to a refund call. */
const STALLS_IN_CALL = 0.06
const DOWN_MAX_MS = 30_000

/** Lets things go wrong until the time of trouble is over, and then sets everything right again. */
export function arrangeMishaps(world: World, alarm: Alarm): void {
  const { random, plan, scheduler, servers } = world
  const wait = (): number => (plan.mishapEvery === Infinity ? Infinity : 1 + random() * 2 * plan.mishapEvery)
  let left = wait()
  let over = false
  scheduler.at(START_MS + plan.troubleMs, null, 'all is well again', () => undefined)
  // The worst moment for a stalled server to go on is when another one is doing its work.
  world.onSent = (sender) => {
    if (over) return
    // A server that stalls in the middle of its call, for longer than its lease (C14).
    if (plan.mishapEvery < Infinity && random() < STALLS_IN_CALL) {
      sender.frozenUntil = scheduler.now() + LEASE_MS + Math.floor(random() * LEASE_MS)
      scheduler.at(sender.frozenUntil, null, `${sender.name} goes on`, () => undefined)
    }
    for (const { host } of servers) {
      const at = scheduler.now() + Math.floor(random() * 1_500)
      if (host === sender || host.frozenUntil <= at || random() < 0.5) continue
      host.frozenUntil = at
      scheduler.at(at, null, `${host.name} goes on`, () => undefined)
    }
  }
  world.mayGoOn = () => (left -= 1) > 0 || over
  world.onStep = () => {
    if (over) return
    if (world.calm()) {
      over = true
      world.breaking = 0
      for (const server of servers) {
        server.host.frozenUntil = 0
        if (!server.up) revive(world, alarm, server)
      }
      return
    }
    left -= 1
    if (left > 0) return
    left = wait()
    const server = servers[Math.floor(random() * servers.length)]
    if (server === undefined || !server.up) return
    const kind = random()
    if (kind < 0.35) die(world, alarm, server)
    else if (kind < 0.65) {
      server.host.frozenUntil = scheduler.now() + Math.floor(random() * STALL_MAX_MS)
      scheduler.at(server.host.frozenUntil, null, `${server.host.name} goes on`, () => undefined)
    } else if (kind < 0.95) world.breaking = 1
    else restartDatabase(world)
  }
}

/** Every transaction is gone at once; commits on their way arrive or do not. */
function restartDatabase({ database, servers }: World): void {
  for (const { host } of servers) abandon(database, host)
}

function die(world: World, alarm: Alarm, server: Server): void {
  const { scheduler, database, random } = world
  server.up = false
  scheduler.kill(server.host)
  abandon(database, server.host)
  alarm.forget(server.host)
  const callers = [...server.calls]
  server.calls.clear()
  for (const lost of callers) lost()
  const at = scheduler.now() + Math.floor(random() * DOWN_MAX_MS)
  scheduler.at(at, null, `${server.host.name} starts again`, () => revive(world, alarm, server))
}

function revive(world: World, alarm: Alarm, server: Server): void {
  if (server.up) return
  server.up = true
  startLoops(world, alarm, server)
}
