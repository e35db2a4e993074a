/** How webhook deliveries enter the database: many in one statement, committed before anybody hears of it. */
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Sql } from './sql.ts'
import type { WebhookPartitions } from './webhook-partitions.ts'

/** One authenticated delivery, as the receiver hands it over. */
export type NewDelivery = {
  accountId: string
  dedupeKey: string
  bodySha256: Uint8Array
  body: Uint8Array
  headers: Readonly<Record<string, string>>
  remoteAddress: string
  /** From the envelope, for the live view before processing; null when it cannot be read. */
  eventRef: string | null
  eventName: string | null
  occurredAt: Date | null
  /** As the envelope names it; processing has the last word. */
  orderRef: string | null
  receivedAt: Date
}

/** `deliveryCount` counts this delivery and those before it: 1 means the event is new. */
export type StoredDelivery = { eventId: string; deliveryCount: number }

/** One row to be: a delivery, or several of the same event that arrived together. */
type Entry = { id: string; bucket: number; delivery: NewDelivery; count: number }

const storedRow = z.object({ id: z.string(), deliveryCount: z.number() })

const ID_BYTES = 16
/** PostgreSQL's word for a row that no partition takes. */
const NO_PARTITION = '23514'

/**
 * The id of the event that a delivery is of: the first 16 bytes of SHA-256 over account, dedupe key and hash of the bytes.
 * Made from what makes a delivery the same one (reliability §3.1), so the primary key is the dedupe.
 */
export function eventIdOf(delivery: Pick<NewDelivery, 'accountId' | 'dedupeKey' | 'bodySha256'>): string {
  const named = Buffer.from(`${delivery.accountId}\n${delivery.dedupeKey}\n`)
  const hex = hash('sha256', Buffer.concat([named, delivery.bodySha256]), 'hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...parts, hex.slice(20, ID_BYTES * 2)].join('-')
}

/**
 * Bodies and hashes travel as one binary value each and are cut up by the database: an array of them would be sent as
 * escaped hexadecimal text. A repeat takes a new place in the live feed, so that open screens hear of the higher count;
 * a different body under the same id (a collision of the hash) writes nothing, which the caller notices.
 */
const INSERT = `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers,
    remote_address, event_ref, event_name, order_ref, order_key, occurred_at, received_at, last_received_at, next_try_at, delivery_count)
  select id, bucket, account, dedupe_key, substring($2::bytea from (n::int - 1) * 32 + 1 for 32),
    substring($1::bytea from at for size), headers::jsonb, remote, event_ref, event_name, order_ref, lower(order_ref), occurred_at,
    received_at, received_at, received_at, deliveries
  from unnest($3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::int[], $8::int[], $9::text[], $10::text[], $11::text[],
    $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::int[]) with ordinality
    as d(id, bucket, account, dedupe_key, at, size, headers, remote, event_ref, event_name, order_ref, occurred_at,
      received_at, deliveries, n)
  on conflict (id, bucket) do update
    set delivery_count = webhook_event.delivery_count + excluded.delivery_count,
      last_received_at = greatest(webhook_event.last_received_at, excluded.last_received_at),
      xid = pg_current_xact_id(), seq = nextval('live_seq')
    where webhook_event.body_sha256 = excluded.body_sha256
  returning id, delivery_count as "deliveryCount"`

/** Stores deliveries through connections of their own (`sql`), so that nothing else the server does holds them up. */
export function webhookIntake(sql: Sql, partitions: Pick<WebhookPartitions, 'bucketOf' | 'forget'>) {
  const write = async (entries: readonly Entry[]): Promise<Map<string, number>> => {
    const rows = await sql.rows(storedRow, { name: 'webhook_intake', text: INSERT }, valuesOf(entries))
    return new Map(rows.map((row) => [row.id, row.deliveryCount]))
  }
  return {
    /**
     * Stores deliveries of any accounts in one statement and commits. The same id with the same bytes is the same event
     * and only counts up; the same id with other bytes is kept beside it. Answers in the order given.
     * @throws when nothing was stored, or when it cannot be known
     */
    async storeMany(deliveries: readonly NewDelivery[]): Promise<StoredDelivery[]> {
      const ids = deliveries.map(eventIdOf)
      let entries = await entriesOf(deliveries, ids, partitions)
      let stored: Map<string, number>
      try {
        stored = await write(entries)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === NO_PARTITION)) throw error
        // Its month has been dropped since we looked: it is one of the undated now.
        partitions.forget()
        entries = await entriesOf(deliveries, ids, partitions)
        stored = await write(entries)
      }
      return ids.map((eventId) => {
        const deliveryCount = stored.get(eventId)
        if (deliveryCount === undefined) throw new Error(`event ${eventId} is taken by other bytes`)
        return { eventId, deliveryCount }
      })
    },
  }
}

/** One entry per event, in the order of their ids: two statements that meet the same events wait, and never for each other. */
async function entriesOf(
  deliveries: readonly NewDelivery[],
  ids: readonly string[],
  partitions: Pick<WebhookPartitions, 'bucketOf'>,
): Promise<Entry[]> {
  const entries = new Map<string, Entry>()
  for (const [index, delivery] of deliveries.entries()) {
    const id = ids[index] ?? ''
    const entry = entries.get(id)
    if (entry === undefined)
      entries.set(id, { id, bucket: await partitions.bucketOf(delivery.occurredAt), delivery, count: 1 })
    else entry.count += 1
  }
  return [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function valuesOf(entries: readonly Entry[]): unknown[] {
  const bodies = entries.map((entry) => entry.delivery.body)
  let end = 1
  const starts = bodies.map((body) => {
    const start = end
    end += body.byteLength
    return start
  })
  const all = <T>(pick: (delivery: NewDelivery) => T): T[] => entries.map((entry) => pick(entry.delivery))
  return [
    Buffer.concat(bodies),
    Buffer.concat(all((delivery) => delivery.bodySha256)),
    entries.map((entry) => entry.id),
    entries.map((entry) => entry.bucket),
    all((delivery) => delivery.accountId),
    all((delivery) => delivery.dedupeKey),
    starts,
    bodies.map((body) => body.byteLength),
    all((delivery) => JSON.stringify(delivery.headers)),
    all((delivery) => delivery.remoteAddress),
    all((delivery) => delivery.eventRef),
    all((delivery) => delivery.eventName),
    all((delivery) => delivery.orderRef),
    all((delivery) => delivery.occurredAt?.toISOString() ?? null),
    all((delivery) => delivery.receivedAt.toISOString()),
    entries.map((entry) => entry.count),
  ]
}
