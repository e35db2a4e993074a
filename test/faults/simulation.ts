/**
 * T7: the product's refund services against a simulated database, Juspay and network (`test/simulation`), one seed after
 * the other. Needs neither PostgreSQL nor a server.
 */
import { BROKEN_BUILDS } from '../simulation/builds.ts'
import { catchBuilds, openPool, runSeeds, type Failure, type Pool } from '../simulation/pool.ts'
import { runSeed } from '../simulation/run-seed.ts'
import { START_MS } from '../simulation/world.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { note, type Violation } from './violations.ts'

/** Seeds within which each broken build has to be found out. */
const CAUGHT_WITHIN = 20_000

export const simulation: Battery = {
  name: 'simulation',
  unit: 'seed',
  title: 'refunds, every await in any order',
  // No server is loaded here, so nothing has a rate.
  long: { count: 200_000, events: 0, rate: 1 },
  goesOn: true,
  run: runSimulation,
  replay,
  // Stands for all the broken builds: no server runs.
  broken: 'hasty',
  control: {
    what: `${BROKEN_BUILDS.length} builds, each broken in one place`,
    count: 0,
    events: 0,
    rules: ['refund'],
  },
}

async function runSimulation(run: Run): Promise<Outcome> {
  const pool = openPool()
  run.signal.addEventListener('abort', pool.stop)
  try {
    return await (run.entry === 'real' ? runReal(run, pool) : runBroken(run, pool))
  } finally {
    await pool.close()
  }
}

async function runReal(run: Run, pool: Pool): Promise<Outcome> {
  const { seed, count } = run
  const violations: Violation[] = []
  const sum = await runSeeds(pool, {
    from: seed,
    count,
    heard: ({ seeds, failures }) => run.progress(`${seeds} of ${count} seeds, ${failures.length} failed`),
  })
  for (const failure of sum.failures) {
    note(violations, 'refund', inWords(failure))
    run.say(
      `seed ${failure.seed} failed; see it with: npm run faults -- simulation --seed ${failure.seed} --count 1`,
    )
  }
  const { seeds, steps, refunds } = sum
  return { counts: { seeds, steps, refunds }, violations }
}

/** Every broken build has to be found out; one that is not makes the whole control worthless. */
async function runBroken(run: Run, pool: Pool): Promise<Outcome> {
  const counts: Record<string, number> = {}
  const violations: Violation[] = []
  const names = BROKEN_BUILDS.map(({ name }) => name)
  const found = await catchBuilds(pool, names, CAUGHT_WITHIN)
  for (const { name, what } of BROKEN_BUILDS) {
    const caught = found.get(name) ?? null
    run.say(`  ${name.padEnd(32)} ${caught === null ? 'NOT CAUGHT' : `seed ${caught.seed}`}  ${what}`)
    counts[name] = caught?.seed ?? 0
    if (caught !== null) note(violations, 'refund', `${name}: ${inWords(caught)}`)
  }
  const all = [...found.values()].every((caught) => caught !== null) && !run.signal.aborted
  return { counts, violations: all ? violations : [] }
}

function inWords({ seed, violations }: Failure): string {
  return `seed ${seed}: ${violations.map(({ rule, detail }) => `${rule}: ${detail}`).join('; ')}`
}

/** One seed step by step. Answers whether nothing was wrong. */
async function replay(seed: number, say: (line: string) => void): Promise<boolean> {
  const { violations } = await runSeed(seed, undefined, (at, host, label) =>
    say(`${((at - START_MS) / 1_000).toFixed(3).padStart(12)} s  ${host.padEnd(20)} ${label}`),
  )
  for (const { rule, detail } of violations) say(`${rule}: ${detail}`)
  say(violations.length === 0 ? 'nothing was wrong' : `${violations.length} violations`)
  return violations.length === 0
}
