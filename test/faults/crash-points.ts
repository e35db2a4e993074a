/**
 * T2: a process dies at a named await of the refund path, and again when the next one comes to the same point, with and
 * without a second worker. Then healthy processes go on, and the money must be right.
 */
import { withNewKeys } from '../support/broken-refunds.ts'
import { bookViolations, ledgerViolations } from '../support/refund-invariants.ts'
import type { RefundWorld } from '../support/refund-fixtures.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { Death, mortalDeps, type Mortal } from './crash-deps.ts'
import { bystander, FLOWS, newLife, tidy, type Flow, type Life } from './crash-flows.ts'
import { openServices } from './refund-world.ts'
import { note, type Violation } from './violations.ts'

const POINTS_MIN = 40
/** Every point dies once and twice, with one worker and with two. */
const WAYS = [
  { deaths: 1, workers: 1 },
  { deaths: 2, workers: 1 },
  { deaths: 1, workers: 2 },
  { deaths: 2, workers: 2 },
] as const
type Way = (typeof WAYS)[number]
/** Lives in one world: after that its tables are left behind. */
const PER_WORLD = 400
const STEP_MS = 61_000
const STEPS_MAX = 60

export const crashPoints: Battery = {
  name: 'crash-points',
  unit: 'life for each point',
  title: 'a death at every await of the refund path',
  long: { count: 10, events: 0, rate: 1 },
  run: runPoints,
  broken: 'rekeying',
  control: {
    what: 'a sender that makes a new refund key for each call',
    count: 0,
    events: 0,
    rules: ['I4'],
  },
}

type Case = { flow: string; point: string; way: Way }

/** With a count of 0, each point of a sample dies in one way: for runs that must be brief. */
async function runPoints(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  let world = await openServices(run.ground)
  try {
    const points = await discover(world, run)
    const all = [...points].flatMap(([flow, names]) => names.map((point) => ({ flow, point })))
    const distinct = new Set(all.map(({ point }) => point)).size
    if (distinct < POINTS_MIN) note(violations, 'vacuous', `only ${distinct} points were found`)
    run.say(`${distinct} points:\n${[...new Set(all.map(({ point }) => point))].toSorted().join('\n')}`)
    const cases = run.count === 0 ? sample(all, run) : rounds(all, run.count)
    const hits = new Map<string, number>()
    let lives = 0
    for (const one of cases) {
      if (run.signal.aborted) break
      if (lives > 0 && lives % PER_WORLD === 0) {
        await world.close()
        world = await openServices(run.ground)
      }
      await die(world, run, one, { violations, hits })
      lives += 1
      run.progress(`${lives}/${cases.length} lives`)
    }
    const fewest = hits.size < distinct ? 0 : Math.min(...hits.values())
    if (fewest < run.count && !run.signal.aborted)
      note(violations, 'vacuous', `a point was died at ${fewest} times, not ${run.count}`)
    const deaths = [...hits.values()].reduce((sum, one) => sum + one, 0)
    const counts = { points: distinct, pointsDiedAt: hits.size, deaths, fewestDeathsAtAPoint: fewest, lives }
    return { violations, counts: { flows: points.size, ...counts } }
  } finally {
    await world.close()
  }
}

/** Lives each flow once without a death and writes down what points it comes to. */
async function discover(world: RefundWorld, run: Run): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const [name, flow] of Object.entries(FLOWS)) {
    const passed: string[] = []
    const process = mortalDeps(depsOf(world, run), (point) => {
      passed.push(point)
      return false
    })
    const life = newLife(world, await world.chargedOrder())
    await flow.live(life, process)
    await tidy(life)
    await comeToRest(life)
    found.set(name, [...new Set(passed)])
  }
  return found
}

function depsOf(world: RefundWorld, run: Run): RefundWorld['deps'] {
  if (run.entry === 'real') return world.deps
  return { ...world.deps, juspay: () => Promise.resolve(withNewKeys(world.client)) }
}

