import type { ExportRequest } from '../../domain/order-export.ts'
import type { ExportedOrders } from '../../store/order-export.ts'
import type { OrderFilter } from '../../store/orders-where.ts'
import { filterFor } from '../orders/order-filter.ts'

/**
 * The orders a request means, for whom and seen when.
 * @throws Refusal invalid_input for a filter that cannot be read: more than was asked for is never written
 */
export function exportedOrders(
  { what }: ExportRequest,
  { now, ...reader }: Pick<OrderFilter, 'currency' | 'userId' | 'masked' | 'now'>,
): ExportedOrders {
  if (what.kind === 'chosen') return { orderIds: what.orderIds }
  const at = (text: string | null): Date | null => (text === null ? null : new Date(text))
  const filter = filterFor({ q: what.q, from: at(what.from), to: at(what.to) }, reader, now)
  return { filter: { ...filter, asOf: at(what.asOf) } }
}
