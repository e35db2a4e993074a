import { eventCounts } from './event-counts.ts'
import { webhookEventReads } from './webhook-events-read.ts'
import { webhookQueue } from './webhook-queue.ts'
import { webhookRejections } from './webhook-rejections.ts'
import type { Sql } from './sql.ts'

/** Webhook events: every authenticated delivery byte for byte. The table is also the processor's queue. */
export function webhookEventStore(sql: Sql) {
  return { ...webhookEventReads(sql), ...eventCounts(sql), ...webhookRejections(sql), ...webhookQueue(sql) }
}
