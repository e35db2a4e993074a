/** Words of orders that several parts of the screens share. */
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { SOURCE_LABELS } from '../../../server/domain/order-columns.ts'
import { describeStatus, type DisplayStatus } from '../../../server/domain/payment-status.ts'
import { formatDuration, formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { OrderExtras, OrderRow } from './order-types.ts'

/** The gateway of an order as in the list: "Cashfree", or "Cashfree (2)" when it took several attempts. */
export function gatewayText(row: Pick<OrderRow, 'gateway' | 'attemptCount'>): string | null {
  if (row.gateway === null) return null
  const name = gatewayLabel(row.gateway)
  return row.attemptCount > 1 ? `${name} (${row.attemptCount})` : name
}

type Chip = Pick<
  OrderRow,
  'displayStatus' | 'providerStatus' | 'stuckSince' | 'errorMessage' | 'changedAt'
> & {
  /** There while the list shows a column that needs it. */
  extras?: Pick<OrderExtras, 'source'> | undefined
}

/** Statuses whose word is Juspay's own ("Capturing"), because the chip only repeats the stored payment status. */
const FROM_PROVIDER: ReadonlySet<DisplayStatus> = new Set([
  'charged',
  'pending',
  'authorised',
  'failed',
  'voided',
])

/** Label of an order's chip; undefined for the status's own word. A stuck order says since when. */
export function chipLabel(row: Chip, now: Date): string | undefined {
  const label = FROM_PROVIDER.has(row.displayStatus) ? describeStatus(row.providerStatus).label : undefined
  if (row.stuckSince === null) return label
  return `${label ?? 'Pending'} ${formatDuration(Math.max(0, now.getTime() - row.stuckSince.getTime()), 1)}`
}

/**
 * Tooltip of an order's chip: Juspay's code and plain words, the bank's reason when there is one, when the order changed
 * last, and who told of it as far as the list knows.
 */
export function chipDetail(row: Chip, zone: TimeZoneChoice): string {
  const source = row.extras?.source ?? null
  const sentences = [
    `${row.providerStatus}: ${describeStatus(row.providerStatus).plain}`,
    (row.displayStatus === 'failed' && row.errorMessage) || null,
    `Last change ${formatTime(row.changedAt, 'full', zone)}`,
    source === null ? null : `Told by: ${SOURCE_LABELS[source]}`,
  ].filter((sentence) => sentence !== null)
  return sentences.map((sentence) => (sentence.endsWith('.') ? sentence : `${sentence}.`)).join(' ')
}

/** Name of an order in speech: "order ord_8F2K1QX3". */
export function orderName(row: Pick<OrderRow, 'orderRef'>): string {
  return `order ${row.orderRef}`
}

/** What a status check or another message changed, as one phrase: "status PENDING_VBV to CHARGED". */
export function changeText(change: { field: string; before: string | null; after: string | null }): string {
  const field = fieldWords(change.field)
  if (change.before === null && change.after === null) return `${field} changed`
  if (change.before === null) return `${field}: ${change.after ?? ''}`
  return `${field}: ${change.before} to ${change.after ?? 'nothing'}`
}

/** "providerStatus" as "Provider status". */
export function fieldWords(field: string): string {
  const words = field.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
