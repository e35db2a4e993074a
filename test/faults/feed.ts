/**
 * The live feed while transactions commit late and connections break: two server processes, writers that hold their
 * transactions open for random times and roll some back, and readers over HTTP whose connections are cut at random
 * moments and come back at either server. Every reader must have seen every committed event it watches, once.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { openFleet, type Fleet } from './feed-clients.ts'
import { sliceOf, startWriters, type Writers } from './feed-writers.ts'
import { note, type Violation } from './violations.ts'
import { startServers } from './world.ts'

const SERVERS = 2
const WRITERS = 20
/** Readers, those of them that watch everything, and the slices that the others watch one of each. */
const READERS = { short: { all: 20, whole: 5, slices: 5 }, long: { all: 100, whole: 5, slices: 20 } }
/** Events a second in the brief form; the long form says its own. */
const SHORT_RATE = 400
/** More are begun than have to be committed: some transactions are rolled back. */
const SPARE = 1.08
const SPARE_MIN = 100
const POLL_MS = 10
const GREETED_MS = 60_000
/** Readers that get nothing new for this long have got all they will get. */
const QUIET_MS = { short: 3_000, long: 30_000 }

export const feed: Battery = {
  name: 'feed',
  unit: 'cut connection',
  title: 'live feed with late commits and cut connections',
  // What two cores carry with servers, database, writers and readers on them.
  long: { count: 1_000, events: 1_000_000, rate: 700 },
  run: runFeed,
  broken: 'numbered',
  control: {
    what: 'a cursor that is the number of a row alone',
    count: 5,
    events: 500,
    rules: ['J8'],
  },
}

async function runFeed(run: Run): Promise<Outcome> {
  const { ground, tier } = run
  const events = Math.ceil(run.events * SPARE) + SPARE_MIN
  const { all, whole, slices } = READERS[tier]
  const violations: Violation[] = []
  const database = await ground.newDatabase()
  const { servers, close } = await startServers(
    Array.from({ length: SERVERS }, () => database.url),
    run.entry,
  )
  const urls = servers.map(({ url }) => url)
  let writers: Writers | null = null
  let fleet: Fleet | null = null
  try {
    fleet = await openFleet({ database, urls, clients: all, whole, slices, events, writers: () => writers })
    await greeted(fleet)
    const begunAt = performance.now()
    writers = startWriters({
      databaseUrl: database.url,
      accountId: database.accountId,
      events,
      writers: WRITERS,
      rate: run.rate ?? SHORT_RATE,
      slices,
      seed: run.seed,
      late: true,
    })
    await cutInTurn({ ...run, events }, fleet, writers, urls)
    const writeSeconds = (performance.now() - begunAt) / 1_000
    await settled(run, fleet, writers, slices)
    const { gaps, duplicates, ghosts } = fleet.faults(writers)
    if (gaps > 0) note(violations, 'J8', `${gaps} events that a reader never got`, gaps)
    if (duplicates > 0) note(violations, 'J8', `${duplicates} events that a reader got again`, duplicates)
    if (ghosts > 0) note(violations, 'J8', `${ghosts} events that were not for their reader`, ghosts)
    for (const server of servers)
      for (const death of server.deaths) note(violations, 'death', `a server ended by itself: ${death}`)
    const cuts = sum(fleet.clients.map((client) => client.reconnects))
    if (cuts < run.count && !run.signal.aborted)
      note(violations, 'vacuous', `only ${cuts} connections were cut`)
    const committed = writers.committedAt.reduce((count, at) => count + (at === 0 ? 0 : 1), 0)
    return {
      violations,
      counts: {
        acked: committed,
        rolledBack: writers.written() - committed,
        servers: SERVERS,
        writers: WRITERS,
        readers: all,
        readersOfEverything: whole,
        slicesOfTheOthers: slices,
        rowsReceived: sum(fleet.clients.map((client) => client.received)),
        cutConnections: cuts,
        connectionsLostOtherwise: sum(fleet.clients.map((client) => client.lost.length)),
        gaps,
        duplicates,
        ghosts,
        committedPerSecond: Math.round(committed / writeSeconds),
        latencyP50Ms: fleet.latency.at(0.5),
        latencyP99Ms: fleet.latency.at(0.99),
        latencyMaxMs: fleet.latency.max(),
      },
    }
  } finally {
    writers?.stop()
    await writers?.done.catch(() => undefined)
    fleet?.close()
    await close()
    await database.close()
  }
}

async function greeted({ clients }: Fleet): Promise<void> {
  const deadline = performance.now() + GREETED_MS
  while (!clients.every((client) => client.greeted)) {
    if (performance.now() > deadline) throw new Error('a reader was not greeted by its server')
    await wait(POLL_MS)
  }
}

/** Cuts connections evenly over the time of writing, each at a moment and of a reader that chance chooses. */
async function cutInTurn(run: Run, fleet: Fleet, writers: Writers, urls: readonly string[]): Promise<void> {
  const random = seededRandom(run.seed)
  let cuts = 0
  let writing = true
  const done = writers.done.finally(() => {
    writing = false
  })
  while (writing) {
    if (run.signal.aborted) writers.stop()
    const due = Math.min(run.count, Math.ceil((writers.written() / run.events) * run.count))
    while (cuts < due) {
      cuts += 1
      const client = fleet.clients[Math.floor(random() * fleet.clients.length)]
      client?.reconnect(urls[Math.floor(random() * urls.length)] ?? '')
    }
    const received = sum(fleet.clients.map((client) => client.received))
    run.progress(`${writers.written()} written, ${cuts} cut, ${received} rows received`)
    await Promise.race([wait(POLL_MS * random() * 2), done])
  }
  await done
}

/** Waits until every reader has as many rows as there are for it, or nothing comes any more. */
async function settled(run: Run, fleet: Fleet, writers: Writers, slices: number): Promise<void> {
  const bySlice = Array.from({ length: slices }, () => 0)
  for (const [n, at] of writers.committedAt.entries()) {
    const slice = sliceOf(n, slices)
    if (at !== 0) bySlice[slice] = (bySlice[slice] ?? 0) + 1
  }
  const due = fleet.clients.map(({ slice }) => (slice === null ? sum(bySlice) : (bySlice[slice] ?? 0)))
  let [received, since] = [-1, performance.now()]
  while (performance.now() - since < QUIET_MS[run.tier]) {
    if (fleet.clients.every((client, no) => client.received >= (due[no] ?? 0))) return
    const now = sum(fleet.clients.map((client) => client.received))
    if (now !== received) since = performance.now()
    received = now
    await wait(POLL_MS)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
