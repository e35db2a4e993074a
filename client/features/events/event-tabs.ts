export const EVENT_TABS = ['body', 'headers', 'processing', 'effect', 'compare', 'order'] as const

export type EventTab = (typeof EVENT_TABS)[number]

export const EVENT_TAB_LABELS: Readonly<Record<EventTab, string>> = {
  body: 'Body',
  headers: 'Headers',
  processing: 'Processing',
  effect: 'Effect',
  compare: 'Compare',
  order: 'Same order',
}

/** What an event did is what people open it for. */
export const DEFAULT_EVENT_TAB: EventTab = 'effect'

/** The tab `by` places away, round the ends. */
export function nextEventTab(tab: EventTab, by: 1 | -1): EventTab {
  const at = EVENT_TABS.indexOf(tab) + by
  return EVENT_TABS[(at + EVENT_TABS.length) % EVENT_TABS.length] ?? tab
}
