import { z } from 'zod'
import { DELAY_BOUNDS_MS, DELAY_BUCKETS, HOUR_SECONDS, SLOT_SECONDS } from '../domain/event-rate.ts'
import type { RollUpMark, TimeSpan } from '../domain/roll-up.ts'
import { eventRateReads } from './event-rates-read.ts'
import type { Sql } from './sql.ts'

/** A statement that takes longer than this is given up; the next run begins anew. */
const ROLL_UP_TIMEOUT_MS = 5_000
/** Slots that are looked at again in one run. */
const UNSETTLED_MAX = 200
/** Rows of one delete, so that none holds locks for long. */
const PRUNE_BATCH = 5_000

const markRow = z.object({
  rolledTo: z.date().nullable(),
  rolledAt: z.date().nullable(),
  wideAt: z.date().nullable(),
  tookMs: z.number(),
})

/** The five groups of an event's status and outcome. A delivery that was refused never became an event. */
const GROUP = `case when status = 'received' then 'waiting'
    when status in ('failed', 'dead') then 'failed'
    when status = 'processed' then case when outcome = 'applied' then 'applied' else 'unchanged' end
    when outcome = 'no_order' then 'unchanged' else 'held' end`

const BOUNDS = `'{${DELAY_BOUNDS_MS.map((ms) => `${ms} ms`).join(',')}}'::interval[]`
const BUCKETS = Array.from({ length: DELAY_BUCKETS }, (_, bucket) => bucket)

/** `array[…]` of one sum per bucket. */
function histogram(sumOf: (bucket: number) => string): string {
  return `array[${BUCKETS.map((bucket) => `coalesce(${sumOf(bucket)}, 0)::int`).join(', ')}]`
}

const byHour = (column: string): string => histogram((i) => `sum(${column}[${i + 1}])`)
const binned = (column: string, seconds: number): string =>
  `date_bin('${seconds} seconds', ${column}, 'epoch'::timestamptz)`

/** Which of the three groupings below a row belongs to: PostgreSQL sets a bit for each column that is not in it. */
const BY_NAME = 0b011
const BY_LAG = 0b101
const BY_APPLY = 0b110

/**
 * Counts the events received between $1 and $2 into slots. They are read once, by one range of the index (account,
 * received_at) per account (`offset 0` keeps it from being turned into a join that reads them all), and hashed into three
 * small groupings. What no event is in any more is removed, and rows that are the same stay untouched: it may be run as
 * often as one likes.
 */
const SLOTS = `with seen as materialized (
    select account, slot, name, outcome, lag, apply, grouping(name, lag, apply) as kind,
      count(*) as n, sum(delivery_count) as deliveries, max(received_at) as last_at
    from (
      select a.id as account, ${binned('received_at', SLOT_SECONDS)} as slot, coalesce(event_name, '') as name,
        ${GROUP} as outcome, delivery_count, received_at,
        width_bucket(received_at - occurred_at, ${BOUNDS}) as lag,
        case when status in ('processed', 'ignored') then width_bucket(processed_at - received_at, ${BOUNDS}) end as apply
      from merchant_account a cross join lateral (
        select event_name, status, outcome, delivery_count, received_at, occurred_at, processed_at from webhook_event
        where merchant_account_id = a.id and received_at >= $1 and received_at < $2 offset 0
      ) as event
    ) as event
    group by grouping sets ((account, slot, name, outcome), (account, slot, lag), (account, slot, apply))
  ), rates as (
    insert into event_rate as kept (merchant_account_id, span_seconds, slot, event_name, outcome, count, deliveries, last_at)
    select account, ${SLOT_SECONDS}, slot, name, outcome, n, deliveries, last_at from seen where kind = ${BY_NAME}
    on conflict (merchant_account_id, span_seconds, slot, event_name, outcome) do update
      set count = excluded.count, deliveries = excluded.deliveries, last_at = excluded.last_at
      where (kept.count, kept.deliveries, kept.last_at) is distinct from (excluded.count, excluded.deliveries, excluded.last_at)
  ), left_over as (
    delete from event_rate where span_seconds = ${SLOT_SECONDS} and slot >= $1 and slot < $2
      and (merchant_account_id, slot, event_name, outcome)
        not in (select account, slot, name, outcome from seen where kind = ${BY_NAME})
  )
  insert into event_slot as kept (merchant_account_id, span_seconds, slot, active_slots, lag, apply)
  select account, ${SLOT_SECONDS}, slot, 1,
    ${histogram((i) => `sum(n) filter (where kind = ${BY_LAG} and lag = ${i})`)},
    ${histogram((i) => `sum(n) filter (where kind = ${BY_APPLY} and apply = ${i})`)}
  from seen group by account, slot
  on conflict (merchant_account_id, span_seconds, slot) do update set lag = excluded.lag, apply = excluded.apply
    where (kept.lag, kept.apply) is distinct from (excluded.lag, excluded.apply)`

