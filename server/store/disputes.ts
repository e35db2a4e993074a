import { z } from 'zod'
import { DISPUTE_STATUSES, type DisputeMerge, type DisputeRecord } from '../domain/dispute.ts'
import { keysParameters, mergedRows, waitingStatement } from './merged-rows.ts'
import type { OrderKey } from './order-locks.ts'
import type { Sql } from './sql.ts'

const text = z.string().nullable()

const disputeRow = z.object({
  disputeRef: z.string(),
  orderRef: text,
  txnRef: text,
  status: z.enum(DISPUTE_STATUSES),
  providerStatus: text,
  amountMinor: z.bigint().nullable(),
  currency: text,
  reason: text,
  dueAt: z.date().nullable(),
  openedAt: z.date().nullable(),
  resolvedAt: z.date().nullable(),
  statedAt: z.record(z.string(), z.number()),
} satisfies Record<keyof DisputeRecord, z.ZodType>)

/** A dispute with its row's id and the order it is about, once that is known. */
export type StoredDispute = DisputeRecord & { id: string; orderId: string | null }

const waitingRow = z.object({
  id: z.string(),
  eventId: z.string(),
  accountId: z.string(),
  key: z.string(),
  ...disputeRow.shape,
})

/** A dispute that waits for the order of this key. */
export type WaitingDispute = z.infer<typeof waitingRow>

const WAITING = waitingStatement('dispute', ['eventId', ...Object.keys(disputeRow.shape)])

/** Disputes, of known orders and of orders we have yet to hear of. */
export function disputeStore(sql: Sql) {
  const rows = mergedRows<DisputeRecord>(sql, {
    table: 'dispute',
    key: 'disputeRef',
    shape: disputeRow,
    alsoColumns: ['event_id', 'changed_at'],
  })
  return {
    /** Locks the dispute, merges, and writes what differs; two messages about a new one never lose each other. */
    merge: (
      accountId: string,
      disputeRef: string,
      by: { eventId: string; now: Date },
      merge: (current: DisputeRecord | null) => DisputeMerge,
    ) => rows.merge(accountId, disputeRef, merge, { event_id: by.eventId, changed_at: by.now }),

    /** Notes which order a dispute is about. */
    link: (accountId: string, id: string, orderId: string): Promise<void> =>
      rows.link(accountId, id, orderId),

    /** The disputes of one order, in the order in which they were first heard of. */
    byOrder: (accountId: string, orderId: string): Promise<StoredDispute[]> =>
      rows.byOrder(accountId, orderId),

    /** Disputes that wait for one of these orders, locked. */
    async waitingFor(orders: readonly OrderKey[]): Promise<WaitingDispute[]> {
      return orders.length === 0 ? [] : sql.rows(waitingRow, WAITING, keysParameters(orders))
    },
  }
}
