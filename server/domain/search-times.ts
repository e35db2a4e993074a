/**
 * Times as people say them on the phone, as a time range of the list's control: "yesterday evening", "22/11", "6pm",
 * "last Friday", "last week", "2 hours ago". What is said of a day or an hour is never exact, so an hour takes the one before and after.
 */
import { canonicalTimeRange, momentText } from './time-range.ts'

export type SpokenTime = {
  /** In the notation of time-range.ts. */
  range: string
  /** What it was taken for: "22 Nov, 17:00 to 19:00". */
  label: string
  /** The words, as they stand in the text. */
  words: string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const CLOCK = String.raw`(?:at\s+)?(\d{1,2})(?::(\d{2}))?\s?(am|pm)`
const PART = '(morning|afternoon|evening|night)'
const WHEN = String.raw`(?:\s+(?:${CLOCK}|${PART}))?`
const DAY_WORD = new RegExp(String.raw`\b(today|yesterday|this)${WHEN}(?=\s|$)`, 'i')
const WEEKDAY = new RegExp(String.raw`\b(?:(last|on)\s+)?(${WEEKDAYS.join('|')})${WHEN}(?=\s|$)`, 'i')
const SLASHED = new RegExp(String.raw`(?<![\w/-])(\d{1,2})[/](\d{1,2})(?:[/](\d{4}))?${WHEN}(?=\s|$)`, 'i')
const NAMED = new RegExp(
  String.raw`(?<![\w/-])(\d{1,2})\s?(${MONTHS.join('|')})[a-z]*(?:\s+(\d{4}))?${WHEN}(?=\s|$)`,
  'i',
)
const ISO = new RegExp(String.raw`(?<![\w/-])(\d{4})-(\d{2})-(\d{2})${WHEN}(?=\s|$)`, 'i')
const AGO = /\b(\d{1,3})\s?(minutes?|mins?|hours?|hrs?|days?)\s+ago\b/i
const BACK = /(?<=^|\s)-\d{1,4}[mhd](?=\s|$)/
const LAST_HOUR = /\b(?:the\s+)?last\s+hour\b/i
const WEEK_OR_MONTH = /\b(this|last)\s+(week|month)\b/i
const CLOCK_ALONE = new RegExp(String.raw`(?<=^|\s)${CLOCK}(?=\s|$)`, 'i')

/** Hours of the day, the last one excluded. */
const PARTS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  morning: [5, 12],
  afternoon: [12, 18],
  evening: [18, 24],
  night: [20, 24],
}

/** The first time that stands in `text`; null when there is none. */
export function spokenTimeIn(text: string, now: Date): SpokenTime | null {
  return (
    relative(text) ??
    onDay(ISO, text, now, ([, year, month, day]) => dayText(Number(year), Number(month), Number(day))) ??
    onDay(DAY_WORD, text, now, ([, word]) => dayBefore(now, word?.toLowerCase() === 'yesterday' ? 1 : 0)) ??
    onDay(WEEKDAY, text, now, ([, which, day]) => weekdayBefore(now, day, which?.toLowerCase() === 'last')) ??
    onDay(SLASHED, text, now, ([, day, month, year]) => pastDay(now, Number(day), Number(month), year)) ??
    onDay(NAMED, text, now, ([, day, month = '', year]) =>
      pastDay(now, Number(day), MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1, year),
    ) ??
    clockAlone(text, now)
  )
}

function relative(text: string): SpokenTime | null {
  const back = BACK.exec(text)?.[0]
  if (back !== undefined && canonicalTimeRange(back) !== null)
    return { range: back, label: `the last ${back.slice(1)}`, words: back }
  const hour = LAST_HOUR.exec(text)?.[0]
  if (hour !== undefined) return { range: '-1h', label: 'the last hour', words: hour }
  const span = WEEK_OR_MONTH.exec(text)
  if (span !== null) {
    const label = `${span[1]} ${span[2]}`.toLowerCase()
    return { range: label.replace(' ', '_'), label, words: span[0] }
  }
  const ago = AGO.exec(text)
  if (ago === null) return null
  const unit = (ago[2] ?? '').charAt(0).toLowerCase()
  // "Two hours ago" may be two and a half.
  const range = `-${Number(ago[1]) + 1}${unit}`
  return { range, label: `the last ${range.slice(1)}`, words: ago[0] }
}

