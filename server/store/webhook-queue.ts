/** The processor's queue: events that are due, under lock, and what became of them. */
import { z } from 'zod'
import type { EventFamily } from '../domain/provider-order.ts'
import { rowsParameter } from './columns.ts'
import type { Prepared, Sql } from './sql.ts'

export const EVENT_STATUSES = ['received', 'processed', 'ignored', 'failed', 'dead'] as const
export type EventStatus = (typeof EVENT_STATUSES)[number]

const lockedRow = z.object({
  id: z.string(),
  bucket: z.number(),
  accountId: z.string(),
  body: z.instanceof(Buffer),
  receivedAt: z.date(),
  status: z.enum(EVENT_STATUSES),
  outcome: z.string().nullable(),
  variant: z.boolean(),
  tries: z.number(),
})

/** An event locked for processing. */
export type LockedEvent = z.infer<typeof lockedRow>

/** What processing learned about an event and did with it. */
export type EventVerdict = {
  status: EventStatus
  outcome: string
  eventRef: string | null
  eventName: string | null
  family: EventFamily | null
  occurredAt: Date | null
  orderRef: string | null
  orderId: string | null
  error: string | null
  tries: number
  nextTryAt: Date | null
  processedAt: Date | null
}

/** Who had an event processed: the queue, or a person's replay. */
export type AttemptBy = 'processor' | 'replay'

/** One pass over an event, as kept with it; the rows it changed carry the same instant `at`. */
export type EventAttempt = {
  at: Date
  tookMs: number
  by: AttemptBy
  status: EventStatus
  outcome: string
  error: string | null
  /** How many fields it changed. */
  changes: number
}

export type SettledEvent = {
  event: LockedEvent
  verdict: EventVerdict
  attempt: EventAttempt
  /** Whether Juspay sent something else under the same id. */
  variant: boolean
}

/** An event that was applied to an order, by what Juspay calls it. */
export type NamedEvent = { id: string; accountId: string; orderId: string; eventRef: string }

/** Passes kept with an event, newest last: more than the tries of a lifetime and a few dozen replays. */
const ATTEMPTS_MAX = 50

/** Appends an attempt (an object as JSON) with the next number to those of `e`, and lets the oldest go. */
function appended(attempt: string): string {
  return `(case when jsonb_array_length(e.attempts) >= ${ATTEMPTS_MAX} then e.attempts - 0 else e.attempts end)
    || jsonb_build_array(jsonb_build_object('no', coalesce((e.attempts->-1->>'no')::int, 0) + 1) || ${attempt})`
}

const LOCKED = `e.id, e.bucket, e.merchant_account_id as "accountId", e.body, e.received_at as "receivedAt", e.status,
  e.outcome, e.variant, e.tries`

/** How far a claim looks for events whose order is free, in multiples of what it takes. */
const WINDOW_FACTOR = 8

/**
 * Takes what is due, oldest first. The advisory lock gives all events of an order to one batch at a time, so that two
 * never wait for each other's orders; events of an order that is taken are passed over. It is a courtesy: what decides
 * is the order's row lock.
 */
const CLAIM: Prepared = {
  name: 'webhook_queue_claim',
  text: `with due as (
      select bucket, id, hashtextextended(merchant_account_id || ' ' || coalesce(order_key, id::text), 0) as turn
      from webhook_event where next_try_at <= $1 order by next_try_at, seq limit $3
    ), mine as materialized (
      select bucket, id from due where pg_try_advisory_xact_lock(turn) limit $2
    )
    select ${LOCKED} from mine join webhook_event e on e.bucket = mine.bucket and e.id = mine.id
    where e.next_try_at <= $1 order by e.next_try_at, e.seq for update of e skip locked`,
}

const SETTLE: Prepared = {
  name: 'webhook_queue_settle',
  text: `update webhook_event e set status = r.status, outcome = r.outcome, event_ref = r.event_ref,
      event_name = r.event_name, family = r.family, occurred_at = r.occurred_at, order_ref = r.order_ref,
      order_id = coalesce(r.order_id, e.order_id), error = r.error, tries = r.tries, next_try_at = r.next_try_at,
      processed_at = r.processed_at, variant = e.variant or r.variant, attempts = ${appended('r.attempts')}
    from json_populate_recordset(null::webhook_event, $1::json) as r
    where e.bucket = r.bucket and e.id = r.id`,
}

