/** Events that need a look: their groups, their list, and what a person may do about them. */
import { z } from 'zod'
import { failureReason, type FailureReason } from '../domain/event-failure.ts'
import { retriesStopAt } from '../domain/webhook-retry.ts'
import {
  BUSY_PATTERNS,
  isBusy,
  NEEDS_LOOK,
  reasonsClause,
  selectionOf,
  SET_ASIDE,
} from './event-selection.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { ReplayScope } from '../domain/replay.ts'
import type { Sql } from './sql.ts'
import { EVENT_LIST, eventRow, WITH_ORDER } from './webhook-events-read.ts'

/** Groups are counted over the newest this many: bounded whatever went wrong, and far above what a person looks through. */
export const GROUPED_MAX = 50_000
/** Events that one act touches at once. */
export const ACT_MAX = 10_000
const NAMES_SHOWN = 3

const setAside = z.object({ by: z.string(), reason: z.string(), at: z.iso.datetime() })

const failedRow = z.object({
  ...eventRow.shape,
  nextTryAt: z.date().nullable(),
  setAside: setAside.nullable(),
})

/** An event of the failed list. */
export type FailedEventRow = z.infer<typeof failedRow>

const groupRow = z.object({
  status: z.enum(['failed', 'dead', 'ignored']),
  outcome: z.string().nullable(),
  busy: z.boolean(),
  tries: z.number(),
  count: z.bigint(),
  newestAt: z.date(),
  oldestAt: z.date(),
  firstTryAt: z.date().nullable(),
  lastTryAt: z.date().nullable(),
  names: z.array(z.string()).nullable(),
})

/** Events with one reason. */
export type FailedGroup = {
  reason: FailureReason
  count: number
  /** Tried again by themselves. */
  waiting: number
  newestAt: Date
  oldestAt: Date
  nextTryAt: Date | null
  /** When the last of them is given up, should every try fail; null when none is tried again. */
  stopsAt: Date | null
  /** Some of the names as sent. */
  names: string[]
}

const bodyRow = z.object({
  id: z.string(),
  eventName: z.string().nullable(),
  receivedAt: z.date(),
  body: z.instanceof(Buffer),
})

