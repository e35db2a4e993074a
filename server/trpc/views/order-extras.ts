import type { DiscrepancyKind } from '../../domain/discrepancy.ts'
import { methodName } from '../../domain/payment-method.ts'
import type { OrderExtrasRow } from '../../store/order-extras.ts'
import { maskText } from './masking.ts'

export type OrderExtrasView = {
  id: string
  gatewayRef: string | null
  rrn: string | null
  /** Bank of net banking: "HDFC". */
  bank: string | null
  /** Network of a card: "Visa". */
  network: string | null
  udf: Record<string, string>
  source: OrderExtrasRow['source']
  discrepancy: DiscrepancyKind | null
  tags: string[]
}

/** What columns that are off by default show of an order. */
export function orderExtrasView(row: OrderExtrasRow): OrderExtrasView {
  const netBanking = row.methodType?.toUpperCase() === 'NB'
  return {
    id: row.id,
    gatewayRef: row.gatewayRef,
    rrn: row.rrn,
    bank: netBanking && row.method !== null ? methodName(row.method) : null,
    network: row.cardBrand === null ? null : methodName(row.cardBrand),
    // Merchants write whatever they like in these.
    udf: Object.fromEntries(Object.entries(row.udf).map(([name, value]) => [name, maskText(value)])),
    source: row.source,
    discrepancy: row.discrepancy,
    tags: row.tags,
  }
}
