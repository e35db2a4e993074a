/** What people ask a list of orders for, with values that are really there and differ from request to request. */
import type pg from 'pg'
import superjson from 'superjson'
import type { AppRouter } from '../../server/trpc/router.ts'
import type { inferRouterInputs } from '@trpc/server'

type Inputs = inferRouterInputs<AppRouter>['orders']
type ListInput = Inputs['list']
type Call = { path: string; input: unknown }

export type Case = {
  name: string
  /** What is promised for it, beside the same at every size. */
  kind: 'page' | 'part' | 'search' | 'detail' | 'overview'
  /** Addresses as the dashboard asks them. */
  paths: string[]
}

type Sample = {
  id: string
  ref: string
  at: Date
  amount: string
  phone: string
  email: string
  status: string
}

const SAMPLES = 60
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const PAGE_ROWS = 50
const PHONE_DIGITS = 7
/** The digits of a number that people read out. */
const SPOKEN_DIGITS = 4
const INDIA_MS = 5.5 * HOUR_MS
const MINOR = 100

/** @param nextCursor asks for a page and answers its cursor: where the next page begins */
export async function listCases(
  pool: pg.Pool,
  nextCursor: (input: ListInput) => Promise<string | null>,
): Promise<Case[]> {
  const samples = await sample(pool)
  const day = (at: Date): { from: Date; to: Date } => {
    const from = new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS)
    return { from, to: new Date(from.getTime() + DAY_MS) }
  }
  const lists = (of: (sample: Sample) => ListInput): string[] =>
    samples.map((one) => address([{ path: 'orders.list', input: { limit: PAGE_ROWS, ...of(one) } }]))
  const deep: string[] = []
  for (const { at } of samples.slice(0, SAMPLES / 4)) {
    const cursor = await nextCursor({ to: at, limit: 1 })
    deep.push(address([{ path: 'orders.list', input: { cursor, limit: PAGE_ROWS } }]))
  }
  return [
    {
      name: 'first page',
      kind: 'page',
      paths: [address([{ path: 'orders.list', input: { limit: PAGE_ROWS } }])],
    },
    { name: 'failed of a day', kind: 'page', paths: lists(({ at }) => ({ q: 'status:failed', ...day(at) })) },
    { name: 'deep page', kind: 'page', paths: deep },
    { name: 'exact id', kind: 'search', paths: lists(({ ref }) => ({ q: ref })) },
    {
      name: 'part of a phone',
      kind: 'part',
      paths: lists(({ phone }) => ({ q: `phone:${phone.slice(-PHONE_DIGITS)}` })),
    },
    {
      name: 'part of an email',
      kind: 'part',
      paths: lists(({ email }) => ({ q: `email:${email.split('@')[0]}` })),
    },
    {
      name: 'amount and hour',
      kind: 'search',
      paths: lists(({ amount, at }) => ({
        q: `amount:=${rupees(amount)}`,
        from: new Date(at.getTime() - HOUR_MS),
        to: new Date(at.getTime() + HOUR_MS),
      })),
    },
    {
      name: 'scrap of amount and day',
      kind: 'search',
      paths: samples.map(({ amount, at }) => address([find(`₹${rupees(amount)} ${dayText(at)}`)])),
    },
    {
      name: 'scrap of a phone',
      kind: 'search',
      paths: samples.map(({ phone }) => address([find(phone.slice(-SPOKEN_DIGITS))])),
    },
    {
      name: 'order with timeline',
      kind: 'detail',
      paths: samples.map(({ id, ref }) =>
        address([
          { path: 'orders.get', input: { orderRefOrId: ref } },
          { path: 'orders.timeline', input: { orderId: id } },
        ]),
      ),
    },
    { name: 'overview', kind: 'overview', paths: [address(OVERVIEW)] },
  ]
}

/** What the landing page asks for, over the longest range it offers. */
const OVERVIEW: readonly Call[] = [
  { path: 'overview.summary', input: { range: '30d', compare: 'last_week' } },
  { path: 'overview.series', input: { range: '24h' } },
  { path: 'overview.series', input: { range: '30d' } },
  { path: 'overview.gateways', input: undefined },
  { path: 'overview.methods', input: { range: '30d' } },
  { path: 'overview.needs', input: undefined },
]

/** The one box: it takes the text for whatever it may be. */
function find(text: string): Call {
  return { path: 'search.find', input: { text } }
}

function rupees(minor: string): string {
  return (Number(minor) / MINOR).toFixed(2)
}

/** A day as people in India say it: 22/11. */
function dayText(at: Date): string {
  const local = new Date(at.getTime() + INDIA_MS)
  return `${local.getUTCDate()}/${local.getUTCMonth() + 1}`
}

/** One batch of calls, as the dashboard's link asks for it. */
function address(calls: readonly Call[]): string {
  const input = Object.fromEntries(calls.map((call, index) => [index, superjson.serialize(call.input)]))
  return `/trpc/${calls.map(({ path }) => path).join(',')}?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`
}

/** Orders spread over all of the time, in an order of no meaning. */
async function sample(pool: pg.Pool): Promise<Sample[]> {
  const { rows } = await pool.query<Sample>(
    `select id, order_ref as ref, created_at as at, amount_minor::text as amount, customer_phone as phone,
       customer_email as email, display_status as status
     from orders where id > '80000000-0000-0000-0000-000000000000' order by id limit $1`,
    [SAMPLES],
  )
  return rows
}
