/**
 * A million orders as a file: how long it takes and how much memory the process that makes and sends it needs, for CSV
 * and XLSX. The server's own services run in the process, PostgreSQL does not. What it has resident, looked at every
 * 50 ms, is mostly garbage that V8 had no reason to collect; what it holds is what is left after a collection, early in
 * the file and late.
 */
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { EXPORT_FORMATS, type ExportFormat, type ExportRequest } from '../../server/domain/order-export.ts'
import { USUAL_COLUMNS } from '../../server/domain/order-columns.ts'
import { makeNextExport, fetchExport, requestExport } from '../../server/services/exports/request-export.ts'
import { connect } from '../../server/store/database.ts'
import { createAccount, createStaff } from '../support/factories.ts'
import { buildDeps, type TestDeps } from '../support/harness.ts'
import type { Bench, BenchResult, Row } from './bench.ts'

const ORDERS = 1_000_000
/** The shares of the rows at which it is collected, and what may be held more at the last than at the first. */
const COLLECTED_AT = [0.1, 0.5, 0.9]
const GROWTH_MIB_MAX = 16
const ASKED_EVERY_MS = 100
const MIB = 1024 * 1024
const SECOND_MS = 1_000
const WATCH_MS = 50
const CONNECT_MS = 30_000

export const exportBench: Bench = {
  name: 'export',
  title: 'A million orders as a file: rows per second and memory at most',
  async run({ ground, scale, progress }) {
    const count = Math.max(6_000, Math.round(ORDERS * scale))
    const made = await ground.newDatabase()
    // Whatever else the machine does: a connection that comes late is not what is measured.
    const database = connect(made.url, { connectTimeoutMs: CONNECT_MS })
    try {
      const account = await createAccount(database, { slug: 'export' })
      const person = await createStaff(database, account, 'finance', 'Asha Menon')
      const deps = buildDeps({ database })
      progress(`${count} orders`)
      await fill(made.url, account.id, count)
      const found: Found[] = []
      for (const format of EXPORT_FORMATS) {
        progress(`${format}, ${count}`)
        found.push(await exportOnce(deps, person, { format, expected: count }))
      }
      return { rows: found.map(({ row }) => row), aims: found.flatMap(({ aims }) => aims) }
    } finally {
      await database.close()
    }
  },
}

/** Straight into the table: a file reads it and nothing else. Every cell has something in it. */
async function fill(url: string, accountId: string, count: number): Promise<void> {
  // A connection without the desk's time limits.
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(
      `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
         provider_status, payment_status, display_status, gateway, method_type, method, card_brand, card_last4,
         customer_name, customer_email, customer_phone, rrn, created_at)
       select $1::uuid, 'ord_' || md5(n::text), 'ord_' || md5(n::text), 'INR', 100 + n % 5000000, 100 + n % 5000000,
         'CHARGED', 'charged', 'charged', 'RAZORPAY', 'CARD', 'VISA', 'VISA', lpad((n % 10000)::text, 4, '0'),
         'Customer ' || n, 'customer' || n || '@example.test', '9876543210', (300000000000 + n)::text,
         now() - make_interval(secs => n)
       from generate_series(1, $2::int) n`,
      [accountId, count],
    )
    await client.query('vacuum analyze orders')
  } finally {
    await client.end()
  }
}

type Found = { row: Row; aims: BenchResult['aims'] }

function everything(format: ExportFormat): ExportRequest {
  const what = { kind: 'list', q: '', from: null, to: null, asOf: null } as const
  return { what, sort: '-created', columns: [...USUAL_COLUMNS], format, zone: 'IST', personal: true }
}

async function exportOnce(
  deps: TestDeps,
  person: Awaited<ReturnType<typeof createStaff>>,
  { format, expected }: { format: ExportFormat; expected: number },
): Promise<Found> {
  const before = process.memoryUsage.rss()
  const watch = watchMemory()
  const startedAt = performance.now()
  const asked = await requestExport(deps, person, { requestKey: randomUUID(), request: everything(format) })
  const own = () => deps.store.exports.own(person.accountId, person.userId, asked.id, deps.clock.now())
  const held = watchHeld(async () => ((await own())?.written ?? 0) / expected)
  await makeNextExport(deps)
  const heldBytes = await held.stop()
  const madeMs = performance.now() - startedAt
  const fetchedAt = performance.now()
  const file = await fetchExport(deps, person, { exportId: asked.id })
  let bytes = 0
  const hash = createHash('sha256')
  let head: Buffer | null = null
  for await (const piece of file.pieces) {
    bytes += piece.length
    // The first piece of a CSV file is what it says about itself.
    if (head === null && format === 'csv') head = piece
    else hash.update(piece)
  }
  const fetchedMs = performance.now() - fetchedAt
  const peak = watch.stop()
  const stored = await own()
  const [early = Number.NaN, late = Number.NaN] = [heldBytes[0], heldBytes.at(-1)]
  const more = Math.round((late - early) / MIB)
  return {
    row: {
      name: format.toUpperCase(),
      rows: stored?.written ?? 0,
      'made s': Number((madeMs / SECOND_MS).toFixed(1)),
      'rows/s': Math.round(((stored?.written ?? 0) / madeMs) * SECOND_MS),
      'fetched s': Number((fetchedMs / SECOND_MS).toFixed(1)),
      'file MiB': Number((bytes / MIB).toFixed(1)),
      'held early MiB': Math.round(early / MIB),
      'held late MiB': Math.round(late / MIB),
      'RSS before MiB': Math.round(before / MIB),
      'RSS at most MiB': Math.round(peak / MIB),
    },
    aims: [
      {
        aim: `${format}: every row is in the file`,
        found: `${stored?.written ?? 0} of ${expected}`,
        met: stored?.status === 'ready' && stored.written === expected,
      },
      {
        aim: `${format}: at nine tenths of the rows at most ${GROWTH_MIB_MAX} MiB more are held than at one tenth`,
        found: `${more} MiB more`,
        met: heldBytes.length === COLLECTED_AT.length && more <= GROWTH_MIB_MAX,
      },
      ...(format === 'csv'
        ? [
            {
              aim: 'csv: the rows that were fetched have the hash the file states',
              found: stored?.sha256 ?? 'none',
              met: hash.digest('hex') === stored?.sha256,
            },
          ]
        : []),
    ],
  }
}

/** The largest memory of this process until `stop`. */
function watchMemory(): { stop: () => number } {
  let most = process.memoryUsage.rss()
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, WATCH_MS)
  return {
    stop() {
      clearInterval(timer)
      return Math.max(most, process.memoryUsage.rss())
    },
  }
}

/** What is held at each of {@link COLLECTED_AT}, in bytes. `shareOf` says how far the file is. */
function watchHeld(shareOf: () => Promise<number>): { stop: () => Promise<number[]> } {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('V8 gives no way to collect')
  const held: number[] = []
  let stopped = false
  const watching = (async () => {
    for (const at of COLLECTED_AT) {
      while (!stopped && (await shareOf()) < at) await wait(ASKED_EVERY_MS)
      if (stopped) return
      collect()
      const { heapUsed, external } = process.memoryUsage()
      held.push(heapUsed + external)
    }
  })()
  return {
    async stop() {
      stopped = true
      await watching
      return held
    },
  }
}
