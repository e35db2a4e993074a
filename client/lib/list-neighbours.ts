/** The records of the list a person came from, in its order, so that a record's page can go to the next and the previous. */

type Listed = readonly { orderRef: string }[]

/** As the list stood when it was left; rows that came later are not looked for. */
let list: { rows: Listed } | { refs: readonly string[] } = { refs: [] }

/** Remembers the list on the screen: the one that the next record is opened from. Costs nothing until it is asked for. */
export function rememberList(rows: Listed): void {
  list = { rows }
}

/** The record before (-1) or after (1) this one in that list; null at its ends and outside it. */
export function neighbourOf(ref: string, by: 1 | -1): string | null {
  // The references alone from here on: the list may be gone for long, and its rows need not stay.
  if ('rows' in list) list = { refs: list.rows.map(({ orderRef }) => orderRef) }
  const at = list.refs.indexOf(ref)
  return at === -1 ? null : (list.refs[at + by] ?? null)
}