/** Reads and deeds of the failed list. Every one of them goes through the index of events that need a look. */
export function failedEventStore(sql: Sql) {
  return {
    /** Groups by reason, largest first, over the newest {@link GROUPED_MAX}. */
    async groups(accountId: string): Promise<{ groups: FailedGroup[]; capped: boolean; setAside: number }> {
      const rows = await sql.rows(
        groupRow,
        `select status, outcome, ${isBusy('$2')} as busy, tries, count(*) as count, max(received_at) as "newestAt",
           min(received_at) as "oldestAt", min(next_try_at) as "firstTryAt", max(next_try_at) as "lastTryAt",
           (array_agg(distinct event_name) filter (where event_name is not null))[1:${NAMES_SHOWN}] as names
         from (select status, outcome, error, tries, received_at, next_try_at, event_name from webhook_event
               where merchant_account_id = $1 and ${NEEDS_LOOK}
               order by received_at desc, id desc limit ${GROUPED_MAX}) as newest
         group by 1, 2, 3, 4`,
        [accountId, BUSY_PATTERNS],
      )
      const aside = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from (select 1 from webhook_event
           where merchant_account_id = $1 and ${SET_ASIDE} limit ${GROUPED_MAX}) as bounded`,
        [accountId],
      )
      const total = rows.reduce((sum, row) => sum + Number(row.count), 0)
      return {
        groups: groupsOf(rows),
        capped: total >= GROUPED_MAX,
        setAside: Number(aside?.count ?? 0n),
      }
    },

    /** One page, newest first: what needs a look, or what a person has set aside. */
    async list(
      accountId: string,
      filter: { among: 'open' | 'set_aside'; reason: FailureReason | null },
      page: { cursor: string | null; limit: number },
    ): Promise<Page<FailedEventRow>> {
      const after = readCursor(page.cursor, z.tuple([z.iso.datetime(), z.guid()]))
      const values: unknown[] = [accountId, after?.[0] ?? null, after?.[1] ?? null, page.limit + 1]
      const place = (value: unknown): string => `$${values.push(value)}`
      const reason = filter.reason === null ? '' : `and ${reasonsClause([filter.reason], place)}`
      const rows = await sql.rows(
        failedRow,
        // In the order of the index, and only then by reason: a page is found without sorting everything that failed.
        `select ${EVENT_LIST}, next_try_at as "nextTryAt", set_aside as "setAside" from (
           select * from webhook_event
           where merchant_account_id = $1 and ${filter.among === 'open' ? NEEDS_LOOK : SET_ASIDE}
             and ($2::timestamptz is null or (received_at, id) < ($2, $3::uuid))
           order by received_at desc, id desc offset 0
         ) as webhook_event ${WITH_ORDER}
         where true ${reason} order by received_at desc, id desc limit $4`,
        values,
      )
      return toPage(rows, page.limit, (row) => cursorText([row.receivedAt.toISOString(), row.id]))
    },

    /** Makes those that wait for their next try due now, at most {@link ACT_MAX}. Answers which. */
    retryNow: (accountId: string, scope: ReplayScope, now: Date): Promise<{ id: string }[]> => {
      const { text, values } = selectionOf(accountId, scope)
      const due = `$${values.push(now)}`
      return sql.rows(
        z.object({ id: z.string() }),
        `update webhook_event set next_try_at = ${due}
         where merchant_account_id = $1 and status = 'failed' and next_try_at > ${due} and id in (
           select id from webhook_event where ${text} and status = 'failed' and next_try_at > ${due}
           order by received_at, seq limit ${ACT_MAX} for update skip locked)
         returning id`,
        values,
      )
    },

    /**
     * Sets events aside: `ignored`, with their outcome and the reason kept, and not tried again. At most
     * {@link ACT_MAX}; answers which.
     */
    setAside: (
      accountId: string,
      scope: ReplayScope,
      note: { by: string; reason: string; at: Date },
    ): Promise<{ id: string }[]> => {
      const { text, values } = selectionOf(accountId, scope)
      const mark = `$${values.push(JSON.stringify({ ...note, at: note.at.toISOString() }))}`
      return sql.rows(
        z.object({ id: z.string() }),
        `update webhook_event set status = 'ignored', next_try_at = null, set_aside = ${mark}::jsonb
         where merchant_account_id = $1 and ${NEEDS_LOOK} and id in (
           select id from webhook_event where ${text} and ${NEEDS_LOOK}
           order by received_at, seq limit ${ACT_MAX} for update)
         returning id`,
        values,
      )
    },

    /** The bytes of a few events of the scope, oldest first, after the one the last page ended with. */
    bodies: (
      accountId: string,
      scope: ReplayScope,
      page: { after: { receivedAt: Date; id: string } | null; limit: number },
    ) => {
      const { text, values } = selectionOf(accountId, scope)
      const at = `$${values.push(page.after?.receivedAt ?? null)}`
      const id = `$${values.push(page.after?.id ?? null)}`
      return sql.rows(
        bodyRow,
        `select id, event_name as "eventName", received_at as "receivedAt", body from webhook_event
         where ${text} and (${at}::timestamptz is null or (received_at, id) > (${at}, ${id}::uuid))
         order by received_at, id limit $${values.push(page.limit)}`,
        values,
      )
    },
  }
}

function groupsOf(rows: readonly z.infer<typeof groupRow>[]): FailedGroup[] {
  const groups = new Map<FailureReason, FailedGroup>()
  for (const row of rows) {
    const reason = row.busy ? 'database_busy' : failureReason({ outcome: row.outcome, error: null })
    const count = Number(row.count)
    const group: FailedGroup = groups.get(reason) ?? {
      reason,
      count: 0,
      waiting: 0,
      newestAt: row.newestAt,
      oldestAt: row.oldestAt,
      nextTryAt: null,
      stopsAt: null,
      names: [],
    }
    const waits = row.status === 'failed' && row.lastTryAt !== null
    group.count += count
    if (waits) group.waiting += count
    group.newestAt = later(group.newestAt, row.newestAt) ?? row.newestAt
    group.oldestAt = earlier(group.oldestAt, row.oldestAt) ?? row.oldestAt
    group.nextTryAt = earlier(group.nextTryAt, waits ? row.firstTryAt : null)
    group.stopsAt = later(group.stopsAt, waits ? retriesStopAt(row.tries, row.lastTryAt) : null)
    group.names = [...new Set([...group.names, ...(row.names ?? [])])].slice(0, NAMES_SHOWN)
    groups.set(reason, group)
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason))
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
