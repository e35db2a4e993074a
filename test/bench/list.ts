/**
 * What a signed-in person waits for when they look for orders, at ten thousand, a hundred thousand and a million of them:
 * Paydesk as it serves production, and in the same run and in turns the same SQL through bare Fastify and pg.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import superjson from 'superjson'
import { createPaydesk } from '../../server/compose.ts'
import { DEMO_PASSWORD } from '../../server/demo.ts'
import { startServer } from '../faults/server-process.ts'
import { signIn, type SignedIn } from '../support/app.ts'
import { TEST_SECRET_KEY } from '../support/factories.ts'
import type { Bench, BenchContext, BenchResult, Row } from './bench.ts'
import { getOf, sendAll, type LoadResult } from './http-load.ts'
import { listCases, type Case } from './list-cases.ts'
import { seededDatabase } from './seeded.ts'
import { watchStatements, type SeenStatement } from './seen-statements.ts'

const ORDERS = [10_000, 100_000, 1_000_000]
const CONNECTIONS = [1, 8, 32]
/** Connections of the figures that are promised. */
const PROMISED = 8
const ROUNDS = 5
/** How long one measurement goes on. Whatever is slow, the whole takes as long. */
const SECONDS = 0.6
/**
 * How long each case runs unmeasured: until its code is compiled and every connection has a plan for its statements, as
 * on a desk that has been open for some minutes. With less than that the larger program looks slower than it is.
 */
const WARM_SECONDS = 2
const PERSON = 'finance@demo.test'

const OF_BARE_MAX = 1.3
const PART_OF_BARE_MAX = 2
const OF_SMALL_MAX = 1.5
const SEARCH_P95_MS = 20
const DETAIL_P95_MS = 15

const SIDES = ['ours', 'bare'] as const
type Both<T> = Record<(typeof SIDES)[number], T>
type Figures = Both<LoadResult>
/** By case, orders and connections. */
type Measured = { name: string; kind: Case['kind']; orders: number; connections: number } & Figures

export const list: Bench = {
  name: 'list',
  title: 'Lists, searches and an order, 50 rows a page, beside the same SQL through Fastify and pg',
  kept: 'list',
  async run(context) {
    const measured: Measured[] = []
    for (const orders of ORDERS)
      measured.push(...(await measure(context, Math.round(orders * Math.min(1, context.scale)))))
    return resultOf(measured)
  },
}

async function measure({ ground, scale, progress }: BenchContext, orders: number): Promise<Measured[]> {
  const { url, seededInSeconds } = await seededDatabase(ground.cluster.url, orders, progress)
  if (seededInSeconds !== null) progress(`seeded ${orders} orders in ${Math.round(seededInSeconds)} s`)
  const folder = mkdtempSync(join(tmpdir(), 'paydesk-list-'))
  const { cases, statements } = await prepare(url)
  const file = join(folder, 'statements.json')
  writeFileSync(file, superjson.stringify(statements.flat()))
  const options = { databaseUrl: url, secretKey: TEST_SECRET_KEY }
  const ours = await startServer({ ...options, entry: 'real' })
  const bare = await startServer({ ...options, entry: 'bareList', env: { STATEMENTS: file } })
  try {
    await Promise.all([ours.ready(), bare.ready()])
    const person = await signIn(ours.url, PERSON, DEMO_PASSWORD)
    const measured: Measured[] = []
    let first = 0
    for (const [index, one] of cases.entries()) {
      const numbers = (statements[index] ?? []).map((_, offset) => first + offset)
      first += numbers.length
      const headers = { cookie: person.cookie, 'sec-fetch-site': 'same-origin' }
      const requests = {
        ours: one.paths.map((path) => getOf(ours.url, path, headers)),
        bare: numbers.map((n) => getOf(bare.url, `/rows/${n}`, {})),
      }
      const urls = { ours: ours.url, bare: bare.url }
      const load = loadOf(urls, requests, scale)
      for (const side of SIDES) await load(side, WARM_SECONDS, PROMISED)
      for (const connections of CONNECTIONS) {
        progress(`${orders} orders, ${one.name}, ${connections} connections`)
        const figures = await inTurns((side) => load(side, SECONDS, connections))
        measured.push({ name: one.name, kind: one.kind, orders, connections, ...figures })
      }
    }
    return measured
  } finally {
    await Promise.all([ours.close(), bare.close()])
    rmSync(folder, { recursive: true, force: true })
  }
}

type Load<Rest extends unknown[]> = (side: keyof Figures, ...rest: Rest) => Promise<LoadResult>

/** Asks one of both for the requests of a case. */
function loadOf(
  urls: Both<string>,
  requests: Both<readonly Buffer[]>,
  scale: number,
): Load<[seconds: number, connections: number]> {
  return async (side, seconds, connections) => {
    const result = await sendAll({
      url: urls[side],
      requests: requests[side],
      seconds: seconds * Math.min(1, scale),
      connections,
      rate: null,
    })
    if (result.other > 0)
      throw new Error(`${result.other} of ${result.requests} answers of ${urls[side]} are not 200`)
    return result
  }
}

/** Both in turns, so that a noisy moment of the machine meets them alike; of each the round with the middle p50 counts. */
async function inTurns(load: Load<[]>): Promise<Figures> {
  const rounds: Both<LoadResult[]> = { ours: [], bare: [] }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const side of SIDES) rounds[side].push(await load(side))
  return { ours: middle(rounds.ours), bare: middle(rounds.bare) }
}

