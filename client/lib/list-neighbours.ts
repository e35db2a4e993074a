/** The records of the list a person came from, in its order, so that a record's page can go to the next and the previous. */

/** The references as they stood when the list was left; rows that came later are not looked for. */
let refs: readonly string[] = []

/** Remembers the list on the screen: the one that the next record is opened from. */
export function rememberList(shown: readonly string[]): void {
  refs = shown
}

/** The record before (-1) or after (1) this one in that list; null at its ends and outside it. */
export function neighbourOf(ref: string, by: 1 | -1): string | null {
  const at = refs.indexOf(ref)
  return at === -1 ? null : (refs[at + by] ?? null)
}
