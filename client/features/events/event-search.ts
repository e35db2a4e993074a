/** What the address of the feed says: a filter, a time range, and the event that is open in the side panel. */
export type EventSearch = { q: string; t: string; peek: string }

export const DEFAULT_EVENT_SEARCH: EventSearch = { q: '', t: '-24h', peek: '' }
