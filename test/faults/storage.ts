/**
 * T4: what storage and a busy database do: the disk is full or gone, the database is read-only, gives no connections, holds
 * locks, or ends statements. While nothing can be committed nothing is answered 200; afterwards the servers go on by
 * themselves.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Battery, Outcome, Run } from './battery.ts'
import { besiege, type Siege } from './siege.ts'
import { whyNoStrace } from './system-calls.ts'
import { STORAGE_FAULTS, type StorageFault } from './storage-faults.ts'
import { whyNoDisk, withSmallDisk } from './small-disk.ts'
import { note } from './violations.ts'
import { openGround } from './world.ts'

const SERVERS = 2
const HOLD_MS = { short: [300, 400], long: [1_000, 4_000] } as const
/** Longer than a webhook waits, or the answer in time would not be tried. */
const SLOW_HOLD_MS = { short: [1_700, 1_800], long: [2_500, 6_000] } as const
/** A request may have been on its way into the database when the fault came. */
const IN_FLIGHT_MS = 300

export const storage: Battery = {
  name: 'storage',
  unit: 'fault',
  title: `${STORAGE_FAULTS.length} kinds of trouble with storage and inside PostgreSQL`,
  // At three times this rate the small disk is full of webhooks before the last fault.
  long: { count: STORAGE_FAULTS.length * 10, events: 10_000, rate: 100 },
  run: runStorageFaults,
  broken: 'hasty',
  control: {
    what: 'a server that answers 200 before the event is committed',
    count: 1,
    events: 100,
    rules: ['J1', 'J6'],
  },
}

/** Why a fault that needs that cannot be had; null when it can. The brief form goes without whatever takes long. */
function whyNot(needs: StorageFault['needs'], run: Run): string | null {
  if (needs === 'nothing') return null
  if (run.tier === 'short') return 'only in the long form'
  return whyNoDisk() ?? (needs === 'strace' ? whyNoStrace() : null)
}

/** Breaking a disk needs a small one, on which the whole cluster then lies. */
async function runStorageFaults(run: Run): Promise<Outcome> {
  const skipped: Record<string, number> = {}
  const kinds = STORAGE_FAULTS.filter(({ kind, needs }) => {
    const reason = whyNot(needs, run)
    if (reason === null) return true
    skipped[`skipped_${kind}`] = 1
    run.say(`${kind} is left out: ${reason}`)
    return false
  })
  const outcome =
    whyNot('disk', run) === null
      ? await withSmallDisk(async (parent) => {
          const ground = await openGround({ parent, flags: SMALL })
          try {
            return await siegeOf({ ...run, ground }, kinds)
          } finally {
            await ground.close()
          }
        })
      : await siegeOf(run, kinds)
  return { ...outcome, counts: { ...outcome.counts, ...skipped } }
}

/** Little enough for the small disk; as durable as ever. */
const SMALL = ['max_wal_size=96MB', 'min_wal_size=32MB']

async function siegeOf(run: Run, kinds: readonly StorageFault[]): Promise<Outcome> {
  const database = await run.ground.newDatabase()
  const urls = Array.from({ length: SERVERS }, () => database.url)
  try {
    return await besiege(run, database, urls, (siege, index) => {
      const fault = kinds[index % kinds.length]
      return fault === undefined ? Promise.resolve(performance.now()) : strike(siege, fault)
    })
  } finally {
    await run.ground.cluster.start()
    await database.close()
  }
}

async function strike(siege: Siege, { kind, refuses, slow, begin, held }: StorageFault): Promise<number> {
  const { run, database, load, random, counts, violations } = siege
  const [least, most] = slow ? SLOW_HOLD_MS[run.tier] : HOLD_MS[run.tier]
  const refusedBefore = load.refused.count()
  const target = { database, cluster: run.ground.cluster }
  const end = await begin(target)
  let whole = true
  try {
    await wait(IN_FLIGHT_MS)
    const since = performance.now()
    await wait(least + random() * (most - least))
    whole = held === undefined || (await held(target))
    if (refuses === 'all' && whole && load.ackedSince(since))
      note(violations, 'J6', `${kind}: a webhook was answered 200 while nothing could be committed`)
  } finally {
    await end()
  }
  const name = whole ? kind : `${kind}_in_part`
  counts[name] = (counts[name] ?? 0) + 1
  if (refuses !== 'perhaps' && load.refused.count() === refusedBefore && run.entry === 'real')
    note(violations, 'vacuous', `${kind} kept nothing from being stored`)
  return performance.now()
}
