import type { DisplayStatus } from './payment-status.ts'
import { DISPLAY_STATUSES } from './payment-status.ts'
import { amountRange } from './search-amount.ts'
import { METHOD_TYPES, type FindField, type SearchQuery } from './search-query.ts'

/** What the server's list takes. A status that is left out becomes the list of all others: the set is closed. */
export function queryInput(query: SearchQuery): {
  q: string
  searchIn: FindField | null
  stuck: boolean
  status: DisplayStatus[]
  gateway: string[]
  methodType: string[]
  amountMin: bigint | null
  amountMax: bigint | null
} {
  const { min, max } = amountRange(query.amount)
  const { find } = query
  return {
    q: find?.text ?? '',
    searchIn: find === null || find.field === 'text' ? null : find.field,
    stuck: query.stuck,
    status: query.notStatus.length
      ? DISPLAY_STATUSES.filter((status) => !query.notStatus.includes(status))
      : query.status,
    // Juspay writes gateways in capitals.
    gateway: query.gateway.map((name) => name.toUpperCase()),
    methodType: query.method.map((word) => METHOD_TYPES[word]),
    amountMin: min,
    amountMax: max,
  }
}
