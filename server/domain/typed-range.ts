/**
 * The two ends of a time range as people type them: "22/11", "yesterday 6pm", "-3d", "22 Nov 2026, 18:00". The words are
 * those of search-times.ts; what comes out is in the notation of the time control, so a clock that stands in it is there
 * again when the range is opened. Days and clock are those of the workspace.
 */
import { dayBefore, hoursOf, labelOf, saidTimeIn, type SaidTime } from './search-times.ts'
import { canonicalTimeRange, joinTimeRanges, momentText, timeRangeOf } from './time-range.ts'

/** What stands in the two fields; an empty one leaves that end open. */
export type TypedEnds = { from: string; to: string }

/** What one field was taken for ("22 Nov 2026, 18:00 IST") and the day of it, or why it cannot be. */
export type EndRead = { understood: string | null; day: string; error: string | null }

/** `range` is in the notation of time-range.ts; null while a field has an error. */
export type TypedRangeRead = { from: EndRead; to: EndRead; range: string | null }

type Side = keyof TypedEnds

const MINUTE_MS = 60_000
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1_440 * MINUTE_MS }
const DAY_CHARS = '2026-11-22'.length
const YEAR_CHARS = '2026'.length
/** Days of the year to come that are meant when no year is said: so many from today on. */
const NEAR_DAYS = 31
const LENGTH_BACK = /^-\d/

/** Reads both fields; without a year or a day of its own, the end is the one that follows the start. */
export function readTypedRange(typed: TypedEnds, now: Date): TypedRangeRead {
  const [fromSaid, toSaid] = [saidWhole(typed.from, now), saidWhole(typed.to, now)]
  const from = typeof fromSaid === 'object' ? startOf(fromSaid, now) : ''
  const to = typeof toSaid === 'object' ? endOf(toSaid, from, now) : ''
  const read = (side: Side, said: Said, end: string): EndRead =>
    said === 'unread'
      ? { understood: null, day: '', error: notATime(side) }
      : { understood: end === '' ? null : inFull(side, end), day: end.slice(0, DAY_CHARS), error: null }
  const ends = { from: read('from', fromSaid, from), to: read('to', toSaid, to) }
  if (ends.from.error ?? ends.to.error) return { ...ends, range: null }
  if (fromSaid === 'empty' && toSaid === 'empty')
    return { ...ends, from: { ...ends.from, error: 'Enter a start, an end or both.' }, range: null }
  if (toSaid === 'empty' && typeof fromSaid === 'object' && fromSaid.kind === 'ago' && fromSaid.count > 0)
    // Goes on with the clock, as "the last 3 days" does.
    return { ...ends, range: `-${fromSaid.count}${fromSaid.unit}` }
  const range = from === '' || to === '' ? `${from}..${to}` : joinTimeRanges(`${from}..`, `..${to}`)
  if (range !== null) return { ...ends, range }
  return { ...ends, to: { ...ends.to, error: `To must be after ${inFull('from', from)}.` }, range: null }
}

type Said = SaidTime | 'empty' | 'unread'

/** A field says one time and nothing else: half of what was typed would be a wider range than was asked for. */
function saidWhole(text: string, now: Date): Said {
  const typed = tidy(text)
  if (typed === '') return 'empty'
  const said = saidTimeIn(typed, now)
  return said?.words === typed ? said : 'unread'
}

const tidy = (text: string): string => text.trim().replace(/\s+/g, ' ')

function notATime(side: Side): string {
  return `${side === 'from' ? 'From' : 'To'} is not a time. Type it like 22/11, yesterday 6pm, -3d or 22 Nov 2026, 18:00.`
}

/** A day or a moment in notation: where what was said begins. */
function startOf(said: SaidTime, now: Date): string {
  switch (said.kind) {
    case 'ago':
      return lengthBack(said.count, said.unit, now)
    case 'span':
      return said.span === 'last hour' ? lengthBack(1, 'h', now) : (endsOfSpan(said.span, now)[0] ?? '')
    case 'day':
      return said.hours === null ? said.day : momentAt(said.day, said.hours.from)
    case 'clock':
      return latestClock(said.hours.from, now)
  }
}

