/** The parts of an order's page, in the order of their keys 1 to 5. */
export const ORDER_TABS = ['timeline', 'attempts', 'refunds', 'events', 'raw'] as const
export type OrderTab = (typeof ORDER_TABS)[number]

export const ORDER_TAB_LABELS: Readonly<Record<OrderTab, string>> = {
  timeline: 'Timeline',
  attempts: 'Attempts',
  refunds: 'Refunds',
  events: 'Events',
  raw: 'Raw',
}

/** The tab `by` places further, round the ends. */
export function nextTab(tab: OrderTab, by: 1 | -1): OrderTab {
  const count = ORDER_TABS.length
  return ORDER_TABS[(ORDER_TABS.indexOf(tab) + by + count) % count] ?? 'timeline'
}
