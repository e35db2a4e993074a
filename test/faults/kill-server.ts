/**
 * T1: servers are killed with -9 at random moments while webhooks come in, and started again at once. Nothing that was
 * answered 200 may be missing, and every order must end as the webhooks about it say.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { judge } from './judge.ts'
import { startLoad, type Load } from './load.ts'
import { createMail } from './mail.ts'
import type { ServerProcess } from './server-process.ts'
import { ownTimes, type Times } from './times.ts'
import { note, type Violation } from './violations.ts'
import { startServers } from './world.ts'

const SERVERS = 2
const CONNECTIONS = { short: 16, long: 24 }
/** Longest time between the first 200 of a new life and its end. */
const LIFE_MAX_MS = { short: 300, long: 1_200 }
/** A kill of all servers at once, now and then. */
const ALL_SHARE = 0.1
/** Reliability T1; the brief form runs beside the rest of the tests. */
const RECOVERY_MS = { short: 30_000, long: 5_000 }
const SETTLE_MS = { short: 30_000, long: 600_000 }
const FINISH_MS = 60_000
const POLL_MS = 50

export const killServer: Battery = {
  name: 'kill-server',
  unit: 'kill',
  title: 'servers killed with -9 under load',
  long: { count: 1_000, events: 1_000_000, rate: 700 },
  run: runKills,
  broken: 'hasty',
  control: {
    what: 'a server that answers 200 before the event is committed',
    count: 3,
    events: 200,
    rules: ['J1'],
  },
}

async function runKills(run: Run): Promise<Outcome> {
  const { ground, tier, seed } = run
  const violations: Violation[] = []
  const recovery = ownTimes()
  const database = await ground.newDatabase()
  const { servers, close } = await startServers(
    Array.from({ length: SERVERS }, () => database.url),
    run.entry,
  )
  const mail = createMail({ seed, startedAt: new Date() })
  const load = startLoad({
    targets: servers.map((server) => server.url),
    slug: database.slug,
    authorization: database.authorization,
    connections: CONNECTIONS[tier],
    rate: run.rate,
    mail,
  })
  try {
    const begunAt = performance.now()
    const kills = await killInTurn(run, servers, load, recovery, violations)
    while (mail.ackedCount() < run.events && !run.signal.aborted) {
      run.progress(`${kills} kills, ${mail.ackedCount()} acknowledged`)
      await wait(POLL_MS)
    }
    const loadSeconds = (performance.now() - begunAt) / 1_000
    await load.finish(FINISH_MS)
    await load.close()
    for (const server of servers)
      for (const death of server.deaths) note(violations, 'death', `a server ended by itself: ${death}`)
    run.progress('judging')
    const verdict = await judge({
      pool: database.pool,
      accountId: database.accountId,
      mail,
      load,
      settleMs: SETTLE_MS[tier],
      hurry: tier === 'short',
    })
    const { violations: found, ...counts } = verdict
    return {
      violations: [...violations, ...found],
      counts: {
        kills,
        ...counts,
        ...Object.fromEntries(
          Object.entries(load.answers).map(([kind, count]) => [`answers_${kind}`, count]),
        ),
        recoveryP50Ms: recovery.at(0.5),
        recoveryP99Ms: recovery.at(0.99),
        recoveryMaxMs: recovery.max(),
        storedP99Ms: load.stored.at(0.99),
        acknowledgedPerSecond: Math.round(counts.acked / loadSeconds),
      },
    }
  } finally {
    await load.close()
    await close()
    await database.close()
  }
}

/** Each server lives for a random while after it is back; the servers die independently of each other. Returns the kills. */
async function killInTurn(
  run: Run,
  servers: readonly ServerProcess[],
  load: Load,
  recovery: Times,
  violations: Violation[],
): Promise<number> {
  const { tier, signal, count } = run
  const random = seededRandom(run.seed)
  let kills = 0
  const dying = new Set<ServerProcess>()
  const killOne = async (server: ServerProcess): Promise<void> => {
    if (dying.has(server) || kills >= count) return
    dying.add(server)
    kills += 1
    const target = servers.indexOf(server)
    await server.kill()
    const since = performance.now()
    server.start()
    const took = await load.ackAfter(target, since, RECOVERY_MS[tier] * 4)
    if (took !== null) recovery.add(took)
    if (took === null || took > RECOVERY_MS[tier])
      note(violations, 'recovery', `server ${target} took ${took ?? 'too many'} ms to store again`)
    dying.delete(server)
    run.progress(`${kills}/${count} kills, recovery p50 ${recovery.at(0.5)} ms`)
  }
  const lives = servers.map(async (server) => {
    while (kills < count && !signal.aborted) {
      await wait(random() * LIFE_MAX_MS[tier])
      await Promise.all((random() < ALL_SHARE ? servers : [server]).map(killOne))
    }
  })
  await Promise.all(lives)
  return kills
}
