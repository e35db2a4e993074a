/**
 * The partitions of `webhook_event`, one per month of Juspay's own dates and one (bucket 0) for events without a usable
 * date. Made ahead of time and dropped when everything in them is older than the retention, both without ever
 * holding up an insert: the locks taken on the parent are those that inserts do not conflict with.
 */
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** The bucket of events without a date that has a partition. */
export const UNDATED = 0
/** Months kept ready beyond the present one. */
const MONTHS_AHEAD = 3
/** Rows of one delete among the undated, so that no statement holds row locks for long. */
const DELETE_MAX = 1_000
/** Two processes that keep partitions at once take turns. Any number that nothing else uses. */
const LOCK = 72_707_401

const bucketRow = z.object({ bucket: z.number(), pending: z.boolean() })
const sizeRow = z.object({ bucket: z.number(), events: z.number(), bytes: z.bigint() })
const accountRow = z.object({ id: z.string() })

const PARTITIONS = `select substring(c.relname from '[0-9]+$')::int as bucket, i.inhdetachpending as pending
  from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'webhook_event'::regclass`

/** The month (yyyymm, UTC) of an instant. */
export function monthOf(at: Date): number {
  return at.getUTCFullYear() * 100 + at.getUTCMonth() + 1
}

/** The month `count` months after that of `at`. */
function monthAfter(at: Date, count: number): number {
  return monthOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count)))
}

export type PartitionSize = {
  bucket: number
  /** As PostgreSQL estimates it. */
  events: number
  bytes: bigint
}

/** Keeps the partitions of webhook events. `transaction` runs its work in one transaction. */
export function webhookPartitions(sql: Sql, transaction: <T>(work: (tx: Sql) => Promise<T>) => Promise<T>) {
  let known: ReadonlySet<number> | null = null
  const load = async (): Promise<ReadonlySet<number>> => {
    const rows = await sql.rows(bucketRow, PARTITIONS)
    known = new Set(rows.filter((row) => !row.pending).map((row) => row.bucket))
    return known
  }
  const nameOf = (bucket: number): string => `webhook_event_${bucket}`

  return {
    /** The partition for an event of that date. */
    async bucketOf(occurredAt: Date | null): Promise<number> {
      if (occurredAt === null) return UNDATED
      const month = monthOf(occurredAt)
      return (known ?? (await load())).has(month) ? month : UNDATED
    },

    /** Forgets which partitions there are: one has turned out to be gone. */
    forget(): void {
      known = null
    },

    /** Makes the partitions of the present month and the next ones; returns those that were missing. */
    async prepare(now: Date): Promise<number[]> {
      const made = await transaction(async (tx) => {
        await tx.run('select pg_advisory_xact_lock($1)', [LOCK])
        const there = new Set((await tx.rows(bucketRow, PARTITIONS)).map((row) => row.bucket))
        const wanted = Array.from({ length: MONTHS_AHEAD + 1 }, (_, count) => monthAfter(now, count))
        const missing = wanted.filter((bucket) => !there.has(bucket))
        for (const bucket of missing) {
          // `partition of` would lock the parent against inserts; attaching a table with the right check does not.
          await tx.run(`create table ${nameOf(bucket)} (like webhook_event including all,
            constraint ${nameOf(bucket)}_bucket check (bucket = ${bucket}))`)
          await tx.run(
            `alter table webhook_event attach partition ${nameOf(bucket)} for values in (${bucket})`,
          )
          await tx.run(`alter table ${nameOf(bucket)} drop constraint ${nameOf(bucket)}_bucket`)
        }
        return missing
      })
      await load()
      return made
    },

    /**
     * Drops the partitions in which every event was received before `before`, nothing is open, and whose month ended
     * before it. Returns their buckets.
     */
    async drop(before: Date): Promise<number[]> {
      const dropped: number[] = []
      for (const { bucket, pending } of await sql.rows(bucketRow, PARTITIONS)) {
        if (bucket === UNDATED || bucket >= monthOf(before)) continue
        if (!pending) {
          const [young] = await sql.rows(
            z.object({ found: z.boolean() }),
            `select exists (select 1 from ${nameOf(bucket)}
               where received_at >= $1 or last_received_at >= $1 or next_try_at is not null) as found`,
            [before],
          )
          if (young?.found !== false) continue
        }
        // Concurrently: waits for those who read it, and nobody waits for us. A crash in between is finished here.
        await sql.run(
          `alter table webhook_event detach partition ${nameOf(bucket)} ${pending ? 'finalize' : 'concurrently'}`,
        )
        await sql.run(`drop table ${nameOf(bucket)}`)
        dropped.push(bucket)
      }
      if (dropped.length > 0) await load()
      return dropped
    },

    /** Deletes at most {@link DELETE_MAX} undated events of each account that were received before `before`. */
    async deleteUndated(before: Date): Promise<number> {
      let deleted = 0
      for (const { id } of await sql.rows(accountRow, 'select id from merchant_account'))
        deleted += await sql.run(
          `delete from webhook_event where bucket = ${UNDATED} and id in (
             select id from webhook_event
             where bucket = ${UNDATED} and merchant_account_id = $1 and received_at < $2 and next_try_at is null
             order by received_at limit ${DELETE_MAX} for update skip locked)`,
          [id, before],
        )
      return deleted
    },

    /** What each partition holds, newest first. */
    sizes: (): Promise<PartitionSize[]> =>
      sql.rows(
        sizeRow,
        `select substring(c.relname from '[0-9]+$')::int as bucket, greatest(0, c.reltuples)::float8 as events,
           pg_total_relation_size(c.oid) as bytes
         from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'webhook_event'::regclass order by 1 desc`,
      ),
  }
}

export type WebhookPartitions = ReturnType<typeof webhookPartitions>
