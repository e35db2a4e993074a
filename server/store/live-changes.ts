import { z } from 'zod'
import { readFeedCursor } from '../domain/feed-cursor.ts'
import type { Prepared, Sql } from './sql.ts'

/** What a live change may be about. It names a row that changed and carries nothing of it. */
export type LiveSubject =
  | 'order'
  | 'refund_request'
  | 'refund'
  | 'refund_stop'
  | 'webhook_event'
  | 'discrepancy'
  | 'staff'
  | 'replay_job'
  | 'bulk_batch'
  | 'webhook_health'
  | 'provider_health'
  /** The id is the person's whose alerts they are. */
  | 'view_alert'

/** One item of the feed: a webhook that arrived, or "this id changed". `cursor` resumes after it. */
export type FeedItem =
  | { cursor: string; kind: 'event'; eventId: string; at: Date }
  | { cursor: string; kind: 'change'; subject: string; subjectId: string; at: Date }

const feedRow = z
  .object({
    xid: z.string(),
    seq: z.bigint(),
    subject: z.string().nullable(),
    id: z.string(),
    at: z.date(),
  })
  .transform((row): FeedItem => {
    const cursor = `${row.xid}:${row.seq}`
    return row.subject === null
      ? { cursor, kind: 'event', eventId: row.id, at: row.at }
      : { cursor, kind: 'change', subject: row.subject, subjectId: row.id, at: row.at }
  })

const EVENTS_AFTER = `select xid, seq, null as subject, id, received_at as at from webhook_event
  where merchant_account_id = $1 and (xid, seq) > ($2::text::xid8, $3::bigint)
    and xid < pg_snapshot_xmin(pg_current_snapshot())
  order by xid, seq limit $4`
const CHANGES_AFTER = `select xid, seq, subject, subject_id as id, at from live_change
  where merchant_account_id = $1 and (xid, seq) > ($2::text::xid8, $3::bigint)
    and xid < pg_snapshot_xmin(pg_current_snapshot())
  order by xid, seq limit $4`

/** That a row changed. */
export type LiveNote = { accountId: string; subject: LiveSubject; subjectId: string }

const INSERT: Prepared = {
  name: 'live_changes_insert',
  text: `insert into live_change (merchant_account_id, subject, subject_id)
    select account_id, subject, subject_id
    from unnest($1::uuid[], $2::text[], $3::uuid[]) with ordinality as note (account_id, subject, subject_id, no)
    order by no`,
}

/** What open screens wake up on: ids only, kept for a day of reconnects. */
export function liveChangeStore(sql: Sql) {
  return {
    /** Says that rows changed, each once, in their order. */
    async appendAll(notes: readonly LiveNote[]): Promise<void> {
      const unique = [...new Map(notes.map((note) => [`${note.subject} ${note.subjectId}`, note])).values()]
      if (unique.length === 0) return
      await sql.run(INSERT, [
        unique.map((note) => note.accountId),
        unique.map((note) => note.subject),
        unique.map((note) => note.subjectId),
      ])
    },

    /** Says that a row changed. Call it in the transaction of the change; wake `live` after the commit. */
    async append(accountId: string, subject: LiveSubject, subjectId: string): Promise<void> {
      await sql.run(
        'insert into live_change (merchant_account_id, subject, subject_id) values ($1, $2, $3)',
        [accountId, subject, subjectId],
      )
    },

    /**
     * The next items after `cursor`, oldest first, at most `limit`. Order and limit are by transaction id, and items
     * of transactions that might still be joined by an older one are held back: a plain sequence would skip rows that
     * commit late (reliability §0.8, invariant J8). The outer order names its table, since the text of an id does
     * not sort like the id. `events: false` leaves the arrived events out.
     */
    async readFeed(
      accountId: string,
      cursor: string,
      limit: number,
      { events = true }: { events?: boolean } = {},
    ): Promise<FeedItem[]> {
      return sql.rows(
        feedRow,
        `select feed.xid::text as xid, seq, subject, id, at from (
           ${events ? `(${EVENTS_AFTER}) union all ` : ''}(${CHANGES_AFTER})
         ) as feed order by feed.xid, feed.seq limit $4`,
        [accountId, ...placeOf(cursor), limit],
      )
    },

    /** How many items wait after `cursor`, counted up to `max`. */
    async countAfter(
      accountId: string,
      cursor: string,
      max: number,
      { events = true }: { events?: boolean } = {},
    ): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from (
           ${events ? `(${EVENTS_AFTER}) union all ` : ''}(${CHANGES_AFTER})
         ) as feed`,
        [accountId, ...placeOf(cursor), max],
      )
      return Math.min(max, Number(row?.count ?? 0n))
    },

    /** The cursor of now: everything committed before is behind it, everything later will be after it. */
    async currentCursor(): Promise<string> {
      const row = await sql.first(
        z.object({ xmin: z.string() }),
        'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin',
      )
      return `${row?.xmin ?? '0'}:0`
    },

    /** Deletes at most `limit` changes older than `before`; returns how many. */
    prune: (before: Date, limit: number): Promise<number> =>
      sql.run(
        'delete from live_change where seq in (select seq from live_change where at < $1 order by at limit $2)',
        [before, limit],
      ),
  }
}

function placeOf(cursor: string): [xid: string, seq: string] {
  const place = readFeedCursor(cursor)
  if (!place) throw new RangeError('not a feed cursor')
  return [place.xid.toString(), place.seq.toString()]
}
