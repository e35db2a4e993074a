import { z } from 'zod'
import { DISPLAY_STATUSES } from '../domain/payment-status.ts'
import { EVENT_FAMILIES } from '../domain/provider-order.ts'
import { selectList } from './columns.ts'
import { NEEDS_LOOK } from './event-selection.ts'
import { eventsWhere, type EventSearch } from './event-search.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'
import { windowName, windowSql, type TimeWindow } from './time-window.ts'

export const eventRow = z.object({
  id: z.string(),
  receivedAt: z.date(),
  occurredAt: z.date().nullable(),
  eventRef: z.string().nullable(),
  eventName: z.string().nullable(),
  family: z.enum(EVENT_FAMILIES).nullable(),
  orderRef: z.string().nullable(),
  orderId: z.string().nullable(),
  status: z.enum(['received', 'processed', 'ignored', 'failed', 'dead']),
  outcome: z.string().nullable(),
  deliveryCount: z.number(),
  lastReceivedAt: z.date(),
  tries: z.number(),
  error: z.string().nullable(),
  processedAt: z.date().nullable(),
  seq: z.bigint(),
  remoteAddress: z.string(),
  sizeBytes: z.number(),
  /** Another event of the same id came with other bytes. */
  variant: z.boolean(),
  /** The order as it is now, with the version that says which of two answers is newer; null for no known order. */
  orderStatus: z.enum(DISPLAY_STATUSES).nullable(),
  orderVersion: z.number().nullable(),
})

/** One event in a list, without its bytes. */
export type WebhookEventRow = z.infer<typeof eventRow>

