/**
 * Whose drafts stand in this tab's session storage. A session that ended keeps them for whoever comes back; the next
 * person at the same screen finds nothing of what the one before them was writing.
 */
const KEY = 'paydesk.tab-owner'

/** Says who is here now, and forgets what somebody else left. */
export function ownTab(userId: string): void {
  try {
    const before = sessionStorage.getItem(KEY)
    if (before !== null && before !== userId) sessionStorage.clear()
    sessionStorage.setItem(KEY, userId)
  } catch {
    // Storage is off: nothing is kept.
  }
}
