/** The filters a person ran last, kept in this browser for the filter bar (design §3.4). */
import { keptList, type KeptList } from './kept-list.ts'

const KEPT = 5
const QUERY_CHARS_MAX = 200

/** The queries of one list, in canonical form. */
export function recentQueries(list: string): KeptList<string> {
  return keptList<string>({
    name: `paydesk.queries.${list}`,
    max: KEPT,
    // One that is longer is a list of ids that was pasted once.
    read: (value) => (typeof value === 'string' && value.length <= QUERY_CHARS_MAX ? value : null),
    same: (a, b) => a === b,
  })
}
