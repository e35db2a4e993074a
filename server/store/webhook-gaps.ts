import { z } from 'zod'
import { GAP_CAUSES, GAP_KINDS, type GapCause, type Missed } from '../domain/webhook-gap.ts'
import { selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

const gapRow = z.object({
  id: z.string(),
  orderId: z.string(),
  kind: z.enum(GAP_KINDS),
  subject: z.string().nullable(),
  cause: z.enum(GAP_CAUSES),
  statusCheckId: z.string(),
  foundAt: z.date(),
  dueSince: z.date(),
  healedAt: z.date().nullable(),
  arrivedAt: z.date().nullable(),
  eventId: z.string().nullable(),
})

/** Something that a status check found and no webhook had told. */
export type GapRow = z.infer<typeof gapRow>

const listRow = z.object({ ...gapRow.shape, orderRef: z.string() })

/** The same beside the order it is about. */
export type GapListRow = z.infer<typeof listRow>

const awaitedRow = z.object({ ...gapRow.shape, accountId: z.string() })

/** A gap whose event may still come. */
export type AwaitedGap = z.infer<typeof awaitedRow>

const storedEventRow = z.object({ id: z.string(), receivedAt: z.date(), body: z.instanceof(Buffer) })

const unappliedRow = z.object({ ...storedEventRow.shape, givenUp: z.boolean() })

/** A stored event that was not applied and may tell what a status check found. */
export type UnappliedEvent = z.infer<typeof unappliedRow>

const arrivalRow = z.object({ gapId: z.string(), ...storedEventRow.shape })

export type GapFilter = {
  /** Empty for all. */
  causes: readonly GapCause[]
  healed: boolean | null
  /** Only gaps that were due before this: younger ones may turn out to be a race. */
  dueBefore: Date
}

/** How many gaps of one cause: all of them, those healed, and those whose event came after all. */
export type GapCount = { cause: GapCause; count: number; healed: number; arrived: number }

const LIST = selectList(Object.keys(gapRow.shape), 'g')
const cursorShape = z.tuple([z.iso.datetime(), z.guid()])

/** Open and dead events of one order that are looked at, newest first. */
const CANDIDATES_MAX = 20
/** Events of one order after a gap that are looked at: the wanted one is among the first. */
const ARRIVALS_MAX = 5
/** Gaps of one cause are counted up to here. */
export const GAPS_COUNTED_MAX = 10_000

/** Gaps between what webhooks told and what Juspay's order status says. */
export function webhookGapStore(sql: Sql) {
  return {
    ...gapReads(sql),

    /** Notes a gap. A wait for the gateway is noted once until it is healed. */
    async add(gap: {
      accountId: string
      orderId: string
      missed: Missed
      cause: GapCause
      statusCheckId: string
      foundAt: Date
      dueSince: Date
      healedAt: Date | null
      event: { id: string; receivedAt: Date } | null
    }): Promise<void> {
      await sql.run(
        `insert into webhook_gap (merchant_account_id, order_id, kind, subject, cause, status_check_id, found_at,
           due_since, healed_at, arrived_at, event_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (merchant_account_id, order_id) where cause = 'gateway_pending' and healed_at is null do nothing`,
        [
          gap.accountId,
          gap.orderId,
          gap.missed.kind,
          gap.missed.subject,
          gap.cause,
          gap.statusCheckId,
          gap.foundAt,
          gap.dueSince,
          gap.healedAt,
          gap.event?.receivedAt ?? null,
          gap.event?.id ?? null,
        ],
      )
    },

    /** The wait for the gateway is over. */
    async healPending(accountId: string, orderId: string, now: Date): Promise<void> {
      await sql.run(
        `update webhook_gap set healed_at = $3
         where merchant_account_id = $1 and order_id = $2 and cause = 'gateway_pending' and healed_at is null`,
        [accountId, orderId, now],
      )
    },

    /** Ends the waits of orders that a webhook has given an outcome since, at most `limit`. Returns how many. */
    healDecided: (limit: number): Promise<number> =>
      sql.run(
        `update webhook_gap set healed_at = decided.changed_at from (
           select g.id, o.changed_at from webhook_gap g
           join orders o on o.merchant_account_id = g.merchant_account_id and o.id = g.order_id
           where g.cause = 'gateway_pending' and g.healed_at is null
             and o.payment_status not in ('created', 'pending', 'unknown') limit $1) as decided
         where webhook_gap.id = decided.id`,
        [limit],
      ),

    /** The event came after all. */
    async noteArrival(id: string, event: { id: string; receivedAt: Date }): Promise<void> {
      await sql.run(
        'update webhook_gap set arrived_at = $2, event_id = $3 where id = $1 and arrived_at is null',
        [id, event.receivedAt, event.id],
      )
    },

    /** Takes back what was no gap: the check had only overtaken the event. */
    async remove(id: string): Promise<void> {
      await sql.run('delete from webhook_gap where id = $1 and arrived_at is null', [id])
    },
  }
}

function gapReads(sql: Sql) {
  return {
    /** Stored events of one order that are not applied, newest first: received, failed or given up. */
    unapplied: (accountId: string, orderRef: string): Promise<UnappliedEvent[]> =>
      sql.rows(
        unappliedRow,
        `select id, received_at as "receivedAt", body, given_up as "givenUp" from (
           (select id, received_at, body, false as given_up from webhook_event
            where merchant_account_id = $1 and order_key = lower($2) and next_try_at is not null
            order by received_at desc limit ${CANDIDATES_MAX})
           union all
           (select id, received_at, body, true as given_up from webhook_event
            where merchant_account_id = $1 and order_key = lower($2) and status = 'dead'
            order by received_at desc limit ${CANDIDATES_MAX})) as open
         order by received_at desc limit ${CANDIDATES_MAX}`,
        [accountId, orderRef],
      ),

    /** One page, newest first. Each cause is read from its own place in the index, so that a rare one costs no scan. */
    async list(
      accountId: string,
      filter: GapFilter,
      page: { cursor: string | null; limit: number },
    ): Promise<Page<GapListRow>> {
      const cursor = readCursor(page.cursor, cursorShape)
      const causes = filter.causes.length === 0 ? GAP_CAUSES : filter.causes
      const healed = filter.healed === null ? '' : `and healed_at is ${filter.healed ? 'not ' : ''}null`
      const rows = await sql.rows(
        listRow,
        `select ${LIST}, o.order_ref as "orderRef" from unnest($2::text[]) as wanted(cause)
         cross join lateral (
           select * from webhook_gap where merchant_account_id = $1 and cause = wanted.cause and due_since <= $4 ${healed}
             ${cursor === null ? '' : 'and (found_at, id) < ($5::timestamptz, $6::uuid)'}
           order by found_at desc, id desc limit $3) as g
         join orders o on o.merchant_account_id = g.merchant_account_id and o.id = g.order_id
         order by g.found_at desc, g.id desc limit $3`,
        [accountId, [...new Set(causes)], page.limit + 1, filter.dueBefore, ...(cursor ?? [])],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.foundAt.toISOString(), row.id]))
    },

    /** Gaps found between two instants by cause, each counted up to {@link GAPS_COUNTED_MAX}; causes without any too. */
    gapCounts: (accountId: string, range: { from: Date; to: Date; dueBefore: Date }): Promise<GapCount[]> =>
      sql.rows(
        z.object({
          cause: z.enum(GAP_CAUSES),
          count: z.number(),
          healed: z.number(),
          arrived: z.number(),
        }),
        `select wanted.cause, count(g.id)::int as count, count(g.healed_at)::int as healed, count(g.arrived_at)::int as arrived
         from unnest($2::text[]) as wanted(cause)
         left join lateral (
           select id, healed_at, arrived_at from webhook_gap
           where merchant_account_id = $1 and cause = wanted.cause and found_at >= $3 and found_at < $4 and due_since <= $5
           order by found_at desc limit ${GAPS_COUNTED_MAX}) as g on true
         group by wanted.cause order by array_position($2, wanted.cause)`,
        [accountId, GAP_CAUSES, range.from, range.to, range.dueBefore],
      ),

    /** The gaps of one order, oldest first. */
    byOrder: (accountId: string, orderId: string, dueBefore: Date): Promise<GapRow[]> =>
      sql.rows(
        gapRow,
        {
          name: 'webhook_gaps_by_order',
          text: `select ${LIST} from webhook_gap g
         where merchant_account_id = $1 and order_id = $2 and due_since <= $3 order by found_at, id limit 200`,
        },
        [accountId, orderId, dueBefore],
      ),

    /** Gaps found since `since` whose event has not come, in the order of finding, after the one named. */
    awaited: (
      since: Date,
      after: { foundAt: Date; id: string } | null,
      limit: number,
    ): Promise<AwaitedGap[]> =>
      sql.rows(
        awaitedRow,
        `select ${LIST}, merchant_account_id as "accountId" from webhook_gap g
         where arrived_at is null and cause = 'juspay_late' and found_at >= $1
           ${after === null ? '' : 'and (found_at, id) > ($3::timestamptz, $4::uuid)'}
         order by found_at, id limit $2`,
        after === null ? [since, limit] : [since, limit, after.foundAt, after.id],
      ),

    /** The first events that came about the orders of some gaps after each was found. */
    arrivals: (gapIds: readonly string[]): Promise<z.infer<typeof arrivalRow>[]> =>
      sql.rows(
        arrivalRow,
        `select g.id as "gapId", e.id, e.received_at as "receivedAt", e.body from webhook_gap g
         cross join lateral (
           select id, received_at, body from webhook_event
           where merchant_account_id = g.merchant_account_id and order_id = g.order_id and received_at >= g.found_at
           order by received_at limit ${ARRIVALS_MAX}) as e
         where g.id = any($1) order by e.received_at, e.id`,
        [gapIds],
      ),
  }
}
