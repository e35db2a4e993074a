import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { databaseSocket, gatheringSocket } from './database-socket.ts'
import { PrismaClient } from './generated/client.ts'
import { instantOf } from './instant-text.ts'
import { sqlOf, type Sql } from './sql.ts'
import { stoppable } from './stoppable.ts'
import { togetherSql } from './together.ts'

/** Connections of one process. More wait in the pool's queue for at most {@link CONNECT_TIMEOUT_MS}. */
const POOL_SIZE = 16
const CONNECT_TIMEOUT_MS = 1_500
/** No statement of ours needs longer; a runaway query must not hold a lock for ever. */
const STATEMENT_TIMEOUT_MS = 15_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000
/** A connection on which nothing comes back for longer than a statement may take is dead, whatever TCP believes. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000
/**
 * Connections that only store deliveries: whatever else this server does to the database, receiving goes on. A
 * statement of theirs ends before Juspay is answered 503, so that a locked table or a silent network keeps none busy.
 */
const INTAKE_POOL_SIZE = 3
const INTAKE_CONNECT_TIMEOUT_MS = 1_000
const INTAKE_STATEMENT_TIMEOUT_MS = 1_500
const INTAKE_QUERY_TIMEOUT_MS = 1_800

/**
 * Connections for lists, counts and searches: whatever people look for, the rest of the desk goes on. What no index
 * answers in time is stopped, and the person is told to ask for less.
 */
const SEARCH_POOL_SIZE = 8
export const SEARCH_TIMEOUT_MS = 4_000

/** Connections for what a page is made of; each carries many small reads at once. */
export const PAGES_POOL_SIZE = 4

const UTC = '-c timezone=UTC'
/**
 * What the desk asks takes milliseconds, and parallel workers take ten to come; and each would take a processor from
 * everybody else.
 */
const ALONE = '-c max_parallel_workers_per_gather=0'
const READ_ONLY = '-c default_transaction_read_only=on'

export type Database = {
  url: string
  pool: pg.Pool
  prisma: PrismaClient
  sql: Sql
  /** Runs single statements through the connections kept for storing deliveries. */
  intake: Sql
  /** Runs single reads for at most {@link SEARCH_TIMEOUT_MS}, and no longer than whoever asked waits. */
  searches: Sql
  /** The same for those that begin together and take no time. */
  findings: Sql
  /** Runs the small reads that a page is made of, those that begin together in one round trip. */
  pages: Sql
  /** Runs `work` in one READ COMMITTED transaction; rolls back and rethrows when it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** Runs `work` the same way and always rolls back: what it returns says what would have happened. */
  rehearse<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /**
   * Runs reads in one REPEATABLE READ, read-only transaction: all of them see the same moment. Not for slow readers: the
   * connection and old row versions are held until it ends.
   */
  snapshot<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Readers of our own: int8 as bigint, since amounts never pass through a float. Other types as pg reads them. */
const readers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.TIMESTAMPTZ, instantOf],
])
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? undefined : readers.get(oid)) ?? pg.types.getTypeParser(oid, format),
}

/**
 * Connects to PostgreSQL. Every session runs in UTC: Prisma's adapter sends timestamps without an offset, so any other
 * session time zone would store wrong instants.
 */
export function connect(
  url: string,
  options: { poolSize?: number; connectTimeoutMs?: number } = {},
): Database {
  const settings = [
    UTC,
    ALONE,
    `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
  ].join(' ')
  const common = {
    connectionString: url,
    stream: databaseSocket,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    types,
  }
  const reading = { ...common, stream: gatheringSocket, pipeline: true }
  const pool = new pg.Pool({ ...common, max: options.poolSize ?? POOL_SIZE, options: settings })
  const intake = new pg.Pool({
    ...common,
    max: INTAKE_POOL_SIZE,
    connectionTimeoutMillis: INTAKE_CONNECT_TIMEOUT_MS,
    query_timeout: INTAKE_QUERY_TIMEOUT_MS,
    options: `${UTC} -c statement_timeout=${INTAKE_STATEMENT_TIMEOUT_MS}`,
  })
  const searches = new pg.Pool({
    ...reading,
    max: SEARCH_POOL_SIZE,
    options: `${UTC} ${ALONE} -c statement_timeout=${SEARCH_TIMEOUT_MS} ${READ_ONLY}`,
  })
  const pages = new pg.Pool({ ...reading, max: PAGES_POOL_SIZE, options: `${settings} ${READ_ONLY}` })
  const pools = [pool, intake, searches, pages]
  for (const each of pools) {
    // A dropped idle connection is not an error of any request: the pool opens another one.
    each.on('error', () => undefined)
    // One dropped while it is lent out, between two statements, has nobody who listens, and would end the process. The
    // next statement on it fails, and the pool throws it away.
    each.on('connect', (client) => client.on('error', () => undefined))
  }
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, stream: databaseSocket, max: 4, options: settings }),
  })
  return {
    url,
    pool,
    prisma,
    sql: sqlOf((statement) => pool.query(statement)),
    intake: sqlOf((statement) => intake.query(statement)),
    searches: sqlOf(stoppable(searches, pool)),
    findings: togetherSql(searches),
    pages: togetherSql(pages),
    transaction: (work) => inTransaction(pool, work, 'COMMIT'),
    rehearse: (work) => inTransaction(pool, work, 'ROLLBACK'),
    snapshot: (work) =>
      inTransaction(pool, work, 'COMMIT', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
    close: async () => {
      await prisma.$disconnect()
      for (const each of pools) await each.end()
    },
  }
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (sql: Sql) => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK',
  begin = 'BEGIN',
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await work(sqlOf((statement) => client.query(statement)))
    await client.query(end)
    return result
  } catch (error) {
    // A connection on which one statement got no answer has none for the next either.
    broken = isSilence(error) ? error : await rollBack(client)
    throw error
  } finally {
    client.release(broken)
  }
}

/** The error when the connection is unusable: the pool must not hand it out again. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed')
  }
}

/** Whether the answer to a statement did not come in `query_timeout`; pg has no code for it. */
function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** Whether every connection was in use for too long, so that a statement was never begun; pg has no code for it. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect'
}

const QUERY_CANCELED = '57014'

/** Whether a statement was stopped because it took too long. */
export function isTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === QUERY_CANCELED
}
