/**
 * T3: PostgreSQL is killed, shut down, frozen and cut off at COMMIT while webhooks come in. The servers live on, say 503 in
 * time, and take webhooks again by themselves.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import type { Cluster } from './cluster.ts'
import { besiege, untilStruck, type Siege } from './siege.ts'
import { note } from './violations.ts'

const KINDS = ['kill', 'immediate', 'freeze', 'reset_at_commit', 'restart'] as const
/** How long the database is away. */
const AWAY_MS = { short: [200, 600], long: [500, 6_000] } as const
/** Longer than a webhook waits, or the answer in time would not be tried. */
const FROZEN_MS = { short: [2_200, 2_500], long: [5_000, 30_000] } as const
const RESET_MS = { short: [800, 1_000], long: [1_000, 3_000] } as const
/** The statement that stores webhooks, and the end of every transaction. */
const AT_COMMIT = /webhook-intake|COMMIT/

export const killDatabase: Battery = {
  name: 'kill-database',
  unit: 'fault',
  title: 'PostgreSQL killed, shut down, frozen and cut off at COMMIT under load',
  long: { count: 100, events: 20_000, rate: 300 },
  run: runDatabaseFaults,
  broken: 'hasty',
  control: {
    what: 'a server that answers 200 before the event is committed',
    count: 2,
    events: 100,
    rules: ['J1'],
  },
}

async function runDatabaseFaults(run: Run): Promise<Outcome> {
  const { cluster } = run.ground
  const database = await run.ground.newDatabase()
  const proxy = await startFaultProxy({ port: Number(new URL(database.url).port) })
  try {
    // One server is directly connected and one through the proxy, which is where connections can be cut.
    return await besiege(run, database, [database.url, proxy.through(database.url)], (siege, index) =>
      strike(siege, KINDS[index % KINDS.length] ?? 'kill', cluster, proxy),
    )
  } finally {
    cluster.thaw()
    await cluster.start()
    await proxy.close()
    await database.close()
  }
}

async function strike(
  siege: Siege,
  kind: (typeof KINDS)[number],
  cluster: Cluster,
  proxy: FaultProxy,
): Promise<number> {
  const { counts, run, violations } = siege
  counts[kind] = (counts[kind] ?? 0) + 1
  const hold = ([least, most]: readonly [number, number]): Promise<void> =>
    wait(least + siege.random() * (most - least))
  switch (kind) {
    case 'freeze':
      cluster.freeze()
      await hold(FROZEN_MS[run.tier])
      cluster.thaw()
      break
    case 'reset_at_commit': {
      // The statement is lost on its way, or it is carried out and its answer is lost.
      const way = siege.random() < 0.5 ? 'reset_before_request' : 'reset_after_request'
      await proxy.inject({ kind: way, matching: AT_COMMIT })
      await hold(RESET_MS[run.tier])
      await untilStruck(proxy)
      if (proxy.struck() === 0) note(violations, 'vacuous', 'no connection was cut at COMMIT')
      counts['connections_cut'] = (counts['connections_cut'] ?? 0) + proxy.struck()
      await proxy.heal()
      break
    }
    default:
      await cluster.end(kind)
      await hold(AWAY_MS[run.tier])
      await cluster.start()
  }
  return performance.now()
}
