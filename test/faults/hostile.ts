/**
 * T12: bodies that break parsers: every file of JSONTestSuite as it is, every naughty string as a body and inside the fields
 * of a webhook. All are answered 200 and kept byte for byte, whatever can be made of them afterwards.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { z } from 'zod'
import { orderBody, webhookBody } from '../support/factories.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { note, type Violation } from './violations.ts'
import { startServers, type Database } from './world.ts'

const corpora = join(import.meta.dirname, '../support/hostile')
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

type Body = { name: string; bytes: Buffer }

/** Where a string can stand in a webhook. */
const FIELDS = ['id', 'event_name', 'order_id', 'txn_id', 'description', 'customer_email', 'udf1'] as const

/** Everything that is sent, by name. */
export function hostileBodies(): { suite: Body[]; strings: Body[]; fields: Body[] } {
  const directory = join(corpora, 'json-test-suite/test_parsing')
  const suite = readdirSync(directory).map((name) => ({ name, bytes: readFileSync(join(directory, name)) }))
  const list = z.array(z.string())
  const naughty = list.parse(JSON.parse(readFileSync(join(corpora, 'naughty-strings/blns.json'), 'utf8')))
  const strings = naughty.map((text, index) => ({
    name: `string ${index}`,
    bytes: Buffer.from(text, 'utf8'),
  }))
  const fields = naughty.flatMap((text, index) =>
    FIELDS.map((field) => ({ name: `string ${index} in ${field}`, bytes: within(text, field, index) })),
  )
  return { suite, strings, fields }
}

function within(text: string, field: (typeof FIELDS)[number], index: number): Buffer {
  const at = '2026-11-20T06:30:00Z'
  const orderId = field === 'order_id' ? text : `NAUGHTY-${index}-${field}`
  const txnId = field === 'txn_id' ? text : `m-${orderId}-1`
  const extra = Object.fromEntries(
    ['description', 'customer_email', 'udf1'].filter((one) => one === field).map((one) => [one, text]),
  )
  const attempt = { txnId, status: 'CHARGED' }
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
  const { suite, strings, fields } = hostileBodies()
  const bodies = [...suite, ...strings, ...fields]
  const counts: Record<string, number> = {
    suite_files: suite.length,
    strings: strings.length,
    strings_in_fields: fields.length,
  }
  try {
    for (let round = 0; round < run.count && !run.signal.aborted; round += 1)
      await deliverAll(servers[0]?.url ?? '', database, bodies, counts, violations, run)
    await settle(database)
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

/** Every event has been tried once; those that cannot be processed may wait for their next try. */
async function settle({ pool, accountId }: Database): Promise<void> {
  const deadline = performance.now() + SETTLE_MS
  while (performance.now() < deadline) {
    const { rowCount } = await pool.query(
      `select 1 from webhook_event where merchant_account_id = $1 and status = 'received' limit 1`,
      [accountId],
    )
    if (rowCount === 0) return
    await wait(POLL_MS)
  }
}

async function judgeBodies(
  { pool, accountId }: Database,
  bodies: readonly Body[],
  counts: Record<string, number>,
  violations: Violation[],
): Promise<void> {
  const { rows: stored } = await pool.query<{ digest: string }>(
    `select encode(sha256(body), 'hex') as digest from webhook_event where merchant_account_id = $1`,
    [accountId],
  )
  const kept = new Set(stored.map(({ digest }) => digest))
  const lost = bodies.filter(({ bytes }) => !kept.has(createHash('sha256').update(bytes).digest('hex')))
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
    `select status, outcome, count(*)::int as count, min(error) as error from webhook_event
     where merchant_account_id = $1 group by 1, 2`,
    [accountId],
  )
  for (const { status, outcome, count, error } of rows) {
    counts[`${status}_${outcome ?? 'none'}`] = count
    // Unreadable is a verdict; an exception in our own code is a mistake of ours.
    if (status === 'received' || outcome === 'error')
      note(violations, 'J2', `${count} events are ${status} (${outcome}): ${error}`, count)
  }
}
