/** Names of webhook events (API reference §6.4) in plain words. Other names are kept and shown as they came. */
const LABELS: Readonly<Record<string, string>> = {
  ORDER_CREATED: 'Order created',
  ORDER_SUCCEEDED: 'Payment succeeded',
  ORDER_FAILED: 'Payment failed',
  ORDER_AUTHORIZED: 'Payment authorised',
  ORDER_REFUNDED: 'Refund succeeded',
  ORDER_REFUND_FAILED: 'Refund failed',
  TXN_CREATED: 'Attempt started',
  TXN_CHARGED: 'Attempt charged',
  TXN_FAILED: 'Attempt failed',
  REFUND_INITIATED: 'Refund started',
  REFUND_ARN_CAPTURED: 'Bank reference known',
  REFUND_MANUAL_REVIEW_NEEDED: 'Refund needs review',
  AUTO_REFUND_INITIATED: 'Automatic refund started',
  AUTO_REFUND_SUCCEEDED: 'Automatic refund succeeded',
  AUTO_REFUND_FAILED: 'Automatic refund failed',
}

/** The names we have words for: offered while a filter is typed. */
export const EVENT_NAMES: readonly string[] = Object.keys(LABELS)

/** The event in words. */
export function eventLabel(name: string | null): string {
  if (name === null) return 'Unreadable event'
  return LABELS[name] ?? `${name.charAt(0)}${name.slice(1).toLowerCase().replaceAll('_', ' ')}`
}
