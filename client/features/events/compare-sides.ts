/** The two sides of a comparison, as the lists offer them: `event:<id>`, `check:<id>` or `record`. Pure. */
import { formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { EventDetail, EventRelated } from './event-types.ts'
import { eventName } from './event-words.ts'

export type SideChoice = { value: string; label: string }

/** This event, its order's other events, the status answers, and our record. */
export function sideChoices(event: EventDetail, related: EventRelated, zone: TimeZoneChoice): SideChoice[] {
  const others = related.events.some(({ id }) => id === event.id)
    ? related.events
    : [event, ...related.events]
  return [
    ...others.map((row) => ({
      value: `event:${row.id}`,
      label: `${row.id === event.id ? 'This event' : 'Event'} ${formatTime(row.receivedAt, 'list', zone)} ${eventName(row)}`,
    })),
    ...related.checks.map((check) => ({
      value: `check:${check.id}`,
      label: `Status answer ${formatTime(check.askedAt, 'list', zone)}`,
    })),
    { value: 'record', label: 'Our record, as it is now' },
  ]
}

/** What is looked at first: the event before it, else the nearest status answer, else what we hold. */
export function defaultSides(event: EventDetail, related: EventRelated): { left: string; right: string } {
  const own = `event:${event.id}`
  if (event.previousEventId !== null && related.events.some(({ id }) => id === event.previousEventId))
    return { left: `event:${event.previousEventId}`, right: own }
  const at = event.receivedAt.getTime()
  const nearest = related.checks.toSorted(
    (a, b) => Math.abs(a.askedAt.getTime() - at) - Math.abs(b.askedAt.getTime() - at),
  )[0]
  return nearest ? { left: own, right: `check:${nearest.id}` } : { left: own, right: 'record' }
}

export function spokenSide(choices: readonly SideChoice[], value: string): string {
  return choices.find((choice) => choice.value === value)?.label ?? 'Unknown'
}
