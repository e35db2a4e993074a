import { z } from 'zod'
import {
  DAY_MS,
  DELAY_BUCKETS,
  HOUR_MS,
  HOUR_SECONDS,
  RATE_OUTCOMES,
  SLOT_SECONDS,
  slotOf,
  USUAL_DAYS,
} from '../domain/event-rate.ts'
import type { SilenceFacts } from '../domain/silence.ts'
import type { Sql } from './sql.ts'

/** Names shown apart; a shop has about twenty, and a sender may make up as many as it likes. */
const NAMES_MAX = 50
/** Beyond it the figure is "at least". */
export const BACKLOG_MAX = 10_000
/** What "now" means for a rate. */
export const RECENT_MS = 5 * 60_000

const slotRow = z.object({ slot: z.date(), outcome: z.enum(RATE_OUTCOMES), count: z.bigint() })
const hourRow = z.object({ at: z.date(), count: z.bigint() })
const activeRow = z.object({ at: z.date(), activeSlots: z.number() })
const nameRow = z.object({
  eventName: z.string(),
  lastAt: z.date(),
  today: z.bigint(),
  recent: z.bigint(),
  sameHours: z.bigint(),
})
const delayRow = z.object({ lag: z.array(z.number()).nullable(), apply: z.array(z.number()).nullable() })

export type SlotCount = { at: Date; outcome: (typeof RATE_OUTCOMES)[number]; count: number }

/** Events of one name: the latest, how many since the day began, in the last minutes, and in this hour of other days. */
export type NameCount = {
  eventName: string
  lastAt: Date
  today: number
  recent: number
  sameHours: number
}

const sumOf = (column: string): string =>
  `array[${Array.from({ length: DELAY_BUCKETS }, (_, i) => `coalesce(sum(${column}[${i + 1}]), 0)::int`).join(', ')}]`