function middle(results: readonly LoadResult[]): LoadResult {
  const sorted = results.toSorted((a, b) => a.p50 - b.p50)
  const found = sorted[Math.floor(sorted.length / 2)]
  if (found === undefined) throw new Error('nothing was measured')
  return found
}

/** The cases, and for each of their requests the statements that it makes Paydesk run. */
async function prepare(url: string): Promise<{ cases: Case[]; statements: SeenStatement[][][] }> {
  const watch = watchStatements()
  const paydesk = await createPaydesk({
    env: {
      mode: 'demo',
      publicUrl: 'http://127.0.0.1:9',
      trustProxy: false,
      metricsToken: null,
      secretKey: TEST_SECRET_KEY,
      webhookRetentionDays: 400,
    },
    databaseUrl: url,
    log: pino({ level: 'silent' }),
    sandbox: null,
    demo: null,
  })
  const pool = new pg.Pool({ connectionString: url, max: 1, options: '-c timezone=UTC' })
  try {
    const address = await paydesk.listen('127.0.0.1', 0)
    const person = await signIn(address, PERSON, DEMO_PASSWORD)
    const cases = await listCases(
      pool,
      async (input) => (await person.trpc.orders.list.query(input)).nextCursor,
    )
    const statements: SeenStatement[][][] = []
    for (const { paths } of cases) {
      const ofCase: SeenStatement[][] = []
      for (const path of paths) {
        // Once unseen: that somebody looks for a person is written down with the first search, and not measured here.
        await demand(person, path)
        ofCase.push(await watch.during(() => demand(person, path)))
      }
      statements.push(ofCase)
    }
    return { cases, statements }
  } finally {
    await pool.end()
    await paydesk.close()
    watch.stop()
  }
}

async function demand(person: SignedIn, path: string): Promise<void> {
  const reply = await person.fetch(path)
  const text = await reply.text()
  if (reply.status !== 200) throw new Error(`${path} is answered ${reply.status}: ${text.slice(0, 500)}`)
}

function resultOf(measured: readonly Measured[]): BenchResult {
  const [smallest, largest] = [
    Math.min(...measured.map(({ orders }) => orders)),
    Math.max(...measured.map(({ orders }) => orders)),
  ]
  const promised = measured.filter((one) => one.orders === largest && one.connections === PROMISED)
  const small = (name: string): Measured | undefined =>
    measured.find((one) => one.name === name && one.orders === smallest && one.connections === PROMISED)
  const rows = promised.map((one): Row => ({
    name: one.name,
    'p50 ms': round(one.ours.p50, 2),
    'p95 ms': round(one.ours.p95, 2),
    'requests/s': Math.round(rateOf(one.ours)),
    'bare p50 ms': round(one.bare.p50, 2),
    'bare requests/s': Math.round(rateOf(one.bare)),
    'p50 of bare': round(one.ours.p50 / one.bare.p50, 2),
    [`p50 of ${count(smallest)} orders`]: round(one.ours.p50 / (small(one.name)?.ours.p50 ?? Number.NaN), 2),
    // More orders have more rows to find and to answer with: what that costs without Paydesk.
    'the same of bare': round(one.bare.p50 / (small(one.name)?.bare.p50 ?? Number.NaN), 2),
  }))
  const details = measured.map((one): Row => ({
    name: one.name,
    orders: one.orders,
    connections: one.connections,
    'p50 ms': round(one.ours.p50, 2),
    'p95 ms': round(one.ours.p95, 2),
    'requests/s': Math.round(rateOf(one.ours)),
    'bare p50 ms': round(one.bare.p50, 2),
    'bare p95 ms': round(one.bare.p95, 2),
    'bare requests/s': Math.round(rateOf(one.bare)),
    'p50 of bare': round(one.ours.p50 / one.bare.p50, 2),
  }))
  return { rows, details, aims: aimsOf(promised, small, { smallest, largest }) }
}

function aimsOf(
  promised: readonly Measured[],
  small: (name: string) => Measured | undefined,
  { smallest, largest }: { smallest: number; largest: number },
): BenchResult['aims'] {
  const where = `${count(largest)} orders, ${PROMISED} connections`
  const aims: BenchResult['aims'] = []
  const aim = (text: string, value: number, limit: number, unit: string): void => {
    aims.push({
      aim: `${text} at most ${limit}${unit}`,
      found: `${round(value, 2)}${unit}`,
      met: value <= limit,
    })
  }
  for (const { name, kind, ours, bare } of promised) {
    if (kind === 'page') aim(`${name}, ${where}: p50 of bare`, ours.p50 / bare.p50, OF_BARE_MAX, '')
    if (kind === 'part') aim(`${name}, ${where}: p50 of bare`, ours.p50 / bare.p50, PART_OF_BARE_MAX, '')
    if (kind === 'part' || kind === 'search') aim(`${name}, ${where}: p95`, ours.p95, SEARCH_P95_MS, ' ms')
    if (kind === 'detail') aim(`${name}, ${where}: p95`, ours.p95, DETAIL_P95_MS, ' ms')
    aim(
      `${name}: p50 of ${count(smallest)} orders`,
      ours.p50 / (small(name)?.ours.p50 ?? Number.NaN),
      OF_SMALL_MAX,
      '',
    )
  }
  return aims
}

const rateOf = ({ requests, seconds }: LoadResult): number => requests / seconds
const count = (value: number): string => value.toLocaleString('en-IN')

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
