/** The views every workspace starts with. A view is an address: a query, a time range, a sort. */
export type OrderSearch = { q: string; t: string; sort: OrderSort }

export const ORDER_SORTS = ['created', '-created', 'amount', '-amount'] as const
export type OrderSort = (typeof ORDER_SORTS)[number]

/** What the list shows when the address says nothing. */
export const DEFAULT_SEARCH: OrderSearch = { q: '', t: '-24h', sort: '-created' }

/** `counted` views show how many there are: those that somebody has to work off, and that an index counts. */
export type OrderView = { id: string; label: string; q: string; t: string; counted?: boolean }

export const ORDER_VIEWS: readonly OrderView[] = [
  { id: 'all', label: 'All', q: '', t: DEFAULT_SEARCH.t },
  { id: 'attention', label: 'Needs attention', q: 'is:stuck', t: '-30d', counted: true },
  { id: 'failed', label: 'Failed today', q: 'status:failed', t: 'today', counted: true },
  { id: 'high', label: 'High value', q: 'amount:>=100000', t: '-7d' },
]

/** The view that shows exactly this query and time range; the first one for any time range without a query. */
export function viewOf(search: OrderSearch): OrderView | undefined {
  const exact = ORDER_VIEWS.find((view) => view.q === search.q && view.t === search.t)
  return exact ?? (search.q === '' ? ORDER_VIEWS[0] : undefined)
}

/** Address of the list; what is as by default is left out. */
export function listPath(search: Partial<OrderSearch>): string {
  const params = new URLSearchParams()
  const { q, t, sort } = { ...DEFAULT_SEARCH, ...search }
  if (q !== DEFAULT_SEARCH.q) params.set('q', q)
  if (t !== DEFAULT_SEARCH.t) params.set('t', t)
  if (sort !== DEFAULT_SEARCH.sort) params.set('sort', sort)
  const text = params.toString()
  return `/transactions${text ? `?${text}` : ''}`
}
