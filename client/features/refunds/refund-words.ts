/** Words and addresses of refunds that the list and the detail share. */
import type { RefundDisplay, RefundRow } from './refund-types.ts'

/** Refunds that nobody has to wait for or look after. */
const OVER: ReadonlySet<RefundDisplay> = new Set(['succeeded', 'failed', 'rejected', 'expired', 'withdrawn'])

/** Whether the refund has come to an end, one way or the other. */
export function isOver(row: Pick<RefundRow, 'status'>): boolean {
  return OVER.has(row.status)
}

/** Whether the promise to the customer is broken: the server says so in its first word. */
export function isLate(row: Pick<RefundRow, 'status' | 'where'>): boolean {
  return row.status === 'pending' && row.where.startsWith('Late')
}

/** The id people know: the key Juspay got, or our own while nothing was sent. */
export function refundName(row: Pick<RefundRow, 'uniqueRequestId' | 'id'>): string {
  return row.uniqueRequestId ?? row.id
}

/** Where a refund was started. */
export const REFUND_ORIGINS: Readonly<Record<RefundRow['origin'], readonly [mark: string, words: string]>> = {
  paydesk: ['Paydesk', 'In Paydesk'],
  auto: ['Automatic', 'By Juspay itself'],
  external: ['Outside', 'Outside Paydesk, for example in the Juspay portal'],
}

export function refundPath(row: Pick<RefundRow, 'id'>): string {
  return `/refunds/${row.id}`
}