/** The same of where it ends, `from` being the start that was read before it. */
function endOf(said: SaidTime, from: string, now: Date): string {
  switch (said.kind) {
    case 'ago':
      return lengthBack(said.count, said.unit, now)
    case 'span':
      return said.span === 'last hour' ? lengthBack(0, 'h', now) : (endsOfSpan(said.span, now)[1] ?? '')
    case 'day': {
      const day = said.yearless ? following(said.day, from, now) : said.day
      return said.hours === null ? day : momentAt(day, said.hours.to)
    }
    case 'clock': {
      if (from === '') return latestClock(said.hours.to, now)
      const sameDay = momentAt(from.slice(0, DAY_CHARS), said.hours.to)
      return sameDay > from ? sameDay : momentAt(from.slice(0, DAY_CHARS), said.hours.to + 24)
    }
  }
}

/** The first and the last day of a week or a month; one that is not over ends today. */
function endsOfSpan(span: string, now: Date): string[] {
  const range = timeRangeOf(span.replace(' ', '_'), now)
  const last = range?.to ? new Date(range.to.getTime() - 1) : now
  return [range?.from ?? now, last].map((at) => dayBefore(at, 0))
}

function lengthBack(count: number, unit: string, now: Date): string {
  const at = now.getTime() - count * (UNIT_MS[unit] ?? 0)
  return shortMoment(new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS))
}

/** The last time that the clock showed this. */
function latestClock(hours: number, now: Date): string {
  const today = dayBefore(now, 0)
  return momentAt(hoursOf(today, hours) > now ? dayBefore(now, 1) : today, hours)
}

/**
 * A day said without its year is the first of that name from the start on, in the start's year or the next. A year that
 * has not begun was not meant, but for its first days when it is about to: there the ends are the wrong way round, and
 * the day stays as it was said.
 */
function following(day: string, from: string, now: Date): string {
  const start = from.slice(0, DAY_CHARS)
  if (start === '') return day
  const inYear = (year: number): string => `${year}${day.slice(YEAR_CHARS)}`
  const [same, next] = [inYear(yearOf(start)), inYear(yearOf(start) + 1)]
  const isMeant = yearOf(next) <= yearOf(dayBefore(now, 0)) || next <= dayBefore(now, -NEAR_DAYS)
  const named = isMeant ? [same, next] : [same]
  return named.find((each) => each >= start && canonicalTimeRange(each) !== null) ?? day
}

const yearOf = (day: string): number => Number(day.slice(0, YEAR_CHARS))

const momentAt = (day: string, hours: number): string => shortMoment(hoursOf(day, hours))

/** A moment in notation, its seconds left out where there are none. */
function shortMoment(at: Date): string {
  return momentText(at).replace(/(?<=T\d\d:\d\d):00$/, '')
}

/** A day or a moment as it stands in a field: "22 Nov 2026", "22 Nov 2026, 18:00". */
function inWords(end: string): string {
  const [day = '', clock] = end.split('T')
  const date = `${labelOf(day)} ${day.slice(0, YEAR_CHARS)}`
  return clock === undefined ? date : `${date}, ${clock.replace(/(?<=^\d\d:\d\d):00$/, '')}`
}

function inFull(side: Side, end: string): string {
  if (end.includes('T')) return `${inWords(end)} IST`
  return side === 'from' ? `${inWords(end)}, 00:00 IST` : `the end of ${inWords(end)} IST`
}

/** A range of the time control as the two fields have it: read again, it is the same range. */
export function typedEndsOf(range: string, now: Date): TypedEnds {
  if (LENGTH_BACK.test(range)) return { from: range, to: '' }
  if (range.includes('..')) {
    const [from = '', to = ''] = range.split('..').map((end) => (end === '' ? '' : inWords(end)))
    return { from, to }
  }
  const { from, to } = timeRangeOf(range, now) ?? { from: null, to: null }
  return {
    from: from ? inWords(dayBefore(from, 0)) : '',
    to: to ? inWords(dayBefore(new Date(to.getTime() - 1), 0)) : '',
  }
}

/** A field after a day was picked from a calendar: the clock that stood in it stays. */
export function withPickedDay(text: string, day: string, now: Date): string {
  const said = saidWhole(text, now)
  const hours = typeof said === 'object' && 'hours' in said ? said.hours : null
  return inWords(hours !== null && hours.from === hours.to ? momentAt(day, hours.from) : day)
}
