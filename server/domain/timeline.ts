/** The story of one order, derived from what was recorded: changes, events, status checks, findings and deeds. */
import type { FieldChange } from './change.ts'
import { DISCREPANCY_LABELS, type DiscrepancyKind } from './discrepancy.ts'
import { disputeSentence, mandateSentence } from './timeline-side-sentences.ts'
import {
  attemptSentence,
  orderSentence,
  refundSentence,
  requestSentence,
  type Sentence,
  type TimelineFacts,
} from './timeline-sentences.ts'
import { gapDetail, gapTitle, type GapCause, type GapKind } from './webhook-gap.ts'

export type TimelineSource = 'webhook' | 'status_check' | 'person' | 'system' | 'refund_answer'

/** One line of the timeline. */
export type TimelineEntry = Sentence & {
  id: string
  /** When we learned it. */
  at: Date
  /** When it happened, as far as Juspay says. */
  occurredAt: Date | null
  source: TimelineSource
  /** The webhook event behind it. */
  eventId: string | null
  changes: FieldChange[]
  /** Further messages that said the same. */
  duplicates: number
  /** Learned after something that happened later. */
  late: boolean
}

export type TimelineInput = TimelineFacts & {
  /** In the order in which they were recorded. */
  changes: readonly {
    id: string
    source: TimelineSource
    sourceId: string | null
    changes: readonly FieldChange[]
    occurredAt: Date | null
    at: Date
  }[]
  events: readonly {
    id: string
    eventName: string | null
    receivedAt: Date
    occurredAt: Date | null
    deliveryCount: number
    outcome: string | null
    error: string | null
  }[]
  checks: readonly { id: string; askedAt: Date; askedBy: string; outcome: string }[]
  discrepancies: readonly {
    id: string
    kind: DiscrepancyKind
    detail: string
    foundAt: Date
    resolvedAt: Date | null
    resolvedBy: string | null
    resolution: string | null
  }[]
  /** What status checks found that no webhook had told. */
  gaps: readonly {
    id: string
    kind: GapKind
    cause: GapCause
    dueSince: Date
    foundAt: Date
    healedAt: Date | null
    arrivedAt: Date | null
    eventId: string | null
  }[]
  /** Audited deeds on the order itself. */
  deeds: readonly { id: string; at: Date; actorName: string; action: string; reason: string | null }[]
  /** Names of staff by id. */
  names: ReadonlyMap<string, string>
}

type Draft = Omit<TimelineEntry, 'late'>

/** Deeds that another entry already tells. */
const TOLD_ELSEWHERE = new Set(['order.check_status'])
const DEED_WORDS: Readonly<Record<string, string>> = {
  'order.reveal_customer': 'revealed the customer’s contact details',
}

/** Derives the timeline, newest first; entries of the same instant keep the order in which they were recorded. */
export function timelineOf(input: TimelineInput): TimelineEntry[] {
  const events = new Map(input.events.map((event) => [event.id, event]))
  const checks = new Map(input.checks.map((check) => [check.id, check]))
  const drafts: Draft[] = [
    ...input.changes.flatMap((change) => {
      const event = change.sourceId === null ? undefined : events.get(change.sourceId)
      const askedBy = change.sourceId === null ? undefined : checks.get(change.sourceId)?.askedBy
      return draftsOfChange(change, input, {
        eventId: event?.id ?? null,
        duplicates: (event?.deliveryCount ?? 1) - 1,
        asker: askedBy === undefined ? null : (input.names.get(askedBy) ?? null),
      })
    }),
    ...draftsOfGaps(input),
    ...draftsOfChecks(input),
    ...draftsOfFindings(input),
    ...draftsOfDeeds(input),
    ...draftsOfIgnored(input),
  ]
  const ordered = drafts
    .map((draft, index) => ({ draft, index }))
    .sort((a, b) => a.draft.at.getTime() - b.draft.at.getTime() || a.index - b.index)
    .map(({ draft }) => draft)
  return markLate(withRepeats(foldChecks(ordered), input)).reverse()
}

function draftsOfChange(
  change: TimelineInput['changes'][number],
  facts: TimelineFacts,
  behind: { eventId: string | null; duplicates: number; asker: string | null },
): Draft[] {
  const bySubject = new Map<string, FieldChange[]>()
  for (const field of change.changes)
    bySubject.set(field.subject, [...(bySubject.get(field.subject) ?? []), field])
  const hasOthers = [...bySubject.keys()].some((subject) => subject !== 'order')
  const drafts: Draft[] = []
  for (const [subject, changes] of bySubject) {
    const sentence = sentenceOf(subject, change.sourceId, changes, facts, hasOthers)
    if (sentence === null) continue
    drafts.push({
      ...sentence,
      actorName: sentence.actorName ?? behind.asker,
      id: `${change.id}:${drafts.length}`,
      at: change.at,
      occurredAt: change.occurredAt,
      source: change.source,
      eventId: behind.eventId,
      changes,
      duplicates: drafts.length === 0 ? behind.duplicates : 0,
    })
  }
  return drafts
}

