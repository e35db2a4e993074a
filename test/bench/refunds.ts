/**
 * How many refunds a second are asked for, approved and sent, over HTTP on two servers with a sandbox of its own, and how
 * long a refund takes from its approval until it leaves; beside the bare transaction of the same statements.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startSandbox, type SandboxProcess } from '../faults/sandbox-process.ts'
import { openShops, type Shop, type ShopOrder } from '../faults/shops.ts'
import { ownTimes, type Times } from '../faults/times.ts'
import { startServers, type Database } from '../faults/world.ts'
import type { Bench, BenchContext, BenchResult, Row } from './bench.ts'

const SERVERS = 2
/** Each is asked about at most ten times a second, and a sending asks once. */
const SHOPS = 6
const LANES = 8
const ORDERS = 600
const PACE_PER_SECOND = 12
const AMOUNT_MINOR = 2_500n
const SENT_AIM_MS = 2_000
const SENT_WITHIN_MS = 300_000
const POLL_MS = 100

type Asked = { shop: Shop; order: ShopOrder; requestId: string; approvalHash: string }

export const refunds: Bench = {
  name: 'refunds',
  title: `Refunds asked for, approved and sent, ${SHOPS} shops on ${SERVERS} servers`,
  async run({ ground, scale, progress }) {
    const undo: (() => Promise<void>)[] = []
    try {
      const database = await ground.newDatabase()
      undo.push(() => database.close())
      const sandbox = await startSandbox()
      undo.push(() => sandbox.close())
      const { servers, close } = await startServers(
        Array.from({ length: SERVERS }, () => database.url),
        'real',
      )
      undo.push(close)
      await sandbox.control('/settings', {
        refundQueueSeconds: 0,
        refundSettleSeconds: 1,
        refundArnSeconds: 5,
      })
      const world = await openShops({ database, sandbox, servers, count: SHOPS })
      undo.push(() => world.close())
      return await measure({ shops: world.shops, database, sandbox, scale, progress })
    } finally {
      for (const step of undo.toReversed()) await step()
    }
  },
}

type Ground = Pick<BenchContext, 'scale' | 'progress'> & {
  shops: readonly Shop[]
  database: Database
  sandbox: SandboxProcess
}

async function measure(ground: Ground): Promise<BenchResult> {
  const { shops, database, sandbox, progress } = ground
  progress('orders')
  const orders = await prepare(ground)
  progress(`asking for ${orders.length} refunds`)
  const asked: Asked[] = []
  const asking = await inLanes(orders, async ({ shop, order }, at) => {
    asked.push({ shop, order, requestId: await ask(shop, order, at), approvalHash: '' })
  })
  await readHashes(database, asked)
  const [fast, paced] = [asked.slice(0, asked.length / 2), asked.slice(asked.length / 2)]
  progress(`approving ${fast.length} as fast as can be`)
  const approving = await inLanes(fast, approve)
  const burst = await untilSent(database, fast)
  progress(`approving ${paced.length}, ${PACE_PER_SECOND} a second`)
  await inLanes(paced, approve, PACE_PER_SECOND)
  const steady = await untilSent(database, paced)
  progress('bare transactions')
  const bare = await bareTransactions(database, orders)
  const base = bare.perSecond
  const sentOnce = sandbox.accepted().length
  return {
    rows: [
      rowOf('bare transaction of a request', bare, base),
      rowOf('requests', asking, base),
      rowOf('approvals', approving, base),
      rowOf('sends after a burst of approvals', burst, base),
      rowOf(`sends, ${PACE_PER_SECOND} approvals/s: from approval to sent`, steady, base),
    ],
    aims: [
      {
        aim: `${PACE_PER_SECOND} approvals a second over ${shops.length} shops: approval to sent, p99 at most ${SENT_AIM_MS} ms`,
        found: `${steady.times.at(0.99)} ms`,
        met: steady.times.count() > 0 && steady.times.at(0.99) <= SENT_AIM_MS,
      },
      {
        aim: 'every approved refund at Juspay, once',
        found: `${sentOnce} of ${asked.length}`,
        met: sentOnce === asked.length,
      },
    ],
  }
}

type Measured = { times: Times; perSecond: number; seconds: number }

function rowOf(name: string, { times, perSecond, seconds }: Measured, base: number): Row {
  return {
    name,
    count: times.count(),
    seconds: Number(seconds.toFixed(1)),
    'a second': Math.round(perSecond),
    'p50 ms': times.at(0.5),
    'p99 ms': times.at(0.99),
    ratio: Number((perSecond / base).toFixed(3)),
  }
}