function onDay(
  pattern: RegExp,
  text: string,
  now: Date,
  dayOf: (match: RegExpExecArray) => string | null,
): SpokenTime | null {
  const match = pattern.exec(text)
  const day = match && dayOf(match)
  if (match === null || day === null || canonicalTimeRange(day) === null) return null
  const [hour, minute, half, part] = match.slice(-4)
  // "This" is a day only together with a part of it.
  if (/^this/i.test(match[0]) && part === undefined) return null
  return { ...within(day, now, hour, minute, half, part), words: match[0] }
}

function within(
  day: string,
  now: Date,
  hour?: string,
  minute?: string,
  half?: string,
  part?: string,
): Omit<SpokenTime, 'words'> {
  const hours = part === undefined ? null : PARTS[part.toLowerCase()]
  if (hours) return between(hoursOf(day, hours[0]), hoursOf(day, hours[1]))
  const clock = clockOf(hour, minute, half)
  if (clock !== null) return between(hoursOf(day, clock - 1), hoursOf(day, clock + 1))
  if (day === dayBefore(now, 0)) return { range: 'today', label: 'today' }
  if (day === dayBefore(now, 1)) return { range: 'yesterday', label: 'yesterday' }
  return { range: `${day}..${day}`, label: labelOf(day) }
}

function clockAlone(text: string, now: Date): SpokenTime | null {
  const match = CLOCK_ALONE.exec(text)
  const clock = match && clockOf(match[1], match[2], match[3])
  if (match === null || clock === null) return null
  const today = dayBefore(now, 0)
  // What is still to come was yesterday.
  const day = hoursOf(today, clock).getTime() > now.getTime() ? dayBefore(now, 1) : today
  return { ...between(hoursOf(day, clock - 1), hoursOf(day, clock + 1)), words: match[0] }
}

/** Hours since midnight; null when it is no time of day. */
function clockOf(hour?: string, minute = '0', half = ''): number | null {
  const twelve = Number(hour)
  if (hour === undefined || twelve < 1 || twelve > 12 || Number(minute) > 59) return null
  return (twelve % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) + Number(minute) / 60
}

function between(from: Date, to: Date): Omit<SpokenTime, 'words'> {
  const [start, end] = [momentText(from), momentText(to)]
  const clock = (text: string): string => text.slice('2026-11-22T'.length, '2026-11-22T14:00'.length)
  return { range: `${start}..${end}`, label: `${labelOf(start)}, ${clock(start)} to ${clock(end)}` }
}

function labelOf(day: string): string {
  const [, month = '1', date = '1'] = day.slice(0, '2026-11-22'.length).split('-')
  const name = MONTHS[Number(month) - 1] ?? ''
  return `${Number(date)} ${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

function hoursOf(day: string, hours: number): Date {
  return new Date(new Date(`${day}T00:00:00+05:30`).getTime() + hours * HOUR_MS)
}

function dayBefore(now: Date, days: number): string {
  return momentText(new Date(now.getTime() - days * DAY_MS)).slice(0, '2026-11-22'.length)
}

/** The latest day of that name, today's among them unless it was said to be past. */
function weekdayBefore(now: Date, name = '', past: boolean): string {
  const today = new Date(`${dayBefore(now, 0)}T00:00:00Z`).getUTCDay()
  const back = (today - WEEKDAYS.indexOf(name.toLowerCase()) + 7) % 7
  return dayBefore(now, back === 0 && past ? 7 : back)
}

/** A day of this year, or of last year when it has not been yet. */
function pastDay(now: Date, day: number, month: number, year?: string): string | null {
  const thisYear = Number(dayBefore(now, 0).slice(0, 4))
  const named = dayText(year === undefined ? thisYear : Number(year), month, day)
  if (named === null || year !== undefined || named <= dayBefore(now, 0)) return named
  return dayText(thisYear - 1, month, day)
}

function dayText(year: number, month: number, day: number): string | null {
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return canonicalTimeRange(text) === null ? null : text
}