function sentenceOf(
  subject: string,
  sourceId: string | null,
  changes: readonly FieldChange[],
  facts: TimelineFacts,
  hasOthers: boolean,
): Sentence | null {
  const colon = subject.indexOf(':')
  const name = subject.slice(colon + 1)
  switch (colon < 0 ? subject : subject.slice(0, colon)) {
    case 'transaction':
      return attemptSentence(name, changes, facts)
    case 'refund':
      return refundSentence(name, changes, facts)
    case 'dispute':
      return disputeSentence(changes, facts.currency)
    case 'mandate':
      return mandateSentence(changes, facts.currency)
    case 'refund_request':
      return requestSentence(sourceId, changes, facts)
    default:
      return orderSentence(changes, { currency: facts.currency, hasOthers })
  }
}

const CHECK_WORDS: Readonly<Record<string, { title: string; tone: Sentence['tone'] }>> = {
  no_change: { title: 'Checked with Juspay: no change', tone: 'info' },
  not_found: { title: 'Juspay does not know this order', tone: 'review' },
  wrong_merchant: { title: 'Juspay answered about another merchant’s order', tone: 'review' },
  unavailable: { title: 'Juspay gave no usable answer', tone: 'info' },
  unauthorised: { title: 'Juspay did not accept our API key', tone: 'review' },
}

function draftsOfChecks({ checks, names }: TimelineInput): Draft[] {
  return checks.flatMap((check): Draft[] => {
    const words = CHECK_WORDS[check.outcome]
    if (words === undefined) return []
    const actorName = names.get(check.askedBy) ?? null
    const sentence = { ...words, kind: 'status_check' as const, detail: null, actorName, reference: null }
    return [{ ...blank(check.id, check.askedAt, 'status_check'), ...sentence }]
  })
}

function draftsOfFindings({ discrepancies, names }: TimelineInput): Draft[] {
  return discrepancies.flatMap((found): Draft[] => {
    const label = DISCREPANCY_LABELS[found.kind]
    const base = { kind: 'discrepancy' as const, reference: null }
    const opened: Draft = {
      ...blank(`${found.id}:found`, found.foundAt, 'system'),
      ...base,
      tone: 'review',
      title: label,
      detail: found.detail,
      actorName: null,
    }
    if (found.resolvedAt === null) return [opened]
    const actorName = found.resolvedBy === null ? null : (names.get(found.resolvedBy) ?? null)
    const closed: Draft = {
      ...blank(`${found.id}:resolved`, found.resolvedAt, actorName === null ? 'system' : 'person'),
      ...base,
      tone: 'info',
      title: `Resolved: ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
      detail: found.resolution,
      actorName,
    }
    return [opened, closed]
  })
}

function draftsOfGaps({ gaps }: TimelineInput): Draft[] {
  return gaps.map((gap): Draft => ({
    ...blank(`gap:${gap.id}`, gap.foundAt, 'status_check'),
    eventId: gap.eventId,
    kind: 'discrepancy',
    tone: 'info',
    title: gapTitle(gap),
    detail: gapDetail(gap),
    actorName: null,
    reference: null,
  }))
}

function draftsOfDeeds({ deeds }: TimelineInput): Draft[] {
  return deeds
    .filter((deed) => !TOLD_ELSEWHERE.has(deed.action))
    .map((deed): Draft => ({
      ...blank(`deed:${deed.id}`, deed.at, 'person'),
      kind: 'person',
      tone: 'info',
      title: `${deed.actorName} ${DEED_WORDS[deed.action] ?? `did ${deed.action}`}`,
      detail: deed.reason,
      actorName: deed.actorName,
      reference: null,
    }))
}

/** Events that had nothing to apply, by their nature; those that only repeated something are folded instead. */
function draftsOfIgnored({ events }: TimelineInput): Draft[] {
  return events
    .filter((event) => event.outcome !== null && !['applied', 'no_change', 'stale'].includes(event.outcome))
    .map((event): Draft => ({
      ...blank(event.id, event.receivedAt, 'webhook'),
      occurredAt: event.occurredAt,
      eventId: event.id,
      duplicates: event.deliveryCount - 1,
      kind: 'order',
      tone: event.error === null ? 'info' : 'review',
      title: `Event ${event.eventName ?? 'without a name'} received`,
      detail: event.error ?? 'It tells nothing about the payment',
      actorName: null,
      reference: null,
    }))
}

function blank(id: string, at: Date, source: TimelineSource) {
  return { id, at, occurredAt: null, source, eventId: null, changes: [], duplicates: 0 }
}

/** Checks of our own jobs that say the same become one line, the newest: they are many. */
function foldChecks(drafts: readonly Draft[]): Draft[] {
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

/** Adds events that changed nothing to the entry they repeat: the last webhook entry before them. */
function withRepeats(drafts: readonly Draft[], { events }: TimelineInput): Draft[] {
  const result = [...drafts]
  for (const event of events) {
    if (event.outcome !== 'no_change' && event.outcome !== 'stale') continue
    const index = result.findLastIndex(
      (draft) => draft.source === 'webhook' && draft.eventId !== null && draft.at <= event.receivedAt,
    )
    const repeated = result[index]
    if (repeated !== undefined)
      result[index] = { ...repeated, duplicates: repeated.duplicates + event.deliveryCount }
  }
  return result
}

function markLate(drafts: readonly Draft[]): TimelineEntry[] {
  let newest = -Infinity
  return drafts.map((draft) => {
    const told = draft.source === 'webhook' ? (draft.occurredAt?.getTime() ?? null) : null
    const late = told !== null && told < newest
    if (told !== null) newest = Math.max(newest, told)
    return { ...draft, late }
  })
}
