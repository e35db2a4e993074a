/** What makes a timeline readable: the same things folded, and what came late or out of order marked. */
import {
  blank,
  LATE_AFTER_MS,
  ofEvent,
  type Draft,
  type TimelineEntry,
  type TimelineEvent,
} from './timeline-entry.ts'

/** Checks of our own jobs that say the same become one line, the newest: they are many. */
export function foldChecks(drafts: readonly Draft[]): Draft[] {
  const newest = new Map<string, { draft: Draft; count: number }>()
  const isRoutine = (draft: Draft): boolean => draft.kind === 'status_check' && draft.actorName === null
  for (const draft of drafts)
    if (isRoutine(draft) && draft.changes.length === 0)
      newest.set(draft.title, { draft, count: (newest.get(draft.title)?.count ?? 0) + 1 })
  return drafts.flatMap((draft) => {
    if (!isRoutine(draft) || draft.changes.length > 0) return [draft]
    const kept = newest.get(draft.title)
    return kept?.draft === draft ? [{ ...draft, duplicates: kept.count - 1 }] : []
  })
}

/**
 * Adds events that changed nothing to the entry they repeat: the last webhook entry before them. One that repeats what
 * only a status check had told, or what stands further back than the stretch told, has a line of its own.
 */
export function withRepeats(drafts: readonly Draft[], events: readonly TimelineEvent[]): Draft[] {
  const result = [...drafts]
  for (const event of events) {
    if (event.outcome !== 'no_change' && event.outcome !== 'stale') continue
    const index = result.findLastIndex(
      (draft) => draft.source === 'webhook' && draft.eventId !== null && draft.at <= event.receivedAt,
    )
    const repeated = result[index]
    if (repeated !== undefined)
      result[index] = { ...repeated, duplicates: repeated.duplicates + event.deliveryCount }
    else result.splice(placeOf(result, event.receivedAt), 0, repetition(event))
  }
  return result
}

function placeOf(drafts: readonly Draft[], at: Date): number {
  const next = drafts.findIndex((draft) => draft.at > at)
  return next === -1 ? drafts.length : next
}

function repetition(event: TimelineEvent): Draft {
  return {
    ...blank(event.id, event.receivedAt, 'webhook'),
    ...ofEvent(event),
    kind: 'order',
    tone: 'info',
    title: `Event ${event.eventName ?? 'without a name'} said nothing new`,
    detail: 'What it tells was known already',
    actorName: null,
    reference: null,
  }
}

/** Marks what was told long after it happened, and what was told after something that happened later. */
export function markTimes(drafts: readonly Draft[], toldBefore: Date | null): TimelineEntry[] {
  let newest = toldBefore?.getTime() ?? -Infinity
  return drafts.map((draft) => {
    const told = draft.source === 'webhook' ? (draft.occurredAt?.getTime() ?? null) : null
    const outOfOrder = told !== null && told < newest
    if (told !== null) newest = Math.max(newest, told)
    const learned = (draft.receivedAt ?? draft.at).getTime()
    return { ...draft, outOfOrder, late: told !== null && learned - told > LATE_AFTER_MS }
  })
}

/** What the timeline can be narrowed to. */
export const TIMELINE_FILTERS = ['all', 'money', 'events', 'people'] as const
export type TimelineFilter = (typeof TIMELINE_FILTERS)[number]

const MONEY: ReadonlySet<TimelineEntry['kind']> = new Set(['attempt', 'refund', 'request', 'dispute'])

/** Whether an entry belongs to what was asked for: money that moved, what webhooks told, or what people did. */
export function isIn(
  filter: TimelineFilter,
  entry: Pick<TimelineEntry, 'kind' | 'source' | 'actorName'>,
): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'money':
      return MONEY.has(entry.kind)
    case 'events':
      return entry.source === 'webhook'
    case 'people':
      return entry.source === 'person' || entry.actorName !== null
  }
}