/** Each point in every flow that comes to it, in every way, and at least `count` times. */
function rounds(all: readonly Omit<Case, 'way'>[], count: number): Case[] {
  const flowsOf = new Map<string, string[]>()
  for (const { flow, point } of all) flowsOf.set(point, [...(flowsOf.get(point) ?? []), flow])
  return [...flowsOf].flatMap(([point, flows]) =>
    Array.from({ length: Math.max(count, flows.length) }, (_, index) => ({
      flow: flows[index % flows.length] ?? '',
      point,
      way: WAYS[index % WAYS.length] ?? WAYS[0],
    })),
  )
}

const SAMPLE = 40

/** The ends of calls and commits first, since money is decided there; then some of the rest. */
function sample(all: readonly Omit<Case, 'way'>[], run: Run): Case[] {
  const random = seededRandom(run.seed)
  const decisive = (point: string): number => (/^(?:send|poll) (?:juspay\.refund|commit)/.test(point) ? 1 : 0)
  const weighed = all.map((one) => ({ ...one, weight: decisive(one.point) + random() }))
  return weighed
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, SAMPLE)
    .map(({ flow, point }, index) => ({ flow, point, way: WAYS[index % WAYS.length] ?? WAYS[0] }))
}

type Tally = { violations: Violation[]; hits: Map<string, number> }

/** One life: processes die at the point, the page asks again, and whoever comes last finds the truth. */
async function die(
  world: RefundWorld,
  run: Run,
  { flow: name, point, way }: Case,
  tally: Tally,
): Promise<void> {
  const flow = FLOWS[name]
  if (flow === undefined) return
  const life = newLife(world, await world.chargedOrder())
  const deps = depsOf(world, run)
  for (let death = 0; death < way.deaths; death += 1) {
    const process = mortalDeps(deps, (reached) => reached === point)
    await untilDeath(flow, life, process, way.workers === 2 ? deps : null)
    if (process.dead()) tally.hits.set(point, (tally.hits.get(point) ?? 0) + 1)
    // Its leases run out before anybody else may take over.
    await world.advance(STEP_MS)
  }
  const last = mortalDeps(deps, () => false)
  await flow.live(life, last)
  await tidyAfter(name, life)
  const rested = await comeToRest(life)
  const where = `${name}, ${way.deaths} × death at ${point}, ${way.workers} workers`
  if (!rested) note(tally.violations, 'I11', `${where}: refunds are still open`)
  await judge(life, flow, where, tally.violations)
}

/** A refusal that lasts as long as anybody asks must not end before the last process has heard it. */
async function tidyAfter(name: string, life: Life): Promise<void> {
  if (name === 'refused') await comeToRest(life)
  await tidy(life)
}

async function untilDeath(
  flow: Flow,
  life: Life,
  process: Mortal,
  second: RefundWorld['deps'] | null,
): Promise<void> {
  const dying = flow.live(life, process).catch((error: unknown) => {
    if (!(error instanceof Death)) throw error
  })
  await dying
  // What the other worker finds is what the first left at its death, its lease still running.
  if (second !== null) await bystander(life, second)
}

async function comeToRest(life: Life): Promise<boolean> {
  const { world, order } = life
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const open = (await world.refunds(order.orderId)).filter((refund) => refund.nextActionAt !== null)
    if (open.length === 0) return true
    await bystander(life, world.deps)
    await world.advance(STEP_MS)
  }
  return false
}

async function judge(
  { world, order }: Life,
  flow: Flow,
  where: string,
  violations: Violation[],
): Promise<void> {
  const { pool } = world.deps.database
  const ledger = world.accepted(order.orderRef)
  const ours = await ledgerViolations(pool, ledger, { orderRefs: [order.orderRef] })
  for (const { rule, detail } of [...(await bookViolations(pool)), ...ours])
    note(violations, rule, `${where}: ${detail}`)
  const paid = ledger.reduce((sum, one) => sum + BigInt(one.amountMinor), 0n)
  if (!flow.paidMinor.includes(paid))
    note(violations, 'books', `${where}: ${paid} went back, not ${flow.paidMinor.join(' or ')}`)
}
