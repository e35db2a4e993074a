/**
 * T11: messages about an order arrive in every order, repeated, masked, in other bytes, with status answers among them.
 * The end must be the same (J4), and nothing may go back on the way (J5).
 */
import type { Battery, Outcome, Run } from './battery.ts'
import { ordersOnDatabase } from './permutation-database.ts'
import { LAST_ARRIVAL_WINS, REAL_MERGE, type Merge } from './permutation-model.ts'
import { everyOrder, randomOrders } from './permutation-orders.ts'
import { LONG_SCENES } from './permutation-long-scenes.ts'
import { SCENES, type Scene } from './permutation-scenes.ts'
import type { Violation } from './violations.ts'

/** Random orders of the lives that are too long for all of them. */
const RANDOM_ORDERS = 1_000

export type PermutationOutcome = {
  scenarios: number
  permutations: number
  prefixes: number
  repeats: number
  violations: Violation[]
}

/** Every order of the scenarios, and random orders of longer ones, by the rules alone. */
export function permutationBattery({
  scenarios = SCENES,
  seed,
  merge = REAL_MERGE,
}: {
  scenarios?: readonly Scene[]
  seed: number
  merge?: Merge
}): PermutationOutcome {
  const every = everyOrder(scenarios, merge)
  const random = randomOrders(LONG_SCENES, merge, { count: RANDOM_ORDERS, seed })
  return {
    scenarios: every.scenarios + random.scenarios,
    permutations: every.permutations + random.permutations,
    prefixes: every.prefixes + random.prefixes,
    repeats: every.repeats + random.repeats,
    violations: [...every.violations, ...random.violations],
  }
}

export const permutation: Battery = {
  name: 'permutation',
  unit: 'order of arrival on PostgreSQL',
  title: 'messages in every order of arrival',
  // No server is loaded here, so nothing has a rate.
  long: { count: 6_600, events: 0, rate: 1 },
  run: runOrders,
  // Stands for the broken merge: no server runs.
  broken: 'hasty',
  control: {
    what: 'a merge that believes whatever arrives last',
    count: 0,
    events: 0,
    rules: ['J4', 'J5'],
  },
}

async function runOrders(run: Run): Promise<Outcome> {
  const { ground, entry, seed, count, signal } = run
  run.progress('every order by the rules alone')
  const merge = entry === 'real' ? REAL_MERGE : LAST_ARRIVAL_WINS
  const { violations, ...counts } = permutationBattery({ seed, merge })
  if (entry !== 'real') return { counts, violations }
  const database = await ground.newDatabase()
  try {
    const kept = await ordersOnDatabase([...SCENES, ...LONG_SCENES], {
      ...database,
      seed,
      count,
      signal,
      heard: (done) => run.progress(`${done} of ${count} orders of arrival on PostgreSQL`),
    })
    return {
      counts: { ...counts, permutationsOnPostgres: kept.permutations, eventsOnPostgres: kept.events },
      violations: [...violations, ...kept.violations],
    }
  } finally {
    await database.close()
  }
}
