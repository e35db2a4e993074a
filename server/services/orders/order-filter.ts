import { Refusal } from '../../domain/refusal.ts'
import { parseQuery } from '../../domain/search-query.ts'
import { timeRangeOf, type TimeRange } from '../../domain/time-range.ts'
import type { OrderFilter } from '../../store/orders-where.ts'

/**
 * Reads the filter of a list for the person it is for: the text of the filter bar and the instants of the time control.
 * A time range that stands in the text narrows further.
 * @throws Refusal `invalid_input` when the text cannot be read: a wider list than was asked for is never shown
 */
export function orderFilterOf(
  { q, from, to }: { q: string } & TimeRange,
  { currency, userId }: Pick<OrderFilter, 'currency' | 'userId'>,
  now: Date,
): OrderFilter {
  const parsed = parseQuery(q, { currency })
  if (!parsed.ok) throw new Refusal('invalid_input', parsed.error.message, 'Change the filter.')
  const named = parsed.time === null ? null : timeRangeOf(parsed.time, now)
  return {
    query: parsed.query,
    currency,
    from: later(from, named?.from ?? null),
    to: earlier(to, named?.to ?? null),
    now,
    userId,
    asOf: null,
  }
}

function later(a: Date | null, b: Date | null): Date | null {
  return a !== null && b !== null ? (a > b ? a : b) : (a ?? b)
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a !== null && b !== null ? (a < b ? a : b) : (a ?? b)
}
