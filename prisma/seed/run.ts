/**
 * `npm run seed -- --orders N`: a merchant's orders of the last months, made from a seed and written with COPY. Uses
 * DATABASE_URL, or the embedded database under DATA_DIR while no server runs on it.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEMO_SLUG, seedDemo } from '../../server/demo.ts'
import { EnvError, readProcessEnv, type Env } from '../../server/env.ts'
import { connect } from '../../server/store/database.ts'
import { DataDirectoryInUseError } from '../../server/store/embedded-postgres-owner.ts'
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts'
import { migrate, MigrationError } from '../../server/store/migrate.ts'
import { createStore, type Store } from '../../server/store/store.ts'
import { AlreadySeededError, load, type Progress } from './load.ts'
import { SeedError, worldOf, type Wanted } from './world.ts'

const USAGE = `npm run seed -- --orders 1000000 [--account demo] [--days 90] [--seed 1] [--until 2026-11-26T00:00:00Z]
    [--allow-production]
  Fills an account with orders, attempts, refunds, disputes, tags and webhooks of the last days. The same seed and --until
  give the same orders. The demo workspace of the embedded database is made when it is not there.`

const ORDERS_MAX = 20_000_000
const DAYS_MAX = 730
const SEED_MAX = 0x7fff_ffff
const MINUTE_MS = 60_000
const TOLD_EVERY_MS = 2_000
/** Nobody else uses it meanwhile. What is written into new files needs no log: a crash takes all of it. */
const FLAGS = ['shared_buffers=512MB', 'max_wal_size=4GB', 'wal_level=minimal', 'max_wal_senders=0']

class UsageError extends Error {}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function readArguments(now: Date): Wanted {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string' },
      account: { type: 'string', default: DEMO_SLUG },
      days: { type: 'string', default: '90' },
      seed: { type: 'string', default: '1' },
      until: { type: 'string' },
      'allow-production': { type: 'boolean', default: false },
    },
  })
  const end =
    values.until === undefined
      ? new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS)
      : new Date(values.until)
  if (Number.isNaN(end.getTime()))
    throw new UsageError('--until is an instant, such as 2026-11-26T00:00:00Z.')
  return {
    account: values.account,
    orders: whole('orders', values.orders, 1, ORDERS_MAX),
    days: whole('days', values.days, 1, DAYS_MAX),
    seed: whole('seed', values.seed, 0, SEED_MAX),
    end,
    allowProduction: values['allow-production'],
  }
}

function whole(name: string, text: string | undefined, min: number, max: number): number {
  const value = Number(text)
  if (text === undefined || !Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name} is a whole number from ${min} to ${max.toLocaleString('en-IN')}.`)
  return value
}

/** Says every few seconds what is being done, with the rate and what is left while orders are written. */
function teller(startedAt: number): { progress: Progress; stop: () => void } {
  let last: Parameters<Progress>[0] | null = null
  const tell = (): void => {
    if (last === null) return
    const { done, total, what } = last
    const seconds = (performance.now() - startedAt) / 1_000
    const time = `${seconds.toFixed(0).padStart(5)} s`
    if (what !== 'orders' || done === 0) return say(`${time}  ${what}`)
    const rate = done / seconds
    const counted = `${done.toLocaleString('en-IN')} orders, ${Math.round(rate).toLocaleString('en-IN')}/s`
    say(`${time}  ${counted}, ${Math.ceil((total - done) / rate)} s left, then indexes`)
  }
  const timer = setInterval(tell, TOLD_EVERY_MS)
  return { progress: (line) => void (last = line), stop: () => clearInterval(timer) }
}

/** In the embedded database the demo workspace is there for the asking; on another server its public passwords are not. */
async function makeDemo(env: Env, store: Store, wanted: Wanted): Promise<void> {
  if (wanted.account !== DEMO_SLUG || (await store.accounts.bySlug(DEMO_SLUG)) !== null) return
  if (env.databaseUrl !== null)
    throw new SeedError('There is no demo account on this database. Name another with --account.')
  const sandboxUrl = `http://127.0.0.1:${env.sandboxPort}`
  await seedDemo({ store, secretKey: env.secretKey, sandboxUrl, publicUrl: env.publicUrl, now: new Date() })
}

async function seed(env: Env, wanted: Wanted): Promise<void> {
  const startedAt = performance.now()
  const dataDir = join(env.dataDir, 'postgres')
  const postgres =
    env.databaseUrl === null
      ? await startEmbeddedPostgres({
          dataDir,
          flags: FLAGS.flatMap((flag) => ['-c', flag]),
        })
      : null
  try {
    const url = env.databaseUrl ?? postgres?.url ?? ''
    await migrate(url)
    const database = connect(url, { poolSize: 2 })
    try {
      const store = createStore(database)
      await makeDemo(env, store, wanted)
      const world = await worldOf(store, wanted)
      say(
        `${wanted.orders.toLocaleString('en-IN')} orders of ${wanted.days} days up to ${wanted.end.toISOString()} for ${wanted.account}`,
      )
      const { progress, stop } = teller(startedAt)
      const written = await load(url, world, wanted.days, progress).finally(stop)
      for (const [table, rows] of Object.entries(written))
        say(`  ${rows.toLocaleString('en-IN').padStart(12)}  ${table}`)
      say(`Done in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`)
    } finally {
      await database.close()
    }
  } finally {
    await postgres?.stop()
  }
}

/** Arguments that are not ours, or not as they should be. */
function isOfUsage(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  )
}

function isExpected(error: unknown): error is Error {
  return (
    [SeedError, AlreadySeededError, EnvError, MigrationError, DataDirectoryInUseError].some(
      (kind) => error instanceof kind,
    ) || isOfUsage(error)
  )
}

try {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) say(USAGE)
  else await seed(readProcessEnv('demo'), readArguments(new Date()))
} catch (error) {
  process.stderr.write(
    `${isExpected(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  if (isOfUsage(error)) process.stderr.write(`${USAGE}\n`)
  process.exitCode = 1
}
