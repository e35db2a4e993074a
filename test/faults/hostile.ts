/**
 * T12: bodies that break parsers: our own and every file of JSONTestSuite as it is, every naughty string as a body and inside
 * the fields of a webhook. All are answered 200 and kept byte for byte; what is JSON is read, what is not is given up with that reason, and
 * an ordinary order that comes after them is charged.
 */
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool, request } from 'undici'
import { orderBody, webhookBody } from '../support/factories.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { CORPORA_MISSING, naughtyStrings, suiteBodies, type Body } from './hostile-bodies.ts'
import { note, type Violation } from './violations.ts'
import { startServers, type Database } from './world.ts'

const CONNECTIONS = 8
const SETTLE_MS = 60_000
const POLL_MS = 50
/** Named in one finding. */
const NAMED_MAX = 5

export const hostile: Battery = {
  name: 'hostile',
  unit: 'round',
  title: 'hostile bodies answered 200 and kept byte for byte',
  long: { count: 1, events: 0, rate: 0 },
  run: runHostile,
  broken: 'picky',
  control: {
    what: 'a receiver that keeps only what JSON.parse accepts',
    count: 1,
    events: 0,
    rules: ['J1'],
  },
}

/** Where a string can stand in a webhook. */
const FIELDS = [
  'id',
  'event_name',
  'order_id',
  'txn_id',
  'error_message',
  'description',
  'customer_name',
  'customer_email',
  'udf1',
] as const
/** Those that stand in the order as they are. */
const ORDER_FIELDS = ['description', 'customer_name', 'customer_email', 'udf1']

/** Everything that is sent, by name. In the brief form each string stands in one field, in the long form in all. */
export function hostileBodies(tier: Run['tier']): { suite: Body[]; strings: Body[]; fields: Body[] } {
  const suite = suiteBodies()
  const naughty = naughtyStrings()
  const strings = naughty.map((text, index) => ({
    name: `string ${index}`,
    bytes: Buffer.from(text, 'utf8'),
  }))
  const fields = naughty.flatMap((text, index) =>
    (tier === 'long' ? FIELDS : FIELDS.slice(index % FIELDS.length).slice(0, 1)).map((field) => ({
      name: `string ${index} in ${field}`,
      bytes: within(text, field, index),
    })),
  )
  return { suite, strings, fields }
}

function within(text: string, field: (typeof FIELDS)[number], index: number): Buffer {
  const at = '2026-11-20T06:30:00Z'
  const orderId = field === 'order_id' ? text : `NAUGHTY-${index}-${field}`
  const txnId = field === 'txn_id' ? text : `m-${orderId}-1`
  const extra = Object.fromEntries(ORDER_FIELDS.filter((one) => one === field).map((one) => [one, text]))
  const attempt = { txnId, status: 'CHARGED', ...(field === 'error_message' ? { errorMessage: text } : {}) }
  const order = orderBody({ orderId, status: 'CHARGED', amount: 100, at, attempt, extra })
  return webhookBody({
    id: field === 'id' ? text : `evt_naughty_${index}_${field}`,
    name: field === 'event_name' ? text : 'ORDER_SUCCEEDED',
    at,
    order,
  })
}

async function runHostile(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const database = await run.ground.newDatabase()
  const { servers, close } = await startServers([database.url], run.entry)
  const { suite, strings, fields } = hostileBodies(run.tier)
  // The control is found out by the suite alone.
  if (CORPORA_MISSING !== null) run.progress(CORPORA_MISSING)
  const bodies = run.entry === 'real' ? [...suite, ...strings, ...fields] : suite
  const counts: Record<string, number> = {
    suite_files: suite.length,
    strings: strings.length,
    strings_in_fields: fields.length,
  }
  try {
    for (let round = 0; round < run.count && !run.signal.aborted; round += 1)
      await deliverAll(servers[0]?.url ?? '', database, bodies, counts, violations, run)
    await settle(database)
    await judgeLife(servers[0]?.url ?? '', database, violations)
    for (const server of servers)
      for (const death of server.deaths) note(violations, 'death', `the server ended: ${death}`)
    await judgeBodies(database, bodies, counts, violations)
    return { counts, violations }
  } finally {
    await close()
    await database.close()
  }
}

async function deliverAll(
  url: string,
  database: Database,
  bodies: readonly Body[],
  counts: Record<string, number>,
  violations: Violation[],
  run: Run,
): Promise<void> {
  const pool = new Pool(url, { connections: CONNECTIONS })
  const queue = [...bodies]
  const send = async ({ name, bytes }: Body): Promise<void> => {
    const reply = await pool.request({
      method: 'POST',
      path: `/webhooks/juspay/${database.slug}`,
      headers: { authorization: database.authorization, 'content-type': 'application/json' },
      body: bytes,
    })
    await reply.body.dump()
    const kind = `answers_${reply.statusCode}`
    counts[kind] = (counts[kind] ?? 0) + 1
    if (reply.statusCode !== 200) note(violations, 'J6', `${name} was answered ${reply.statusCode}`)
  }
  const sender = async (): Promise<void> => {
    for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
      await send(body)
      run.progress(`${queue.length} bodies to go`)
    }
  }
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, sender))
  } finally {
    await pool.destroy()
  }
}