/** Reads of the slots. All are ranges of a primary key and sums of at most a few thousand rows. */
export function eventRateReads(sql: Sql) {
  /** Events and refused deliveries by slot and outcome. */
  async function slots(accountId: string, spanSeconds: number, from: Date): Promise<SlotCount[]> {
    const rows = await sql.rows(
      slotRow,
      `select slot, outcome, sum(count) as count from event_rate
       where merchant_account_id = $1 and span_seconds = $2 and slot >= $3 group by slot, outcome
       union all
       select slot, 'refused', sum(count) from webhook_rejection_count
       where merchant_account_id = $1 and span_seconds = $2 and slot >= $3 group by slot
       order by slot`,
      [accountId, spanSeconds, from],
    )
    return rows.map((row) => ({ at: row.slot, outcome: row.outcome, count: Number(row.count) }))
  }

  return {
    /** Ten-second slots since `from`; slots without anything are left out. */
    strip: (accountId: string, from: Date): Promise<SlotCount[]> => slots(accountId, SLOT_SECONDS, from),

    /** Hours since `from`; the present hour is counted up to a minute ago. */
    hours: (accountId: string, from: Date): Promise<SlotCount[]> => slots(accountId, HOUR_SECONDS, from),

    /** The first hour that was ever counted. */
    async firstHour(accountId: string): Promise<Date | null> {
      const row = await sql.first(
        z.object({ at: z.date().nullable() }),
        'select min(slot) as at from event_slot where merchant_account_id = $1 and span_seconds = $2',
        [accountId, HOUR_SECONDS],
      )
      return row?.at ?? null
    },

    /** How many events each hour had, for what is usual. */
    async hourCounts(accountId: string, from: Date, to: Date): Promise<{ at: Date; count: number }[]> {
      const rows = await sql.rows(
        hourRow,
        `select slot as at, sum(count) as count from event_rate
         where merchant_account_id = $1 and span_seconds = $2 and slot >= $3 and slot < $4 group by slot`,
        [accountId, HOUR_SECONDS, from, to],
      )
      return rows.map((row) => ({ at: row.at, count: Number(row.count) }))
    },

    /** When the last event came. */
    async lastReceivedAt(accountId: string): Promise<Date | null> {
      const row = await sql.first(
        z.object({ at: z.date() }),
        `select received_at as at from webhook_event where merchant_account_id = $1
         order by received_at desc, id desc limit 1`,
        [accountId],
      )
      return row?.at ?? null
    },

    /** What {@link SilenceFacts} are judged by, from before the last event. */
    async silenceFacts(accountId: string, since: Date | null, now: Date): Promise<SilenceFacts> {
      const nothing = { since, now, hours: [], firstHour: null, lastHour: { slots: 0, activeSlots: 0 } }
      if (since === null) return nothing
      const base = slotOf(since, HOUR_SECONDS)
      const hours = await sql.rows(
        activeRow,
        `select slot as at, active_slots as "activeSlots" from event_slot
         where merchant_account_id = $1 and span_seconds = $2 and slot >= $3 and slot < $4`,
        [accountId, HOUR_SECONDS, new Date(base.getTime() - (USUAL_DAYS + 1) * DAY_MS), base],
      )
      const recent = await sql.first(
        z.object({ first: z.date().nullable(), count: z.bigint() }),
        `select min(slot) as first, count(*) as count from event_slot
         where merchant_account_id = $1 and span_seconds = $2 and slot > $3 and slot <= $4`,
        [accountId, SLOT_SECONDS, new Date(since.getTime() - HOUR_MS), since],
      )
      const length = recent?.first ? since.getTime() - recent.first.getTime() : 0
      return {
        ...nothing,
        hours,
        firstHour: await this.firstHour(accountId),
        lastHour: {
          slots: Math.ceil(length / (SLOT_SECONDS * 1_000)),
          activeSlots: Number(recent?.count ?? 0n),
        },
      }
    },

    /**
     * Every name of the last week with its counts, the most recent first. The present hour and the odd minutes at the
     * beginning of the day come from fine slots, everything between from hours.
     */
    async names(accountId: string, dayStart: Date, now: Date): Promise<NameCount[]> {
      const hour = slotOf(now, HOUR_SECONDS)
      const recentFrom = new Date(now.getTime() - RECENT_MS)
      const fullHour = new Date(Math.min(hour.getTime(), Math.ceil(dayStart.getTime() / HOUR_MS) * HOUR_MS))
      const sameHours = Array.from(
        { length: USUAL_DAYS },
        (_, day) => new Date(hour.getTime() - (day + 1) * DAY_MS),
      )
      const rows = await sql.rows(
        nameRow,
        `with part as (
           select event_name, last_at, count, slot >= $3 as today, slot >= $4 as recent, false as same_hour
           from event_rate where merchant_account_id = $1 and span_seconds = ${SLOT_SECONDS} and slot >= least($3, $4)
           union all
           select event_name, last_at, count, slot >= $5 as today, false, slot = any($6)
           from event_rate where merchant_account_id = $1 and span_seconds = ${HOUR_SECONDS}
             and slot >= $7 and slot < $3
           union all
           select event_name, last_at, count, true, false, false
           from event_rate where merchant_account_id = $1 and span_seconds = ${SLOT_SECONDS}
             and slot >= $2 and slot < $5
         )
         select event_name as "eventName", max(last_at) as "lastAt",
           coalesce(sum(count) filter (where today), 0) as today,
           coalesce(sum(count) filter (where recent), 0) as recent,
           coalesce(sum(count) filter (where same_hour), 0) as "sameHours"
         from part group by event_name order by max(last_at) desc limit ${NAMES_MAX}`,
        [accountId, dayStart, hour, recentFrom, fullHour, sameHours, sameHours.at(-1)],
      )
      return rows.map((row) => ({
        ...row,
        today: Number(row.today),
        recent: Number(row.recent),
        sameHours: Number(row.sameHours),
      }))
    },

    /** How many events came since `from`, by fine slots. */
    async countSince(accountId: string, from: Date, to: Date): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select coalesce(sum(count), 0) as count from event_rate
         where merchant_account_id = $1 and span_seconds = ${SLOT_SECONDS} and slot >= $2 and slot < $3`,
        [accountId, from, to],
      )
      return Number(row?.count ?? 0n)
    },

    /** What waits to be processed or tried again, of one account or of all, counted up to {@link BACKLOG_MAX}. */
    async backlog(accountId: string | null): Promise<{ count: number; oldestAt: Date | null }> {
      const open =
        'webhook_event where next_try_at is not null and ($1::uuid is null or merchant_account_id = $1)'
      const row = await sql.first(
        z.object({ count: z.bigint(), oldestAt: z.date().nullable() }),
        `select (select count(*) from (select from ${open} limit ${BACKLOG_MAX}) as waiting) as count,
           (select received_at from ${open} order by next_try_at, seq limit 1) as "oldestAt"`,
        [accountId],
      )
      return { count: Number(row?.count ?? 0n), oldestAt: row?.oldestAt ?? null }
    },

    /** Histograms of both delays since `from`. */
    async delays(accountId: string, from: Date): Promise<{ lag: number[]; apply: number[] }> {
      const row = await sql.first(
        delayRow,
        `select ${sumOf('lag')} as lag, ${sumOf('apply')} as apply from event_slot
         where merchant_account_id = $1 and span_seconds = ${SLOT_SECONDS} and slot >= $2`,
        [accountId, from],
      )
      return { lag: row?.lag ?? [], apply: row?.apply ?? [] }
    },
  }
}
