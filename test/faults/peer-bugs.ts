/** T10: refund bugs of other systems replayed against Paydesk: none may show, and each must with its guard taken out. */
import { removeAmountChecks, removeLocks, withNewKeys } from '../support/broken-refunds.ts'
import type { RefundWorld } from '../support/refund-fixtures.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { REPLAYS } from './peer-bug-replays.ts'
import { judgeWorld, openServices } from './refund-world.ts'
import { note, type Violation } from './violations.ts'

/** How often the control may try a bug that needs luck. */
const LUCK = 40

/** Between two replays: what they may ask Juspay fills up again. */
const BETWEEN_MS = 60_000

export const peerBugs: Battery = {
  name: 'peer-bugs',
  unit: 'replay of each bug',
  title: `${Object.keys(REPLAYS).length} refund bugs of other systems`,
  long: { count: 100, events: 0, rate: 1 },
  run: (run) => (run.entry === 'real' ? replayAll(run) : replayWithoutGuards(run)),
  broken: 'unlocked',
  control: {
    what: 'each bug with the guard against it taken out: locks, keys that are stored first, checks of the amount, no compensation',
    count: 1,
    events: 0,
    rules: ['peer bug'],
  },
}

async function replayAll(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const counts: Record<string, number> = { bugs: Object.keys(REPLAYS).length, replays: 0, reproduced: 0 }
  const world = await openServices(run.ground)
  try {
    for (const [name, replay] of Object.entries(REPLAYS)) {
      counts[name] = 0
      for (let index = 0; index < run.count && !run.signal.aborted; index += 1) {
        const showed = await replay({ world, deps: world.deps, broken: false })
        counts['replays'] = (counts['replays'] ?? 0) + 1
        run.progress(`${name}: ${index + 1}/${run.count}`)
        await world.advance(BETWEEN_MS)
        if (!showed) continue
        counts[name] += 1
        counts['reproduced'] = (counts['reproduced'] ?? 0) + 1
        note(violations, 'peer bug', name)
      }
    }
    counts['refunds'] = await judgeWorld(world, violations)
    return { counts, violations }
  } finally {
    await world.close()
  }
}

/** Every bug has to show, or the control counts for nothing. */
async function replayWithoutGuards(run: Run): Promise<Outcome> {
  const world = await openServices(run.ground)
  const violations: Violation[] = []
  const counts: Record<string, number> = {}
  try {
    for (const [name, replay] of Object.entries(REPLAYS)) {
      // A world of which earlier controls have made a mess is no ground for the next one, but their orders are apart.
      const deps = await broken(world, name)
      let tries = 0
      let showed = false
      while (!showed && tries < LUCK && !run.signal.aborted) {
        tries += 1
        showed = await replay({ world, deps, broken: true })
        run.progress(`${name}: ${tries} tries`)
      }
      counts[name] = showed ? tries : 0
      if (showed) note(violations, 'peer bug', name)
    }
    const all = violations.length === Object.keys(REPLAYS).length
    return { counts, violations: all ? violations : [] }
  } finally {
    await world.close()
  }
}

async function broken(world: RefundWorld, name: string): Promise<RefundWorld['deps']> {
  if (name === 'hyperswitch_13182') await removeLocks(world.deps.database)
  if (name === 'hyperswitch_11491') await removeAmountChecks(world.deps.database)
  const keyless = name === 'medusa_16681' || name.startsWith('woocommerce')
  if (!keyless) return world.deps
  return { ...world.deps, juspay: () => Promise.resolve(withNewKeys(world.client)) }
}
