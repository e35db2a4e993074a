/**
 * "All that match" as a token (design §3.6): the filter's text, its instants and the moment it was counted. Whoever acts
 * on it gets the orders as they were then: one that came or changed since is not among them. The token carries no right
 * and no list of orders; the filter is read and run again for whoever shows it, on their own account.
 */
import { z } from 'zod'
import type { StaffPresence } from '../auth/staff-auth.ts'
import { Refusal } from '../domain/refusal.ts'
import { orderFilterOf } from '../services/orders/order-filter.ts'
import type { OrderFilter } from '../store/orders-where.ts'
import type { OrderFilterInput } from './order-filter.ts'

const pinned = z.strictObject({
  account: z.guid(),
  q: z.string(),
  from: z.coerce.date().nullable(),
  to: z.coerce.date().nullable(),
  asOf: z.coerce.date(),
})

/** A filter's text is the longest part of a token. */
const TOKEN_CHARS_MAX = 24_000
export const selectionToken = z.string().min(1).max(TOKEN_CHARS_MAX)

/** The token of a filter as of `asOf`. */
export function selectionTokenOf(input: OrderFilterInput, accountId: string, asOf: Date): string {
  const { q, from, to } = input
  return Buffer.from(JSON.stringify({ account: accountId, q, from, to, asOf })).toString('base64url')
}

/**
 * The filter behind a token, with ages and relative times as of then.
 * @throws Refusal `invalid_input` for a text that is no token, `conflict` for one of another account
 */
export function selectionFilterOf(
  token: string,
  person: Pick<StaffPresence, 'accountId' | 'currency' | 'userId' | 'role'>,
): OrderFilter {
  const read = pinned.safeParse(parseToken(token))
  if (!read.success)
    throw new Refusal('invalid_input', 'That is not a selection.', 'Select the orders again.')
  const { account, asOf, ...input } = read.data
  if (account !== person.accountId)
    throw new Refusal(
      'conflict',
      'These orders were selected in another account.',
      'Select the orders again.',
    )
  return { ...orderFilterOf(input, person, asOf), asOf }
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
