import { z } from 'zod'
import { MANDATE_STATUSES, type MandateMerge, type MandateRecord } from '../domain/mandate.ts'
import { keysParameters, mergedRows, waitingStatement } from './merged-rows.ts'
import type { OrderKey } from './order-locks.ts'
import type { Sql } from './sql.ts'

const text = z.string().nullable()

const mandateRow = z.object({
  mandateRef: z.string(),
  orderRef: text,
  status: z.enum(MANDATE_STATUSES),
  providerStatus: text,
  mandateType: text,
  frequency: text,
  amountRule: text,
  maxAmountMinor: z.bigint().nullable(),
  currency: text,
  customerRef: text,
  methodType: text,
  method: text,
  revocable: z.boolean().nullable(),
  blocksFunds: z.boolean().nullable(),
  startsAt: z.date().nullable(),
  endsAt: z.date().nullable(),
  activatedAt: z.date().nullable(),
  notificationRef: text,
  notificationStatus: text,
  notificationAmountMinor: z.bigint().nullable(),
  notificationDebitAt: z.date().nullable(),
  notificationAt: z.date().nullable(),
  statedAt: z.record(z.string(), z.number()),
} satisfies Record<keyof MandateRecord, z.ZodType>)

const waitingRow = z.object({ id: z.string(), accountId: z.string(), key: z.string(), ...mandateRow.shape })

/** A mandate that waits for the order of this key. */
export type WaitingMandate = z.infer<typeof waitingRow>

const WAITING = waitingStatement('mandate', Object.keys(mandateRow.shape))

/** Mandates with the last notice on each. */
export function mandateStore(sql: Sql) {
  const rows = mergedRows<MandateRecord>(sql, {
    table: 'mandate',
    key: 'mandateRef',
    shape: mandateRow,
    alsoColumns: ['changed_at'],
  })
  return {
    /** Locks the mandate, merges, and writes what differs; two messages about a new one never lose each other. */
    merge: (
      accountId: string,
      mandateRef: string,
      now: Date,
      merge: (current: MandateRecord | null) => MandateMerge,
    ) => rows.merge(accountId, mandateRef, merge, { changed_at: now }),

    /** Notes which order a mandate belongs to. */
    link: (accountId: string, id: string, orderId: string): Promise<void> =>
      rows.link(accountId, id, orderId),

    /** Mandates that wait for one of these orders, locked. */
    async waitingFor(orders: readonly OrderKey[]): Promise<WaitingMandate[]> {
      return orders.length === 0 ? [] : sql.rows(waitingRow, WAITING, keysParameters(orders))
    },
  }
}
