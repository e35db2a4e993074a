/**
 * Applies prisma/migrations when the server starts, without the Prisma CLI: same advisory lock, same table, same
 * checksums as `prisma migrate deploy`, so that either may run after the other.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'

/** The key under which Prisma itself keeps migrations from running twice at once. */
const migrationLock = 72707369

const migrationTable = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`

const recordedRows = z.array(
  z.object({ migration_name: z.string(), checksum: z.string(), finished_at: z.date().nullable() }),
)

interface Migration {
  name: string
  sql: string
  checksum: string
}

/** A migration that cannot be applied; the message names it and says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

/**
 * Brings the database at `url` up to the newest migration in `dir` and answers the names of those it applied.
 * Each runs in one transaction, so a failed one leaves nothing. Throws `MigrationError` when one fails, was edited after it
 * had been applied, or is recorded in the database but missing here (the database belongs to a newer Paydesk).
 */
export async function migrate(
  url: string,
  dir = join(import.meta.dirname, '../../prisma/migrations'),
): Promise<string[]> {
  const migrations = readMigrations(dir)
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(migrationTable)
    const pending = await findPending(client, migrations)
    for (const migration of pending) await apply(client, migration)
    return pending.map(({ name }) => name)
  } finally {
    await client.end() // which also releases the lock
  }
}

function readMigrations(dir: string): Migration[] {
  if (!existsSync(dir)) throw new MigrationError(`There is no migrations directory at ${dir}.`)
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((name) => {
      const file = join(dir, name, 'migration.sql')
      if (!existsSync(file)) throw new MigrationError(`Migration ${name} has no migration.sql.`)
      const sql = readFileSync(file, 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  )
  const recorded = new Map(recordedRows.parse(rows).map((row) => [row.migration_name, row]))
  const known = new Set(migrations.map(({ name }) => name))
  for (const name of recorded.keys()) {
    if (known.has(name)) continue
    throw new MigrationError(
      `The database has migration ${name}, which this Paydesk does not know: it was used by a newer version. ` +
        'Start that version, or use another database.',
    )
  }
  return migrations.filter(({ name, checksum }) => {
    const row = recorded.get(name)
    if (!row) return true
    if (row.finished_at === null) {
      throw new MigrationError(`Migration ${name} failed earlier; see \`npm run prisma -- migrate resolve\`.`)
    }
    if (row.checksum !== checksum) {
      throw new MigrationError(
        `Migration ${name} was edited after it had been applied. Put the old text back and add a new migration.`,
      )
    }
    return false
  })
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID()
  await client.query('begin')
  try {
    await client.query('insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)', [
      id,
      checksum,
      name,
    ])
    await client.query(sql)
    await client.query(
      'update _prisma_migrations set finished_at = clock_timestamp(), applied_steps_count = 1 where id = $1',
      [id],
    )
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => {}) // the first error is the one to report, also when the line is dead
    throw new MigrationError(`Migration ${name} failed: ${describe(cause, sql)}`, { cause })
  }
}

/** PostgreSQL gives a character position; a person wants the line. */
function describe(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError)) return error instanceof Error ? error.message : String(error)
  const line = error.position ? sql.slice(0, Number(error.position)).split('\n').length : undefined
  return [error.message, line && `(line ${line})`, error.detail].filter(Boolean).join(' ')
}
