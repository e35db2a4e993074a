/**
 * The writers of the feed battery, in a thread of their own: when a transaction was committed must not be learnt late
 * because a hundred streams are being read meanwhile.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { seededRandom } from '../support/scenario.ts'
import { eventIdOfNumber, sliceOf, type WritersData } from './feed-writers.ts'

/** Rows of one transaction, at most. */
const ROWS_MAX = 8
/** Of a hundred transactions so many are rolled back: their numbers must never be seen. */
const ROLLED_BACK = 0.05

const data: WritersData = workerData
const committedAt = new Float64Array(data.committedAt)
const written = new Int32Array(data.written)
const startedAt = Date.now()

/** How long a transaction stays open before it commits, so that others with higher numbers commit before it. */
function holdMs(random: () => number): number {
  if (!data.late) return 0
  const kind = random()
  if (kind < 0.7) return random() * 4
  return kind < 0.97 ? random() * 40 : random() * 250
}

async function write(client: pg.Client, numbers: readonly number[], random: () => number): Promise<void> {
  await client.query('begin')
  await client.query({
    name: 'write',
    text: `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers,
        remote_address, event_name, order_ref, order_key, next_try_at)
      select id, 0, $1, id::text, '', '', '{}', '127.0.0.1', name, 'F' || n, 'f' || n, null
      from unnest($2::uuid[], $3::text[], $4::int[]) as event (id, name, n)`,
    values: [
      data.accountId,
      numbers.map(eventIdOfNumber),
      numbers.map((n) => `SLICE_${sliceOf(n, data.slices)}`),
      numbers,
    ],
  })
  // Told at the commit, as the receiver tells after it.
  await client.query(`select pg_notify('paydesk_wake', 'events')`)
  const hold = holdMs(random)
  if (hold > 0) await wait(hold)
  const kept = random() >= ROLLED_BACK
  await client.query(kept ? 'commit' : 'rollback')
  const now = performance.timeOrigin + performance.now()
  if (kept) for (const n of numbers) committedAt[n] = now
}

/** Numbers are given out in order, and no faster than the rate. */
async function takeNumbers(count: number): Promise<number[]> {
  const first = Atomics.add(written, 0, count)
  if (first >= data.events) return []
  const due = startedAt + (first / data.rate) * 1_000
  if (due > Date.now()) await wait(due - Date.now())
  return Array.from({ length: Math.min(count, data.events - first) }, (_, i) => first + i)
}

async function writer(no: number): Promise<void> {
  const random = seededRandom(data.seed * 1_000 + no)
  const client = new pg.Client({ connectionString: data.databaseUrl })
  await client.connect()
  try {
    while (Atomics.load(written, 1) === 0) {
      const numbers = await takeNumbers(1 + Math.floor(random() * ROWS_MAX))
      if (numbers.length === 0) return
      await write(client, numbers, random)
    }
  } finally {
    await client.end()
  }
}

await Promise.all(Array.from({ length: data.writers }, (_, no) => writer(no)))
parentPort?.postMessage('done')
