/** Choices of the sandbox page in words. */

/** Orders that one press may make; the server refuses more. */
export const ORDERS_MAX = 25
/** Orders a minute; the server refuses more. */
export const TRAFFIC_MAX = 120

/** What a press of the menu makes, and what the form starts with. */
export const USUAL_ORDER = { amountMinor: 49_900n, count: 1 } as const

/** Events that can be sent for trying, with their names as Juspay sends them (API reference §6.4). */
export const TEST_EVENTS = [
  'ORDER_SUCCEEDED',
  'ORDER_FAILED',
  'ORDER_REFUNDED',
  'ORDER_REFUND_FAILED',
  'TXN_CREATED',
  'REFUND_MANUAL_REVIEW_NEEDED',
  'AUTO_REFUND_SUCCEEDED',
  'AUTO_REFUND_FAILED',
  'MANDATE_CREATED',
  'MANDATE_ACTIVATED',
  'MANDATE_FAILED',
  'MANDATE_PAUSED',
  'MANDATE_UNPAUSED',
  'MANDATE_UPDATED',
  'MANDATE_REVOKED',
  'MANDATE_EXPIRED',
  'NOTIFICATION_SUCCEEDED',
  'NOTIFICATION_FAILED',
  'CHARGEBACK_RECEIVED',
  'CHARGEBACK_UNDER_REVIEW',
  'CHARGEBACK_EVIDENCE_REQUIRED',
  'CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR',
  'CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR',
  'CHARGEBACK_CANCELED',
  'CHARGEBACK_EXPIRED',
  'CHARGEBACK_ALREADY_REFUNDED',
  'SOMETHING_NEW',
] as const

export type TestEvent = (typeof TEST_EVENTS)[number]

/** A whole number from `least` to `most` as typed, or null. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^\d{1,4}$/.test(text.trim())) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}

/** How many orders to make, or null when that is not a number the server takes. */
export function countOf(text: string): number | null {
  return wholeNumber(text, 1, ORDERS_MAX)
}
