/**
 * The columns of the transactions list (design §4.3): one table for the screen, its address, saved views and files, so
 * that an export is what is on screen.
 */
import type { TimelineEntry } from './timeline-entry.ts'

/** Juspay keeps ten fields of the merchant's own (API reference §3.5, `udf1` to `udf10`). */
const UDF_COUNT = 10

const UDF_COLUMNS = Array.from({ length: UDF_COUNT }, (_, i) => ({
  id: `udf${i + 1}`,
  label: `UDF${i + 1}`,
  extra: true,
}))

/** The orders that the list can be in: those that an index gives. A minus is descending. */
export const ORDER_SORTS = ['created', '-created', 'amount', '-amount', 'updated', '-updated'] as const
export type OrderSort = (typeof ORDER_SORTS)[number]

export type OrderColumn = {
  id: string
  label: string
  /** Always shown: a row without it cannot be understood. */
  required?: boolean
  /** Shown until a person chooses otherwise. */
  usual?: boolean
  /** Stays at the start while the rest scrolls; its place cannot be changed. */
  pinned?: boolean
  /** Not part of a list row: asked for when the column is shown. */
  extra?: boolean
}

export const ORDER_COLUMNS: readonly OrderColumn[] = [
  { id: 'created', label: 'Time', usual: true, pinned: true },
  { id: 'order', label: 'Order', usual: true, pinned: true, required: true },
  { id: 'amount', label: 'Amount', usual: true, required: true },
  { id: 'status', label: 'Status', usual: true, required: true },
  { id: 'method', label: 'Method', usual: true },
  { id: 'gateway', label: 'Gateway', usual: true },
  { id: 'customer', label: 'Customer', usual: true },
  { id: 'refunded', label: 'Refunded' },
  { id: 'refundable', label: 'Left to refund' },
  { id: 'error', label: 'Error' },
  { id: 'gateway_ref', label: 'Gateway ID', extra: true },
  { id: 'utr', label: 'UTR or RRN', extra: true },
  { id: 'bank', label: 'Bank', extra: true },
  { id: 'network', label: 'Network', extra: true },
  { id: 'currency', label: 'Currency' },
  { id: 'updated', label: 'Updated' },
  { id: 'source', label: 'Source', extra: true },
  { id: 'tags', label: 'Tags', extra: true },
  ...UDF_COLUMNS,
  { id: 'discrepancy', label: 'Discrepancy', extra: true },
]

/** Where a change of an order came from, on screen and in files. */
export const SOURCE_LABELS: Readonly<Record<TimelineEntry['source'], string>> = {
  webhook: 'Webhook',
  status_check: 'Status check',
  person: 'Person',
  system: 'System',
  refund_answer: 'Juspay’s answer',
}

const BY_ID: ReadonlyMap<string, OrderColumn> = new Map(ORDER_COLUMNS.map((column) => [column.id, column]))

/** Ids of the columns that are shown until a person chooses otherwise. */
export const USUAL_COLUMNS: readonly string[] = ORDER_COLUMNS.filter(({ usual }) => usual).map(({ id }) => id)

/** A column by its id. */
export function orderColumn(id: string): OrderColumn | undefined {
  return BY_ID.get(id)
}

/**
 * Columns as written in an address ("created,order,amount"): each once, pinned ones first, required ones always there.
 * `unknown` are the words that name no column. No text is the usual columns.
 */
export function readColumns(text: string | undefined): { ids: string[]; unknown: string[] } {
  if (text === undefined) return { ids: [...USUAL_COLUMNS], unknown: [] }
  const words = [...new Set(text.split(',').filter((word) => word !== ''))]
  const known = words.filter((word) => BY_ID.has(word))
  return { ids: arrangeColumns(known), unknown: words.filter((word) => !BY_ID.has(word)) }
}

/** The columns of a choice in the order they are drawn: pinned first, missing required ones at their usual place. */
export function arrangeColumns(ids: readonly string[]): string[] {
  const missing = ORDER_COLUMNS.filter(({ id, required }) => required && !ids.includes(id)).map(
    ({ id }) => id,
  )
  const pinned = ORDER_COLUMNS.filter(
    ({ id, pinned: stays }) => stays && (ids.includes(id) || missing.includes(id)),
  )
  const first = pinned.map(({ id }) => id)
  return [...first, ...[...missing, ...ids].filter((id) => !first.includes(id))]
}

/** Columns for an address; undefined for the usual ones, which need no words. */
export function writeColumns(ids: readonly string[]): string | undefined {
  const text = arrangeColumns(ids).join(',')
  return text === USUAL_COLUMNS.join(',') ? undefined : text
}
