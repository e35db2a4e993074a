import { roleCan, type Role } from '../../domain/permission.ts'
import { partialLook } from '../../domain/personal-search.ts'
import { Refusal } from '../../domain/refusal.ts'
import { REVEAL_WORDS } from '../../domain/reveal.ts'
import { parseQuery, type SearchQuery } from '../../domain/search-query.ts'
import { timeRangeOf, type TimeRange } from '../../domain/time-range.ts'
import type { OrderFilter } from '../../store/orders-where.ts'

/** Whom a filter is for. */
export type FilterReader = Pick<OrderFilter, 'currency' | 'userId'> & { role: Role }

/**
 * Reads the filter of a list for the person it is for: the text of the filter bar and the instants of the time control.
 * A time range that stands in the text narrows further.
 * @throws Refusal `invalid_input` when the text cannot be read: a wider list than was asked for is never shown; and
 *   `permission_denied` for a part of what the role is shown masked, which would tell it letter by letter
 */
export function orderFilterOf(
  asked: { q: string } & TimeRange,
  { currency, userId, role }: FilterReader,
  now: Date,
): OrderFilter {
  return filterFor(asked, { currency, userId, masked: !roleCan(role, 'order:pii') }, now)
}

/** The same for somebody of whom no more is known than whether personal data is masked for them. */
export function filterFor(
  { q, from, to }: { q: string } & TimeRange,
  { currency, userId, masked }: Pick<OrderFilter, 'currency' | 'userId' | 'masked'>,
  now: Date,
): OrderFilter {
  const parsed = parseQuery(q, { currency })
  if (!parsed.ok) throw new Refusal('invalid_input', parsed.error.message, 'Change the filter.')
  if (masked) demandWhole(parsed.query)
  const named = parsed.time === null ? null : timeRangeOf(parsed.time, now)
  return {
    query: parsed.query,
    currency,
    from: later(from, named?.from ?? null),
    to: earlier(to, named?.to ?? null),
    now,
    userId,
    asOf: null,
    masked,
  }
}

function demandWhole(query: SearchQuery): void {
  const by = partialLook(query)
  if (by === null) return
  throw new Refusal(
    'permission_denied',
    `Your role can search by a whole ${REVEAL_WORDS[by]} only.`,
    by === 'phone' ? 'Type all ten digits, or the last four.' : 'Type all of it, or what follows the @.',
  )
}

function later(a: Date | null, b: Date | null): Date | null {
  return a !== null && b !== null ? (a > b ? a : b) : (a ?? b)
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a !== null && b !== null ? (a < b ? a : b) : (a ?? b)
}
