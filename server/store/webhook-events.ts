import { z } from 'zod'
import type { EventFamily } from '../domain/provider-order.ts'
import type { Sql } from './sql.ts'
import { webhookEventReads } from './webhook-events-read.ts'
import { webhookRejections } from './webhook-rejections.ts'

/** An event locked for processing. */
export type LockedEvent = {
  id: string
  accountId: string
  body: Buffer
  receivedAt: Date
  status: EventStatus
  outcome: string | null
  tries: number
}

export const EVENT_STATUSES = ['received', 'processed', 'ignored', 'failed', 'dead'] as const
export type EventStatus = (typeof EVENT_STATUSES)[number]

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

/** Passes kept with an event, newest last: more than the tries of a lifetime and a few dozen replays. */
const ATTEMPTS_MAX = 50

/** Appends the attempt in `mark` (an object as JSON) with the next number, and lets the oldest go. */
function appendAttempt(mark: string): string {
  return `attempts = (case when jsonb_array_length(attempts) >= ${ATTEMPTS_MAX} then attempts - 0 else attempts end)
    || jsonb_build_array(jsonb_build_object('no', coalesce((attempts->-1->>'no')::int, 0) + 1) || ${mark}::jsonb)`
}

const lockedRow = z.object({
  id: z.string(),
  accountId: z.string(),
  body: z.instanceof(Buffer),
  receivedAt: z.date(),
  status: z.enum(EVENT_STATUSES),
  outcome: z.string().nullable(),
  tries: z.number(),
})

const LOCKED = `id, merchant_account_id as "accountId", body, received_at as "receivedAt", status, outcome, tries`

/** Webhook events: every authenticated delivery byte for byte. The table is also the processor's queue. */
export function webhookEventStore(sql: Sql) {
  return {
    ...webhookEventReads(sql),
    ...webhookRejections(sql),

    /** Locks the next event that is due, skipping those another worker holds; null when nothing is due. */
    lockNextDue: (now: Date): Promise<LockedEvent | null> =>
      sql.first(
        lockedRow,
        `select ${LOCKED} from webhook_event where next_try_at <= $1
         order by next_try_at, seq limit 1 for update skip locked`,
        [now],
      ),

    /** Locks one event of any status, waiting for whoever holds it. */
    lock: (id: string): Promise<LockedEvent | null> =>
      sql.first(lockedRow, `select ${LOCKED} from webhook_event where id = $1 for update`, [id]),

    /** Puts an event back at the start of its tries, for a replay. */
    async restart(id: string, now: Date): Promise<void> {
      await sql.run('update webhook_event set tries = 0, next_try_at = $2 where id = $1', [id, now])
    },

    /** Writes what became of an event, with the pass that found it out. */
    async settle(id: string, verdict: EventVerdict, attempt: EventAttempt): Promise<void> {
      await sql.run(
        `update webhook_event set status = $2, outcome = $3, event_ref = $4, event_name = $5, family = $6,
           occurred_at = $7, order_ref = $8, order_id = coalesce($9, order_id), error = $10, tries = $11,
           next_try_at = $12, processed_at = $13, ${appendAttempt('$14')}
         where id = $1`,
        [
          id,
          verdict.status,
          verdict.outcome,
          verdict.eventRef,
          verdict.eventName,
          verdict.family,
          verdict.occurredAt,
          verdict.orderRef,
          verdict.orderId,
          verdict.error,
          verdict.tries,
          verdict.nextTryAt,
          verdict.processedAt,
          JSON.stringify(attempt),
        ],
      )
    },

    /**
     * Notes a failed try, unless another worker has moved the event on since. `nextTryAt` null means given up.
     * Returns whether the note was written.
     */
    async noteFailure(
      id: string,
      failure: { tries: number; nextTryAt: Date | null; attempt: EventAttempt },
    ): Promise<boolean> {
      const { attempt } = failure
      const touched = await sql.run(
        `update webhook_event set status = case when $4::timestamptz is null then 'dead' else 'failed' end,
           outcome = 'error', tries = $2, error = $3, next_try_at = $4,
           processed_at = case when $4::timestamptz is null then $5::timestamptz else null end,
           ${appendAttempt('$6')}
         where id = $1 and tries = $2 - 1 and next_try_at is not null`,
        [id, failure.tries, attempt.error, failure.nextTryAt, attempt.at, JSON.stringify(attempt)],
      )
      return touched > 0
    },
  }
}
