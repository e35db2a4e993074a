/**
 * A million orders as a file: how long it takes and how much memory the process that makes and sends it needs, for CSV
 * and XLSX. The memory is what the process has resident (the server's own services run in it, PostgreSQL does not),
 * looked at every 50 ms.
 */
import { createHash, randomUUID } from 'node:crypto'
import pg from 'pg'
import { EXPORT_FORMATS, type ExportFormat, type ExportRequest } from '../../server/domain/order-export.ts'
import { USUAL_COLUMNS } from '../../server/domain/order-columns.ts'
import { makeNextExport, fetchExport, requestExport } from '../../server/services/exports/request-export.ts'
import { connect } from '../../server/store/database.ts'
import { createAccount, createStaff } from '../support/factories.ts'
import { buildDeps, type TestDeps } from '../support/harness.ts'
import type { Bench, BenchResult, Row } from './bench.ts'

const ORDERS = 1_000_000
/** What ten times the rows may add to the memory of a tenth of them: what V8 has not collected yet. */
const GROWTH_MIB_MAX = 100
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
      const tenth = Math.round(count / 10)
      const since = await fill(made.url, account.id, count, tenth)
      const runs = [
        { format: 'csv', from: since, expected: tenth },
        { format: 'csv', from: null, expected: count },
        { format: 'xlsx', from: since, expected: tenth },
        { format: 'xlsx', from: null, expected: count },
      ] as const
      const found: Found[] = []
      for (const run of runs) {
        progress(`${run.format}, ${run.expected}`)
        found.push(await exportOnce(deps, person, run))
      }
      return {
        rows: found.map(({ row }) => row),
        aims: [...found.flatMap(({ aims }) => aims), ...growth(found)],
      }
    } finally {
      await database.close()
    }
  },
}

/** Straight into the table: a file reads it and nothing else. Every cell has something in it. */
/** @returns the moment since when `newest` of them were created */
async function fill(url: string, accountId: string, count: number, newest: number): Promise<Date> {
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
    const cut = await client.query<{ at: Date }>(
      'select created_at as at from orders order by created_at desc, id desc offset $1 limit 1',
      [newest - 1],
    )
    const [row] = cut.rows
    if (!row) throw new Error('there are no orders')
    return row.at
  } finally {
    await client.end()
  }
}

type Found = { format: ExportFormat; peak: number; row: Row; aims: BenchResult['aims'] }

/** How much more memory the larger file of each format took than the smaller one. */
function growth(found: readonly Found[]): BenchResult['aims'] {
  return EXPORT_FORMATS.map((format) => {
    const [small = 0, large = 0] = found.filter((one) => one.format === format).map(({ peak }) => peak)
    const more = Math.round((large - small) / MIB)
    return {
      aim: `${format}: ten times the rows take at most ${GROWTH_MIB_MAX} MiB more`,
      found: `${more} MiB more`,
      met: more <= GROWTH_MIB_MAX,
    }
  })
}

async function exportOnce(
  deps: TestDeps,
  person: Awaited<ReturnType<typeof createStaff>>,
  { format, from, expected }: { format: ExportFormat; from: Date | null; expected: number },
): Promise<Found> {
  const request: ExportRequest = {
    what: { kind: 'list', q: '', from: from?.toISOString() ?? null, to: null, asOf: null },
    sort: '-created',
    columns: [...USUAL_COLUMNS],
    format,
    zone: 'IST',
    personal: true,
  }
  const before = process.memoryUsage.rss()
  const watch = watchMemory()
  const startedAt = performance.now()
  const asked = await requestExport(deps, person, { requestKey: randomUUID(), request })
  await makeNextExport(deps)
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
  const stored = await deps.store.exports.own(person.accountId, person.userId, asked.id, deps.clock.now())
  return {
    format,
    peak,
    row: {
      name: format.toUpperCase(),
      rows: stored?.written ?? 0,
      'made s': Number((madeMs / SECOND_MS).toFixed(1)),
      'rows/s': Math.round(((stored?.written ?? 0) / madeMs) * SECOND_MS),
      'fetched s': Number((fetchedMs / SECOND_MS).toFixed(1)),
      'file MiB': Number((bytes / MIB).toFixed(1)),
      'RSS before MiB': Math.round(before / MIB),
      'RSS at most MiB': Math.round(peak / MIB),
    },
    aims: [
      {
        aim: `${format}: every row is in the file`,
        found: `${stored?.written ?? 0} of ${expected}`,
        met: stored?.status === 'ready' && stored.written === expected,
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
