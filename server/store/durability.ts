import { z } from 'zod'
import type { Sql } from './sql.ts'

/** Settings without which PostgreSQL may forget what it has said is committed (reliability §3.1). */
const NEEDED = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

const settingRow = z.object({ name: z.string(), setting: z.string() })

/** The database forgets commits in a crash. The message names the settings and what to do. */
export class UnsafeDatabaseError extends Error {
  override name = 'UnsafeDatabaseError'
}

/** Those of the settings that durability needs which are off for this session. */
export async function unsafeSettings(sql: Sql): Promise<string[]> {
  const rows = await sql.rows(settingRow, 'select name, setting from pg_settings where name = any($1)', [
    [...NEEDED],
  ])
  return rows.filter(({ setting }) => setting === 'off').map(({ name }) => name)
}

/** What to tell whoever starts the server on such a database. */
export function describeUnsafe(settings: readonly string[]): string {
  const list = settings.join(', ')
  return (
    `The database does not keep what it commits: ${list} ${settings.length === 1 ? 'is' : 'are'} off. ` +
    'A crash would lose webhooks that were answered 200 and refunds that were sent. ' +
    `Turn ${settings.length === 1 ? 'it' : 'them'} on in postgresql.conf and restart PostgreSQL. ` +
    'For throw-away data only, set ALLOW_UNSAFE_DATABASE=yes.'
  )
}