/**
 * Planned anew for each batch. A kept plan is made while few events of a month have an order; then reading the whole index
 * of those that do looks as cheap as looking up one, and a backlog would be worked off in the square of its length.
 */
const SAME_NAME = `select e.id, e.merchant_account_id as "accountId", e.order_id as "orderId", e.event_ref as "eventRef"
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) as asked (account_id, order_id, event_ref, id)
    join webhook_event e on e.merchant_account_id = asked.account_id and e.order_id = asked.order_id
      and e.event_ref = asked.event_ref and e.id <> asked.id`

const namedRow = z.object({
  id: z.string(),
  accountId: z.string(),
  orderId: z.string(),
  eventRef: z.string(),
})

/** Claims, locks and verdicts of webhook events. */
export function webhookQueue(sql: Sql) {
  return {
    /** Locks at most `limit` events that are due, passing over those that another worker holds or whose order it holds. */
    claimDue: (now: Date, limit: number): Promise<LockedEvent[]> =>
      sql.rows(lockedRow, CLAIM, [now, limit, limit * WINDOW_FACTOR]),

    /** Locks those of `ids` that are still due and that nobody holds, oldest first. */
    lockDue: (ids: readonly string[], now: Date): Promise<LockedEvent[]> =>
      sql.rows(
        lockedRow,
        `select ${LOCKED} from webhook_event e where id = any($1) and next_try_at <= $2
         order by next_try_at, seq for update skip locked`,
        [ids, now],
      ),

    /** Locks one event of any status, waiting for whoever holds it. */
    lock: (id: string): Promise<LockedEvent | null> =>
      sql.first(lockedRow, `select ${LOCKED} from webhook_event e where id = $1 for update`, [id]),

    /** Writes what became of events, with the pass that found it out. */
    async settleAll(settled: readonly SettledEvent[]): Promise<void> {
      if (settled.length > 0) await sql.run(SETTLE, [rowsParameter(settled.map(rowOf))])
    },

    /** Other events that carry the same id of Juspay's about the same order: variants, since equal bytes are one event. */
    sameName: (events: readonly NamedEvent[]): Promise<NamedEvent[]> =>
      events.length === 0
        ? Promise.resolve([])
        : sql.rows(namedRow, SAME_NAME, [
            events.map(({ accountId }) => accountId),
            events.map(({ orderId }) => orderId),
            events.map(({ eventRef }) => eventRef),
            events.map(({ id }) => id),
          ]),

    /** Marks events as variants. One that is being processed is left to its own pass, which will find the others. */
    async markVariants(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      await sql.run(
        `update webhook_event set variant = true where (id, bucket) in (
           select id, bucket from webhook_event where id = any($1) and not variant for update skip locked)`,
        [ids],
      )
    },

    /**
     * Notes a failed try, unless another worker has moved the event on since. `nextTryAt` null means given up.
     * Returns whether the note was written.
     */
    async noteFailure(
      event: Pick<LockedEvent, 'id' | 'bucket'>,
      failure: { tries: number; nextTryAt: Date | null; attempt: EventAttempt },
    ): Promise<boolean> {
      const { attempt } = failure
      const touched = await sql.run(
        `update webhook_event e set status = case when $4::timestamptz is null then 'dead' else 'failed' end,
           outcome = 'error', tries = $2, error = $3, next_try_at = $4,
           processed_at = case when $4::timestamptz is null then $5::timestamptz else null end,
           attempts = ${appended('$6::jsonb')}
         where id = $1 and bucket = $7 and tries = $2 - 1 and next_try_at is not null`,
        [
          event.id,
          failure.tries,
          attempt.error,
          failure.nextTryAt,
          attempt.at,
          JSON.stringify(attempt),
          event.bucket,
        ],
      )
      return touched > 0
    },
  }
}

function rowOf({ event, verdict, attempt, variant }: SettledEvent) {
  return {
    id: event.id,
    bucket: event.bucket,
    status: verdict.status,
    outcome: verdict.outcome,
    event_ref: verdict.eventRef,
    event_name: verdict.eventName,
    family: verdict.family,
    occurred_at: verdict.occurredAt,
    order_ref: verdict.orderRef,
    order_id: verdict.orderId,
    error: verdict.error,
    tries: verdict.tries,
    next_try_at: verdict.nextTryAt,
    processed_at: verdict.processedAt,
    variant,
    attempts: attempt,
  }
}
