/**
 * T8: sequences of commands that nobody thought of, on real PostgreSQL: people, workers, Juspay, its portal and time act on
 * one order, and after every command model, database and ledger are the same.
 */
import fc from 'fast-check'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import { withNewKeys } from '../support/broken-refunds.ts'
import type { RefundWorld } from '../support/refund-fixtures.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { endBatches } from './batch-commands.ts'
import { holdNothing } from './batch-load.ts'
import { lift, sequences } from './refund-commands.ts'
import { agree, type Model, type Real } from './refund-model.ts'
import { judgeWorld, openServices } from './refund-world.ts'
import { note, type Violation } from './violations.ts'

/** Calm goes on in short steps while what is young is looked at often, then in long ones: what is old every six hours. */
const STEP_MS = 20_000
const SHORT_STEPS = 120
const LONG_STEP_MS = 1_800_000
const STEPS_MAX = 150
/** Sequences after which a world is left for a new one: its tables and its ledger stay small. */
const PER_WORLD = 250
/** Worlds side by side: one alone waits for its database most of the time. */
const LANES = { short: 1, long: 4 }

export const model: Battery = {
  name: 'model',
  unit: 'sequence',
  title: 'sequences of refund commands against a model, on PostgreSQL',
  long: { count: 10_000, events: 250_000, rate: 1 },
  run: runSequences,
  broken: 'rekeying',
  control: {
    what: 'a sender that makes a new refund key for each call',
    count: 40,
    events: 0,
    rules: ['model'],
  },
}

/** Goes on until there were `count` sequences and `events` commands. Each world has a seed of its own, by its number. */
async function runSequences(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const counts = { sequences: 0, commands: 0, refunds: 0, worlds: 0, batches: 0, batchRefunds: 0 }
  const more = (): boolean => counts.sequences < run.count || counts.commands < run.events
  const lane = async (): Promise<void> => {
    while (more() && violations.length === 0 && !run.signal.aborted) {
      const world = await openServices(run.ground)
      try {
        await holdNothing(world.deps.store, world.approver)
        const left = run.events > 0 ? PER_WORLD : Math.min(PER_WORLD, run.count - counts.sequences)
        const seed = run.seed + counts.worlds
        counts.worlds += 1
        await liveIn(world, { ...run, seed, count: left }, counts, violations)
        if (violations.length > 0) return
        const refunds = await judgeWorld(world, violations, { strangers: strangersOf(world) })
        counts.refunds += refunds
      } finally {
        await world.close()
      }
    }
  }
  await Promise.all(Array.from({ length: LANES[run.tier] }, lane))
  return { counts, violations }
}

const strangersOf = (world: RefundWorld): Set<string> =>
  new Set(
    world
      .acceptedAll()
      .flatMap((one) => (one.uniqueRequestId.startsWith('PORTAL') ? [one.uniqueRequestId] : [])),
  )

async function liveIn(
  world: RefundWorld,
  run: Run,
  counts: Record<'sequences' | 'commands' | 'batches' | 'batchRefunds', number>,
  violations: Violation[],
): Promise<void> {
  const { deps } = world
  const rekeying = { ...deps, juspay: () => Promise.resolve(withNewKeys(world.client)) }
  const property = fc.asyncProperty(sequences, async (commands) => {
    const real: Real = {
      world,
      deps: run.entry === 'real' ? deps : rekeying,
      order: await world.chargedOrder(),
      commands: { run: 0 },
    }
    const state: Model = { requests: [], batches: [], portal: new Set(), barred: new Set(), stopId: null }
    try {
      await fc.asyncModelRun(() => ({ model: state, real }), commands)
      await comeToRest(state, real)
    } finally {
      await readmitAll(world)
      if (state.stopId !== null) await lift(state, real, state.stopId)
      counts.commands += real.commands.run
      counts.batches += state.batches.length
      counts.batchRefunds += state.requests.filter(({ batch }) => batch?.released === true).length
    }
    counts.sequences += 1
    run.progress(`${counts.sequences} sequences, ${counts.commands} commands`)
  })
  const result = await fc.check(property, { numRuns: run.count, seed: run.seed, endOnFailure: true })
  if (!result.failed) return
  const [commands] = result.counterexample ?? []
  const story = [...(commands ?? [])].map((one) => one.toString()).join(', ')
  note(violations, 'model', `seed ${result.seed}: ${String(result.errorInstance)} after ${story}`)
}

/** Calm: no faults, healthy workers, until nothing of ours is open; then every approved request has come to an end. */
async function comeToRest(state: Model, real: Real): Promise<void> {
  const { world, deps, order } = real
  await readmitAll(world)
  state.barred.clear()
  if (state.stopId !== null) await lift(state, real, state.stopId)
  await endBatches(state, real)
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await drainRefunds(deps)
    await drainRefundPolls(deps)
    const stored = await agree(state, real)
    const open = stored.refunds.filter(
      ({ origin, status }) => origin === 'paydesk' && !['succeeded', 'failed', 'rejected'].includes(status),
    )
    if (open.length === 0) return ended(state, stored.refunds)
    await world.advance(step < SHORT_STEPS ? STEP_MS : LONG_STEP_MS)
  }
  throw new Error(`refunds of ${order.orderRef} are still open after the faults stopped`)
}

function ended(state: Model, refunds: readonly { request: string | null; status: string }[]): void {
  for (const { id, status, batch } of state.requests) {
    if (status === 'pending_approval' && batch?.released === false)
      throw new Error(`request ${id} waits for a decision about a batch that is over`)
    const made = refunds.filter((refund) => refund.request === id)
    if (status === 'approved' && made.length === 0) throw new Error(`approved request ${id} has no refund`)
    if (status !== 'approved' && made.some((refund) => refund.status === 'succeeded'))
      throw new Error(`${status} request ${id} was paid`)
  }
}

async function readmitAll(world: RefundWorld): Promise<void> {
  await world.clearFaults()
  await world.control('/settings', { refundOutcome: 'success' })
  for (const { userId, role } of [world.finance, world.support, world.approver, world.approver2]) {
    await world.deps.store.staff.setDisabled(userId, false)
    await world.deps.store.staff.setRole(world.account.id, userId, role)
  }
}
