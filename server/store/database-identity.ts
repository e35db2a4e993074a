import { z } from 'zod'
import type { Sql } from './sql.ts'

/** A PostgreSQL cluster and its timeline, which changes when a backup is replayed or a standby takes over. */
export type DatabaseIdentity = { systemIdentifier: string; timeline: number }

const identityRow = z.object({ systemIdentifier: z.string(), timeline: z.number() } satisfies Record<
  keyof DatabaseIdentity,
  z.ZodType
>)

const NOTED = 'select system_identifier as "systemIdentifier", timeline from database_identity where id = 1'

/** Where this database runs, and where it ran when that was last noted. */
export function databaseIdentityStore(sql: Sql) {
  return {
    /** What PostgreSQL says of itself. */
    async current(): Promise<DatabaseIdentity> {
      const row = await sql.first(
        identityRow,
        `select s.system_identifier::text as "systemIdentifier", c.timeline_id as timeline
         from pg_control_system() s, pg_control_checkpoint() c`,
      )
      if (row === null) throw new Error('PostgreSQL did not say which cluster it is')
      return row
    },

    /** Whether there is a place to note it in: a database that is not migrated has none, and nothing that could be sent. */
    async isKept(): Promise<boolean> {
      const row = await sql.first(
        z.object({ kept: z.boolean() }),
        `select to_regclass('database_identity') is not null as kept`,
      )
      return row?.kept ?? false
    },

    /** What was noted at an earlier start; null before the first. */
    noted: (): Promise<DatabaseIdentity | null> => sql.first(identityRow, NOTED),

    /** The same under a lock, so that of several servers that start one acts. */
    lockNoted: (): Promise<DatabaseIdentity | null> => sql.first(identityRow, `${NOTED} for update`),

    /** Notes where it runs now. Two first starts at the same moment note the same. */
    async note(identity: DatabaseIdentity, now: Date): Promise<void> {
      await sql.run(
        `insert into database_identity (id, system_identifier, timeline, seen_at) values (1, $1, $2, $3)
         on conflict (id) do update set system_identifier = excluded.system_identifier, timeline = excluded.timeline,
           seen_at = excluded.seen_at`,
        [identity.systemIdentifier, identity.timeline, now],
      )
    },
  }
}
