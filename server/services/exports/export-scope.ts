import type { ExportRequest } from '../../domain/order-export.ts'
import { Refusal } from '../../domain/refusal.ts'
import { parseQuery } from '../../domain/search-query.ts'
import type { ExportedOrders } from '../../store/order-export.ts'

/**
 * The orders a request means, for whom and seen when.
 * @throws Refusal invalid_input for a filter that cannot be read: more than was asked for is never written
 */
export function exportedOrders(
  { what }: ExportRequest,
  { currency, userId, now }: { currency: string; userId: string; now: Date },
): ExportedOrders {
  if (what.kind === 'chosen') return { orderIds: what.orderIds }
  const parsed = parseQuery(what.q, { currency })
  if (!parsed.ok) throw new Refusal('invalid_input', parsed.error.message, 'Change the filter.')
  const at = (text: string | null): Date | null => (text === null ? null : new Date(text))
  return {
    filter: {
      query: parsed.query,
      currency,
      from: at(what.from),
      to: at(what.to),
      now,
      userId,
      asOf: at(what.asOf),
    },
  }
}
