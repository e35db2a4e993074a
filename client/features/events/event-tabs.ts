export const EVENT_TABS = ['effect', 'body', 'headers'] as const

export type EventTab = (typeof EVENT_TABS)[number]

export const EVENT_TAB_LABELS: Readonly<Record<EventTab, string>> = {
  effect: 'Effect',
  body: 'Body',
  headers: 'Headers',
}

/** The tab `by` places away, round the ends. */
export function nextEventTab(tab: EventTab, by: 1 | -1): EventTab {
  const at = EVENT_TABS.indexOf(tab) + by
  return EVENT_TABS[(at + EVENT_TABS.length) % EVENT_TABS.length] ?? tab
}
