/**
 * How fast a backlog of stored webhooks becomes orders: the processor's own drain, with its batch size and workers, on
 * the same two cores as PostgreSQL, beside the same drain with batches of one event, and beside one that keeps no figures.
 */
import { countRowsJob } from '../../server/jobs/count-rows.ts'
import { foldFiguresJob } from '../../server/jobs/figures.ts'
import { drainEvents, EVENT_BATCH } from '../../server/jobs/process-events.ts'
import { startJobs } from '../../server/jobs/runner.ts'
import { connect, type Database as Connected } from '../../server/store/database.ts'
import { readEnvelope } from '../../server/webhooks/envelope.ts'
import { buildDeps, type TestClock, type TestDeps } from '../support/harness.ts'
import { storyOf, type Expected, type Plan } from '../faults/stories.ts'
import type { Database } from '../faults/world.ts'
import type { Bench, BenchContext, BenchResult, Row } from './bench.ts'

const BACKLOG = 100_000
const ONE_BY_ONE = 4_000
const SECONDS_MAX = 120
const FIGURES_SHARE_MIN = 0.9
/** The triggers that note what a statement does to figures. */
const NO_FIGURES = [
  ...['made', 'changed'].map((what) => `alter table orders disable trigger orders_${what}_noted`),
  ...['made', 'changed'].map((what) => `alter table refund disable trigger refunds_${what}_noted`),
].join('; ')
/** Orders whose webhooks come mixed with each other, as those of a busy minute do. */
const MIXED_ORDERS = 200
/** Deliveries stored by one statement. */
const STORED_AT_ONCE = 500

export const drain: Bench = {
  name: 'drain',
  title: 'Stored webhooks processed per second, 3 KB bodies',
  async run(context) {
    const single = await measure(context, { name: 'one by one', events: ONE_BY_ONE, batch: 1, seed: 1 })
    const batched = await measure(context, {
      name: `batches of ${EVENT_BATCH}`,
      events: BACKLOG,
      batch: EVENT_BATCH,
      seed: 2,
    })
    const uncounted = await measure(context, {
      name: `batches of ${EVENT_BATCH}, no figures`,
      events: BACKLOG,
      batch: EVENT_BATCH,
      seed: 2,
      figures: false,
    })
    const beside = (one: Measured): Row => ({ ...one.row, ratio: round(one.perSecond / single.perSecond, 1) })
    return { rows: [single.row, beside(batched), beside(uncounted)], aims: aimsOf(batched, uncounted) }
  },
}

type Measured = { row: Row; perSecond: number; wrong: number }

function aimsOf({ perSecond, wrong }: Measured, uncounted: Measured): BenchResult['aims'] {
  const share = perSecond / uncounted.perSecond
  const seconds = BACKLOG / perSecond
  return [
    {
      aim: `a backlog of ${BACKLOG} events drained in at most ${SECONDS_MAX} s`,
      found: `${round(seconds, 1)} s at the rate measured`,
      met: seconds <= SECONDS_MAX,
    },
    {
      aim: `figures in the same transaction leave at least ${FIGURES_SHARE_MIN} of the rate without them`,
      found: `${round(share, 2)}`,
      met: share >= FIGURES_SHARE_MIN,
    },
    { aim: 'every order as its webhooks say', found: `${wrong} wrong`, met: wrong === 0 },
  ]
}

async function measure(
  { ground, scale, progress }: BenchContext,
  run: { name: string; events: number; batch: number; seed: number; figures?: boolean },
): Promise<Measured> {
  const database = await ground.newDatabase()
  const connected = connect(database.url)
  try {
    const deps = buildDeps({ database: connected, clock: systemClock() })
    progress(`${run.name}: storing`)
    const count = Math.round(run.events * scale)
    const expected = await store(deps, database, { seed: run.seed, startedAt: new Date() }, count)
    await connected.pool.query('vacuum analyze webhook_event')
    if (run.figures === false) await connected.pool.query(NO_FIGURES)
    const beside = startJobs(deps, { on: () => () => undefined }, [countRowsJob, foldFiguresJob])
    progress(`${run.name}: draining ${expected.stored} events`)
    const startedAt = performance.now()
    const drained = await drainAll(deps, run.batch)
    const seconds = (performance.now() - startedAt) / 1_000
    await beside.stop()
    const wrong = (await countWrong(connected, expected.orders)) + Math.abs(expected.stored - drained)
    const perSecond = drained / seconds
    const figures = { events: drained, seconds: round(seconds, 1), 'events/s': Math.round(perSecond) }
    return { row: { name: run.name, ...figures, ratio: 1 }, perSecond, wrong }
  } finally {
    await connected.close()
    await database.close()
  }
}

async function drainAll(deps: TestDeps, batch: number): Promise<number> {
  let total = 0
  for (let count = await drainEvents(deps, { batch }); count > 0; count = await drainEvents(deps, { batch }))
    total += count
  return total
}

/** Stores whole orders until there are `count` events; answers how many there are and what must become of the orders. */
async function store(
  deps: TestDeps,
  database: Database,
  plan: Plan,
  count: number,
): Promise<{ stored: number; orders: Expected[] }> {
  const orders: Expected[] = []
  let stored = 0
  while (stored < count) {
    const stories = Array.from({ length: MIXED_ORDERS }, (_, index) => storyOf(plan, orders.length + index))
    orders.push(...stories.map((story) => story.expected))
    const longest = Math.max(...stories.map((story) => story.letters.length))
    const bodies = Array.from({ length: longest }, (_, turn) =>
      stories.flatMap(({ letters }) => letters.slice(turn, turn + 1).map((letter) => letter.body)),
    ).flat()
    stored += bodies.length
    while (bodies.length > 0)
      await deps.store.intake.storeMany(
        bodies.splice(0, STORED_AT_ONCE).map((body) => ({
          ...readEnvelope(body),
          accountId: database.accountId,
          body,
          headers: {},
          remoteAddress: '127.0.0.1',
          receivedAt: deps.clock.now(),
        })),
      )
  }
  return { stored, orders }
}

async function countWrong({ pool }: Connected, orders: readonly Expected[]): Promise<number> {
  const { rows } = await pool.query<{ right: number }>(
    `select count(*)::int as right from json_to_recordset($1) as e (
         "orderKey" text, "paymentStatus" text, "chargedMinor" bigint, "externalRefundedMinor" bigint,
         "refundState" text, attempts int)
     join orders o on o.order_ref_key = e."orderKey" and o.payment_status = e."paymentStatus"
       and o.charged_minor = e."chargedMinor" and o.external_refunded_minor = e."externalRefundedMinor"
       and o.refund_state = e."refundState" and o.attempt_count = e.attempts`,
    [JSON.stringify(orders)],
  )
  return orders.length - (rows[0]?.right ?? 0)
}

function systemClock(): TestClock {
  return { now: () => new Date(), advance: () => undefined, set: () => undefined }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
