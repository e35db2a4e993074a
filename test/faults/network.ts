/**
 * T5: everything a network does to connections, between the servers and PostgreSQL, and between Paydesk and Juspay. No 200
 * without a commit, nothing acknowledged is lost, and silence of Juspay never becomes an outcome.
 */
import { setTimeout as wait } from 'node:timers/promises'
import {
  PROXY_FAULTS,
  startFaultProxy,
  type FaultProxy,
  type ProxyFaultKind,
} from '../support/fault-proxy.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { runProviderFaults } from './provider-network.ts'
import { besiege, untilStruck, type Siege } from './siege.ts'
import { note } from './violations.ts'

/** Servers, each behind a proxy of its own: so many faults are in force at the same time. */
const SERVERS = 2
const HOLD_MS = { short: [500, 700], long: [1_500, 4_000] } as const
const DELAY_MAX_MS = { short: 2_000, long: 60_000 }

export const network: Battery = {
  name: 'network',
  unit: 'fault',
  title: `${PROXY_FAULTS.length} kinds of network faults before PostgreSQL and before Juspay`,
  // Of each kind fifty, half of them on each side.
  long: { count: PROXY_FAULTS.length * 50, events: 20_000, rate: 300 },
  run: runNetworkFaults,
  broken: 'hasty',
  control: {
    what: 'a server that answers 200 before the event is committed, and a client that takes silence for a failure',
    count: 4,
    events: 100,
    rules: ['J1', 'outcome'],
  },
}

/** One half of the faults strikes the way to PostgreSQL and then the other the way to Juspay. */
async function runNetworkFaults(run: Run): Promise<Outcome> {
  const half = Math.ceil(run.count / 2)
  const first = await runDatabaseSide({ ...run, count: Math.ceil(half / SERVERS) })
  const second = await runProviderFaults({ ...run, count: run.count - half, events: 0 })
  return {
    counts: { ...first.counts, faults: run.count, ...second.counts },
    violations: [...first.violations, ...second.violations],
  }
}

async function runDatabaseSide(run: Run): Promise<Outcome> {
  const database = await run.ground.newDatabase()
  const port = Number(new URL(database.url).port)
  const proxies = await Promise.all(Array.from({ length: SERVERS }, () => startFaultProxy({ port })))
  try {
    const urls = proxies.map((proxy) => proxy.through(database.url))
    return await besiege(run, database, urls, (siege, round) => strikeAll(siege, round, proxies))
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await database.close()
  }
}

async function strikeAll(siege: Siege, round: number, proxies: readonly FaultProxy[]): Promise<number> {
  await Promise.all(
    proxies.map((proxy, index) => {
      const kind = PROXY_FAULTS[(round * SERVERS + index) % PROXY_FAULTS.length] ?? 'refuse'
      return strike(siege, proxy, kind)
    }),
  )
  return performance.now()
}

async function strike(
  { run, random, counts, violations }: Siege,
  proxy: FaultProxy,
  kind: ProxyFaultKind,
): Promise<void> {
  const [least, most] = HOLD_MS[run.tier]
  await proxy.inject({ kind, delayMs: DELAY_MAX_MS[run.tier] })
  await wait(least + random() * (most - least))
  await untilStruck(proxy)
  const name = `database_${kind}`
  counts[name] = (counts[name] ?? 0) + 1
  counts['database_strikes'] = (counts['database_strikes'] ?? 0) + proxy.struck()
  if (proxy.struck() === 0) note(violations, 'vacuous', `${kind} met no connection`)
  await proxy.heal()
}