const attempt = z.object({
  no: z.number(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  tookMs: z.number(),
  by: z.enum(['processor', 'replay']),
  status: eventRow.shape.status,
  outcome: z.string(),
  error: z.string().nullable(),
  changes: z.number(),
})

/** One pass over an event, as kept with it. */
export type EventAttemptRow = z.infer<typeof attempt>

const detailRow = z.object({
  ...eventRow.shape,
  headers: z.record(z.string(), z.string()),
  bodySha256: z.instanceof(Buffer),
  attempts: z.array(attempt),
})

/** One event with where it came from. */
export type WebhookEventDetail = z.infer<typeof detailRow>

const bodyRow = z.object({
  id: z.string(),
  eventName: z.string().nullable(),
  receivedAt: z.date(),
  body: z.instanceof(Buffer),
  bodySha256: z.instanceof(Buffer),
})

/** The bytes of one event, as received. */
export type WebhookEventBody = z.infer<typeof bodyRow>

const toldRow = eventRow.pick({
  id: true,
  receivedAt: true,
  occurredAt: true,
  eventName: true,
  outcome: true,
  deliveryCount: true,
  error: true,
})

/** What an event says for a timeline. */
export type ToldEventRow = z.infer<typeof toldRow>

const TOLD_LIST = selectList(Object.keys(toldRow.shape))

const idRow = z.object({ id: z.string() })
const twinRow = z.object({ id: z.string(), receivedAt: z.date() })
const TWINS_MAX = 20

/** Events that the counts of a filter's suggestions look at: enough for proportions, quick whatever the range. */
const COUNTED_MAX = 10_000

const countRow = z.object({
  eventName: z.string().nullable(),
  status: eventRow.shape.status,
  outcome: z.string().nullable(),
  repeated: z.boolean(),
  count: z.bigint(),
})

const COMPUTED: ReadonlySet<string> = new Set(['orderRef', 'sizeBytes', 'variant'])
/** Select list of {@link eventRow}. */
export const EVENT_LIST = `${selectList(Object.keys(eventRow.shape).filter((field) => !COMPUTED.has(field)))},
  coalesce(order_ref, order_key) as "orderRef", length(body) as "sizeBytes",
  exists (select 1 from webhook_event as twin
    where twin.merchant_account_id = webhook_event.merchant_account_id and twin.order_id = webhook_event.order_id
      and twin.dedupe_key = webhook_event.dedupe_key and twin.id <> webhook_event.id) as variant`
/** Only the columns that are wanted, so that no other column of the event becomes ambiguous. */
export const WITH_ORDER = `left join lateral (
  select display_status as order_status, version as order_version from orders where orders.id = webhook_event.order_id
) as order_now on true`
const EVENTS = `webhook_event ${WITH_ORDER}`
/** An event's id is a hash and carries no version of a UUID. */
const cursorShape = z.tuple([z.iso.datetime(), z.guid()])

/** Reads of webhook events. */
export function webhookEventReads(sql: Sql) {
  return {
    /** One page, newest first. */
    async list(
      accountId: string,
      search: EventSearch,
      page: { cursor: string | null; limit: number },
    ): Promise<Page<WebhookEventRow>> {
      const { text, values } = eventsWhere(accountId, search)
      const cursor = readCursor(page.cursor, cursorShape)
      const after =
        cursor === null
          ? ''
          : ` and (received_at, id) < ($${values.push(cursor[0])}::timestamptz, $${values.push(cursor[1])}::uuid)`
      const rows = await sql.rows(
        eventRow,
        `select ${EVENT_LIST} from ${EVENTS} where ${text}${after}
         order by received_at desc, id desc limit $${values.length + 1}`,
        [...values, page.limit + 1],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.receivedAt.toISOString(), row.id]))
    },

    /**
     * Bounds the reads of this transaction. A filter that no index answers reads back in time, and must not hold a
     * connection for as long as a table is long.
     */
    async limitTime(ms: number): Promise<void> {
      await sql.run(`select set_config('statement_timeout', $1, true)`, [String(ms)])
    },

    /** How the newest events of a time range divide by name and outcome, counted over at most {@link COUNTED_MAX}. */
    async countsBy(accountId: string, range: { from: Date | null; to: Date | null }) {
      const rows = await sql.rows(
        countRow,
        `select event_name as "eventName", status, outcome, delivery_count > 1 as repeated, count(*) as count
         from (select event_name, status, outcome, delivery_count from webhook_event
           where merchant_account_id = $1 and ($2::timestamptz is null or received_at >= $2)
             and ($3::timestamptz is null or received_at < $3)
           order by received_at desc limit ${COUNTED_MAX}) as newest
         group by 1, 2, 3, 4`,
        [accountId, range.from, range.to],
      )
      return rows.map((row) => ({ ...row, count: Number(row.count) }))
    },

    byId: (accountId: string, id: string): Promise<WebhookEventDetail | null> =>
      sql.first(
        detailRow,
        `select ${EVENT_LIST}, headers, body_sha256 as "bodySha256", attempts from ${EVENTS}
         where merchant_account_id = $1 and id = $2`,
        [accountId, id],
      ),

    /** Several by id, for the live feed; missing ids are left out, order is not kept. */
    byIds: (accountId: string, ids: readonly string[]): Promise<WebhookEventRow[]> =>
      sql.rows(
        eventRow,
        `select ${EVENT_LIST} from ${EVENTS} where merchant_account_id = $1 and id = any($2)`,
        [accountId, ids],
      ),

    bodyOf: (accountId: string, id: string): Promise<WebhookEventBody | null> =>
      sql.first(
        bodyRow,
        `select ${selectList(Object.keys(bodyRow.shape))} from webhook_event
         where merchant_account_id = $1 and id = $2`,
        [accountId, id],
      ),

    /** The events of one order, newest first. */
    byOrder: (accountId: string, orderId: string, limit = 200): Promise<WebhookEventRow[]> =>
      sql.rows(
        eventRow,
        {
          name: 'webhook_events_by_order',
          text: `select ${EVENT_LIST} from ${EVENTS} where merchant_account_id = $1 and order_id = $2
         order by received_at desc, seq desc limit $3`,
        },
        [accountId, orderId, limit],
      ),

    /** A stretch of the events of one order, in the window's order: what a timeline needs of them. */
    stretch(accountId: string, orderId: string, window: TimeWindow): Promise<ToldEventRow[]> {
      const values: unknown[] = [accountId, orderId]
      return sql.rows(
        toldRow,
        {
          name: windowName('webhook_events_stretch', window),
          text: `select ${TOLD_LIST} from webhook_event where merchant_account_id = $1 and order_id = $2
         ${windowSql('received_at', window, values)}`,
        },
        values,
      )
    },

    /** The same of several by their ids. */
    toldByIds: (accountId: string, ids: readonly string[]): Promise<ToldEventRow[]> =>
      sql.rows(
        toldRow,
        `select ${TOLD_LIST} from webhook_event where merchant_account_id = $1 and id = any($2)`,
        [accountId, ids],
      ),

    /** The latest instant that the events of an order received before `before` tell of. */
    async toldBefore(accountId: string, orderId: string, before: Date): Promise<Date | null> {
      const row = await sql.first(
        z.object({ at: z.date().nullable() }),
        `select max(occurred_at) as at from webhook_event
         where merchant_account_id = $1 and order_id = $2 and received_at < $3`,
        [accountId, orderId, before],
      )
      return row?.at ?? null
    },

    /** Their bytes, newest first. */
    bodiesByOrder: (accountId: string, orderId: string, limit: number): Promise<WebhookEventBody[]> =>
      sql.rows(
        bodyRow,
        `select ${selectList(Object.keys(bodyRow.shape))} from webhook_event
         where merchant_account_id = $1 and order_id = $2 order by received_at desc, seq desc limit $3`,
        [accountId, orderId, limit],
      ),

    /** The events about the same order that were received just before and just after this one. */
    async neighboursOf(
      accountId: string,
      event: { id: string; orderId: string; receivedAt: Date; seq: bigint },
    ) {
      const nearest = (side: '<' | '>', direction: 'asc' | 'desc') =>
        sql.first(
          idRow,
          `select id from webhook_event
           where merchant_account_id = $1 and order_id = $2 and received_at ${side}= $3
             and (received_at, seq) ${side} ($3, $4) and id <> $5
           order by received_at ${direction}, seq ${direction} limit 1`,
          [accountId, event.orderId, event.receivedAt, event.seq, event.id],
        )
      const [before, after] = await Promise.all([nearest('<', 'desc'), nearest('>', 'asc')])
      return { previous: before?.id ?? null, next: after?.id ?? null }
    },

    /** Events of the same id and order that came with other bytes, oldest first. */
    twinsOf: (accountId: string, event: { id: string; orderId: string }) =>
      sql.rows(
        twinRow,
        `select twin.id, twin.received_at as "receivedAt" from webhook_event as mine
         join webhook_event as twin on twin.merchant_account_id = mine.merchant_account_id
           and twin.order_id = $2 and twin.dedupe_key = mine.dedupe_key and twin.id <> mine.id
         where mine.merchant_account_id = $1 and mine.id = $3
         order by twin.received_at limit ${TWINS_MAX}`,
        [accountId, event.orderId, event.id],
      ),

    /** How many wait on the failed list, as it counts them, up to `max`. */
    async countFailed(accountId: string, max = 1_000): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from (select 1 from webhook_event
           where merchant_account_id = $1 and ${NEEDS_LOOK} limit $2) as bounded`,
        [accountId, max],
      )
      return Number(row?.count ?? 0n)
    },
  }
}
