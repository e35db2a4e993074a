/** The story of one order, derived from what was recorded: changes, events, status checks, findings and deeds. */
import type { FieldChange } from './change.ts'
import { DISCREPANCY_LABELS, type DiscrepancyKind } from './discrepancy.ts'
import { draftsOfDeeds, type TimelineDeed } from './timeline-deeds.ts'
import { disputeSentence, mandateSentence } from './timeline-side-sentences.ts'
import {
  attemptSentence,
  orderSentence,
  refundSentence,
  requestSentence,
  type Sentence,
  type TimelineFacts,
} from './timeline-sentences.ts'
import {
  blank,
  ofEvent,
  type Draft,
  type TimelineCheck,
  type TimelineEntry,
  type TimelineEvent,
  type TimelineSource,
} from './timeline-entry.ts'
import { foldChecks, markTimes, withRepeats } from './timeline-fold.ts'
import { gapDetail, gapTitle, type GapCause, type GapKind } from './webhook-gap.ts'

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
  events: readonly TimelineEvent[]
  checks: readonly TimelineCheck[]
  /** Events and checks outside the stretch told, of which a change inside it came. */
  linked?: { events: readonly TimelineEvent[]; checks: readonly TimelineCheck[] }
  /** The latest instant that webhooks before the stretch told of. */
  toldBefore?: Date | null
  discrepancies: readonly {
    id: string
    kind: DiscrepancyKind
    detail: string
    foundAt: Date
    resolvedAt: Date | null
    resolvedBy: string | null
    resolution: string | null
    /** Whether the stretch told has its beginning; by default it has. */
    opened?: boolean
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
  /** Audited deeds on the order itself, oldest first. */
  deeds: readonly TimelineDeed[]
  notes?: readonly { id: string; at: Date; authorName: string; text: string; struck: boolean }[]
  /** Names of staff by id. */
  names: ReadonlyMap<string, string>
}

/** Derives the timeline, newest first; entries of the same instant keep the order in which they were recorded. */
export function timelineOf(input: TimelineInput): TimelineEntry[] {
  const events = byId([...(input.linked?.events ?? []), ...input.events])
  const checks = byId([...(input.linked?.checks ?? []), ...input.checks])
  const drafts: Draft[] = [
    ...input.changes.flatMap((change) => {
      const event = change.sourceId === null ? undefined : events.get(change.sourceId)
      const check = change.sourceId === null ? undefined : checks.get(change.sourceId)
      return draftsOfChange(change, input, {
        eventId: event?.id ?? null,
        receivedAt: event?.receivedAt ?? null,
        checkId: check?.id ?? null,
        duplicates: (event?.deliveryCount ?? 1) - 1,
        asker: check === undefined ? null : (input.names.get(check.askedBy) ?? null),
      })
    }),
    ...draftsOfGaps(input),
    ...draftsOfChecks(input),
    ...draftsOfFindings(input),
    ...draftsOfDeeds(input.deeds),
    ...draftsOfNotes(input),
    ...draftsOfIgnored(input),
  ]
  const ordered = drafts
    .map((draft, index) => ({ draft, index }))
    .sort((a, b) => a.draft.at.getTime() - b.draft.at.getTime() || a.index - b.index)
    .map(({ draft }) => draft)
  return markTimes(withRepeats(foldChecks(ordered), input.events), input.toldBefore ?? null).reverse()
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]))
}

function draftsOfChange(
  change: TimelineInput['changes'][number],
  facts: TimelineFacts,
  behind: Pick<Draft, 'eventId' | 'receivedAt' | 'checkId' | 'duplicates'> & { asker: string | null },
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
      receivedAt: behind.receivedAt,
      source: change.source,
      eventId: behind.eventId,
      checkId: behind.checkId,
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
    return [{ ...blank(check.id, check.askedAt, 'status_check'), checkId: check.id, ...sentence }]
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
    const begun = found.opened === false ? [] : [opened]
    if (found.resolvedAt === null) return begun
    const actorName = found.resolvedBy === null ? null : (names.get(found.resolvedBy) ?? null)
    const closed: Draft = {
      ...blank(`${found.id}:resolved`, found.resolvedAt, actorName === null ? 'system' : 'person'),
      ...base,
      tone: 'info',
      title: `Resolved: ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
      detail: found.resolution,
      actorName,
    }
    return [...begun, closed]
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

function draftsOfNotes({ notes = [] }: TimelineInput): Draft[] {
  return notes.map((note): Draft => ({
    ...blank(`note:${note.id}`, note.at, 'person'),
    kind: 'note',
    tone: 'info',
    title: note.struck ? `${note.authorName} took a note back` : `${note.authorName} wrote a note`,
    detail: note.struck ? null : note.text,
    actorName: note.authorName,
    reference: null,
  }))
}

/** Events that had nothing to apply, by their nature; those that only repeated something are folded instead. */
function draftsOfIgnored({ events }: TimelineInput): Draft[] {
  return events
    .filter((event) => event.outcome !== null && !['applied', 'no_change', 'stale'].includes(event.outcome))
    .map((event): Draft => ({
      ...blank(event.id, event.receivedAt, 'webhook'),
      ...ofEvent(event),
      kind: 'order',
      tone: event.error === null ? 'info' : 'review',
      title: `Event ${event.eventName ?? 'without a name'} received`,
      detail: event.error ?? 'It tells nothing about the payment',
      actorName: null,
      reference: null,
    }))
}