/** Nothing is left to try; waits between tries are cut short, as a moved clock would. */
async function settle({ pool, accountId }: Database): Promise<void> {
  const deadline = performance.now() + SETTLE_MS
  while (performance.now() < deadline) {
    await pool.query(
      `update webhook_event set next_try_at = now() where merchant_account_id = $1 and status = 'failed'
         and next_try_at > now()`,
      [accountId],
    )
    const { rowCount } = await pool.query(
      'select 1 from webhook_event where merchant_account_id = $1 and next_try_at is not null limit 1',
      [accountId],
    )
    if (rowCount === 0) return
    await wait(POLL_MS)
  }
}

/** The server says that it lives, and does what it is there for. */
async function judgeLife(url: string, database: Database, violations: Violation[]): Promise<void> {
  const health = await request(`${url}/healthz`)
  await health.body.dump()
  if (health.statusCode !== 200) note(violations, 'recovery', `the server is ${health.statusCode} afterwards`)
  const [orderId, at] = ['ORDINARY', '2026-11-20T06:30:00Z']
  const attempt = { txnId: `m-${orderId}-1`, status: 'CHARGED' }
  const order = orderBody({ orderId, status: 'CHARGED', amount: 100, at, attempt })
  const reply = await request(`${url}/webhooks/juspay/${database.slug}`, {
    method: 'POST',
    headers: { authorization: database.authorization, 'content-type': 'application/json' },
    body: webhookBody({ id: 'evt_ordinary', name: 'ORDER_SUCCEEDED', at, order }),
  })
  await reply.body.dump()
  await settle(database)
  const { rows } = await database.pool.query<{ status: string; charged: string }>(
    `select payment_status as status, charged_minor::text as charged from orders
     where merchant_account_id = $1 and order_ref = $2`,
    [database.accountId, orderId],
  )
  if (reply.statusCode !== 200 || rows[0]?.status !== 'charged' || rows[0].charged !== '10000')
    note(violations, 'J4', `an ordinary charge afterwards: ${reply.statusCode}, ${JSON.stringify(rows)}`)
}

async function judgeBodies(
  { pool, accountId }: Database,
  bodies: readonly Body[],
  counts: Record<string, number>,
  violations: Violation[],
): Promise<void> {
  const { rows: stored } = await pool.query<Stored>(
    `select encode(sha256(body), 'hex') as digest, status, outcome from webhook_event where merchant_account_id = $1`,
    [accountId],
  )
  const kept = new Map(stored.map((event) => [event.digest, event]))
  const lost: Body[] = []
  for (const body of bodies) {
    const event = kept.get(createHash('sha256').update(body.bytes).digest('hex'))
    if (event === undefined) lost.push(body)
    else judgeReading(body, event, counts, violations)
  }
  counts['stored'] = kept.size
  counts['lost'] = lost.length
  const named = lost.slice(0, NAMED_MAX).map(({ name }) => name)
  if (lost.length > 0)
    note(violations, 'J1', `${lost.length} bodies are not kept: ${named.join(', ')}`, lost.length)
  const { rows } = await pool.query<{
    outcome: string | null
    status: string
    count: number
    error: string | null
  }>(
    `select case when next_try_at is null then status else 'waiting' end as status, outcome,
       count(*)::int as count, min(error) as error
     from webhook_event where merchant_account_id = $1 group by 1, 2`,
    [accountId],
  )
  for (const { status, outcome, count, error } of rows) {
    counts[`${status}_${outcome ?? 'none'}`] = count
    // Unreadable is a verdict; an exception in our own code is a mistake of ours.
    if (status === 'waiting' || outcome === 'error')
      note(violations, 'J2', `${count} events are ${status} (${outcome}): ${error}`, count)
  }
}

type Stored = { digest: string; status: string; outcome: string | null }

/** The suite says by the name of a file what a parser must do: `y_` accept it, `n_` reject it, `i_` as it likes. */
function judgeReading(
  { name, bytes }: Body,
  { status, outcome }: Stored,
  counts: Record<string, number>,
  violations: Violation[],
): void {
  const kind = /^[yn]_/.exec(name)?.[0]
  if (kind === undefined) return
  const unread = outcome === 'parse_failed'
  const told = `${kind}${unread ? 'given_up' : 'read'}`
  counts[told] = (counts[told] ?? 0) + 1
  // JSON that is no object, or one without fields, is no event, so it is given up as well.
  const object = kind === 'y_' && /^\s*\{\s*[^\s}]/.test(bytes.toString('utf8'))
  const right =
    kind === 'n_' ? unread && status === 'dead' : !object || ['processed', 'ignored'].includes(status)
  if (!right) note(violations, 'outcome', `${name} is ${status} (${outcome})`)
}