/** Adds the slots from $1 to $2, both full hours, up to hours. */
const HOURS = `with seen as materialized (
    select merchant_account_id, ${binned('slot', HOUR_SECONDS)} as slot, event_name, outcome,
      sum(count) as count, sum(deliveries) as deliveries, max(last_at) as last_at
    from event_rate where span_seconds = ${SLOT_SECONDS} and slot >= $1 and slot < $2 group by 1, 2, 3, 4
  ), rates as (
    insert into event_rate as kept (merchant_account_id, span_seconds, slot, event_name, outcome, count, deliveries, last_at)
    select merchant_account_id, ${HOUR_SECONDS}, slot, event_name, outcome, count, deliveries, last_at from seen
    on conflict (merchant_account_id, span_seconds, slot, event_name, outcome) do update
      set count = excluded.count, deliveries = excluded.deliveries, last_at = excluded.last_at
      where (kept.count, kept.deliveries, kept.last_at) is distinct from (excluded.count, excluded.deliveries, excluded.last_at)
  ), left_over as (
    delete from event_rate where span_seconds = ${HOUR_SECONDS} and slot >= $1 and slot < $2
      and (merchant_account_id, slot, event_name, outcome)
        not in (select merchant_account_id, slot, event_name, outcome from seen)
  )
  insert into event_slot as kept (merchant_account_id, span_seconds, slot, active_slots, lag, apply)
  select merchant_account_id, ${HOUR_SECONDS}, ${binned('slot', HOUR_SECONDS)}, count(*), ${byHour('lag')}, ${byHour('apply')}
  from event_slot where span_seconds = ${SLOT_SECONDS} and slot >= $1 and slot < $2 group by 1, 3
  on conflict (merchant_account_id, span_seconds, slot) do update
    set active_slots = excluded.active_slots, lag = excluded.lag, apply = excluded.apply
    where (kept.active_slots, kept.lag, kept.apply)
      is distinct from (excluded.active_slots, excluded.lag, excluded.apply)`

/** Reception in figures: rolled up from the table of events, by whoever holds the mark. */
export function eventRateStore(sql: Sql) {
  return {
    ...eventRateReads(sql),

    /** Takes the right to roll up until the transaction ends; null when another process has it. */
    takeMark: (): Promise<RollUpMark | null> =>
      sql.first(
        markRow,
        `select rolled_to as "rolledTo", rolled_at as "rolledAt", wide_at as "wideAt", took_ms as "tookMs"
         from event_roll_up for update skip locked`,
      ),

    async setMark(mark: RollUpMark): Promise<void> {
      await sql.run('update event_roll_up set rolled_to = $1, rolled_at = $2, wide_at = $3, took_ms = $4', [
        mark.rolledTo,
        mark.rolledAt,
        mark.wideAt,
        Math.round(mark.tookMs),
      ])
    },

    /**
     * Slots before `before` with events that waited or failed when they were counted: they may have changed since. Of
     * failed ones only those after `failedFrom`, since what was given up stays failed.
     */
    async unsettled(before: Date, failedFrom: Date): Promise<Date[]> {
      const rows = await sql.rows(
        z.object({ slot: z.date() }),
        `select distinct slot from event_rate
         where outcome in ('waiting', 'failed') and span_seconds = ${SLOT_SECONDS} and slot < $1
           and (outcome = 'waiting' or slot >= $2)
         order by slot limit ${UNSETTLED_MAX}`,
        [before, failedFrom],
      )
      return rows.map((row) => row.slot)
    },

    /** When the first event since `from`, or of all, was received; null when there is none. */
    async firstReceivedSince(from: Date | null): Promise<Date | null> {
      const row = await sql.first(
        z.object({ at: z.date().nullable() }),
        `select min(first.at) as at from merchant_account a, lateral (
           select received_at as at from webhook_event where merchant_account_id = a.id and received_at >= $1
           order by received_at limit 1
         ) as first`,
        [from ?? new Date(0)],
      )
      return row?.at ?? null
    },

    /**
     * Counts the events received in each range anew, and then the hours. Bounded in time, so that it can never be in the
     * way for long. The memory is a permission and not a need: the planner takes every event for a group of its own and
     * would sort them all on disk, while there are a few hundred groups.
     */
    async rollUp(ranges: readonly TimeSpan[], hours: readonly TimeSpan[]): Promise<void> {
      await sql.run(`set local statement_timeout = ${ROLL_UP_TIMEOUT_MS}`)
      await sql.run(`set local work_mem = '1GB'`)
      for (const { from, to } of ranges) await sql.run(SLOTS, [from, to])
      for (const { from, to } of hours) await sql.run(HOURS, [from, to])
    },

    /** Deletes at most a batch of each kind of slot that began before; returns how many. */
    async pruneRates(before: { slots: Date; hours: Date }): Promise<number> {
      let deleted = 0
      for (const table of ['event_rate', 'event_slot', 'webhook_rejection_count'])
        for (const [seconds, at] of [
          [SLOT_SECONDS, before.slots],
          [HOUR_SECONDS, before.hours],
        ] as const)
          deleted += await sql.run(
            `delete from ${table} where ctid = any(array(
               select ctid from ${table} where span_seconds = $1 and slot < $2 limit ${PRUNE_BATCH}))`,
            [seconds, at],
          )
      return deleted
    },
  }
}
