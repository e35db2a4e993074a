/** What the address of the feed says: a filter, a time range, and the event that is open in the side panel. */
export type EventSearch = { q: string; t: string; peek: string }

export const DEFAULT_EVENT_SEARCH: EventSearch = { q: '', t: '-24h', peek: '' }

/** Address of the feed; what is as by default is left out. */
export function eventsPath(search: Partial<EventSearch>): string {
  const params = new URLSearchParams()
  const { q, t } = { ...DEFAULT_EVENT_SEARCH, ...search }
  if (q !== DEFAULT_EVENT_SEARCH.q) params.set('q', q)
  if (t !== DEFAULT_EVENT_SEARCH.t) params.set('t', t)
  const text = params.toString()
  return `/events${text ? `?${text}` : ''}`
}