async function prepare({ shops, scale }: Ground): Promise<{ shop: Shop; order: ShopOrder }[]> {
  const each = Math.max(2, Math.round((ORDERS * scale) / shops.length))
  const made = await Promise.all(
    shops.map(async (shop) => (await shop.chargedOrders(each)).map((order) => ({ shop, order }))),
  )
  for (const { people } of shops) await Promise.all([people.support.on(0), people.approver.on(0)])
  // One shop after the other, so that no shop is ahead of the rest.
  return Array.from({ length: each }, (_, index) =>
    made.flatMap((list) => list.slice(index, index + 1)),
  ).flat()
}

/** Works through a list with as many at once as there are lanes. @param pace begun a second at most */
async function inLanes<T>(
  list: readonly T[],
  work: (one: T, at: number) => Promise<unknown>,
  pace: number | null = null,
): Promise<Measured> {
  const times = ownTimes()
  const begunAt = performance.now()
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < list.length; at = next++) {
      const one = list[at]
      if (one === undefined) return
      const early = pace === null ? 0 : begunAt + (at * 1_000) / pace - performance.now()
      if (early > 0) await wait(early)
      const since = performance.now()
      await work(one, at)
      times.add(performance.now() - since)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const seconds = (performance.now() - begunAt) / 1_000
  return { times, seconds, perSecond: list.length / seconds }
}

async function ask(shop: Shop, order: ShopOrder, at: number): Promise<string> {
  const api = await shop.people.support.on(at)
  const answer = await api.refunds.request.mutate({
    orderId: order.orderId,
    version: 1,
    clientKey: randomUUID(),
    amountMinor: AMOUNT_MINOR,
    currency: 'INR',
    reason: 'item_returned',
    note: null,
    confirmSameAmount: true,
  })
  return answer.request.requestId ?? ''
}

async function approve({ shop, requestId, approvalHash }: Asked, at: number): Promise<void> {
  const api = await shop.people.approver.on(at)
  await api.approvals.decide.mutate({ requestId, approvalHash, decision: 'approve', note: null })
}

async function readHashes({ pool }: Database, asked: Asked[]): Promise<void> {
  const { rows } = await pool.query<{ id: string; hash: string }>(
    `select id, encode(approval_hash, 'hex') as hash from refund_request`,
  )
  const hashes = new Map(rows.map(({ id, hash }) => [id, hash]))
  for (const one of asked) one.approvalHash = hashes.get(one.requestId) ?? ''
}

/** From each approval to its sending, by the marks that both left; a second counts from the first approval. */
async function untilSent({ pool }: Database, asked: readonly Asked[]): Promise<Measured> {
  const ids = asked.map(({ requestId }) => requestId)
  const deadline = performance.now() + SENT_WITHIN_MS
  for (;;) {
    const { rows } = await pool.query<{ decided: Date; sent: Date | null }>(
      `select q.decided_at as decided, r.first_sent_at as sent
       from refund_request q join refund r on r.refund_request_id = q.id where q.id = any($1)`,
      [ids],
    )
    const sent = rows.flatMap((row) => (row.sent === null ? [] : [{ decided: row.decided, sent: row.sent }]))
    if (sent.length === ids.length || performance.now() > deadline) {
      const times = ownTimes()
      for (const one of sent) times.add(one.sent.getTime() - one.decided.getTime())
      const first = Math.min(...sent.map(({ decided }) => decided.getTime()))
      const seconds = (Math.max(...sent.map((one) => one.sent.getTime())) - first) / 1_000
      return { times, seconds, perSecond: sent.length / seconds }
    }
    await wait(POLL_MS)
  }
}

/** The statements of a request without Paydesk around them, on as many connections as there are lanes. */
async function bareTransactions(
  database: Database,
  orders: readonly { order: ShopOrder }[],
): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: database.url, max: LANES })
  try {
    return await inLanes(orders, async ({ order }) => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        for (const statement of BARE) await client.query(statement, [order.orderId])
        await client.query('commit')
      } finally {
        client.release()
      }
    })
  } finally {
    await pool.end()
  }
}

const copyOf = (table: string, fresh: string, where: string): string =>
  `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object(${fresh}))).*
   from ${table} t where ${where} limit 1`

const BARE: readonly string[] = [
  'select * from orders where id = $1 for no key update',
  'select * from transaction where order_id = $1',
  'select * from refund where order_id = $1',
  'select * from refund_request where order_id = $1',
  copyOf('refund_request', `'id', gen_random_uuid(), 'client_key', gen_random_uuid()::text`, 'order_id = $1'),
  'update orders set version = version + 1 where id = $1',
  copyOf('order_change', `'id', gen_random_uuid()`, 'order_id = $1'),
  `insert into live_change (merchant_account_id, subject, subject_id)
   select merchant_account_id, subject, subject_id from live_change where subject_id = $1 limit 1`,
  `insert into audit_entry (merchant_account_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,
     outcome, after, request_id)
   select merchant_account_id, 'system', 'bench', 'bench', 'bench', 'order', id::text, 'done', '{}', 'bench'
   from orders where id = $1`,
]
