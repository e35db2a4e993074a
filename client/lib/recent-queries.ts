/**
 * The filters a person ran last, kept in this browser for the filter bar (design §3.4). One that looks for somebody is
 * not: what is kept here outlives the session.
 */
import { keptList, type KeptList } from './kept-list.ts'

const KEPT = 5
const QUERY_CHARS_MAX = 200
/** A field of the customer, an address or a telephone number. */
const PERSONAL = /(?:^|\s)-?(?:email|phone|vpa|name|customer):|@|(?<!\d)[6-9]\d{4}[\s-]?\d{5}(?!\d)/i

/** The queries of one list, in canonical form. */
export function recentQueries(list: string): KeptList<string> {
  return keptList<string>({
    name: `paydesk.queries.${list}`,
    max: KEPT,
    // One that is longer is a list of ids that was pasted once.
    read: (value) =>
      typeof value === 'string' && value.length <= QUERY_CHARS_MAX && !PERSONAL.test(value) ? value : null,
    same: (a, b) => a === b,
  })
}
