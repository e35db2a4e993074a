/** A filter of orders as it travels, read by the language's own parser; and what a search that takes too long is told. */
import { z } from 'zod'
import type { StaffPresence } from '../auth/staff-auth.ts'
import { Refusal } from '../domain/refusal.ts'
import { parseQuery } from '../domain/search-query.ts'
import { timeRangeOf } from '../domain/time-range.ts'
import { isTimeout } from '../store/database.ts'
import type { OrderFilter } from '../store/orders-where.ts'
import { instant, queryText } from './inputs.ts'

/** Text of the filter bar and the instants of the time control. */
export const orderFilterInput = z.strictObject({ q: queryText, from: instant, to: instant })

export type OrderFilterInput = z.infer<typeof orderFilterInput>

/**
 * Reads the filter for the person who asks. A time range that stands in the text narrows further.
 * @throws Refusal `invalid_input` when the text cannot be read: a wider list than was asked for is never shown
 */
export function orderFilterOf(
  { q, from, to }: OrderFilterInput,
  { currency, userId }: Pick<StaffPresence, 'currency' | 'userId'>,
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

/**
 * Waits for a search.
 * @throws Refusal `limit_exceeded` when the database stopped it because it took too long
 */
export async function searching<T>(search: Promise<T>): Promise<T> {
  try {
    return await search
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw new Refusal(
      'limit_exceeded',
      'This filter has to look through too many orders.',
      'Narrow the time range, or add a status, a gateway or an ID.',
    )
  }
}
