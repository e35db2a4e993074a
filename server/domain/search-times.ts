/**
 * Times as people say them, in one grammar: "yesterday evening", "22/11", "6pm", "22 Nov 2026, 18:00 IST", "last Friday",
 * "last week", "2 hours ago". `saidTimeIn` reads what is said; `spokenTimeIn` takes it for a time range of the list's
 * control, and typed-range.ts for an end of one.
 */
import { canonicalTimeRange, momentText } from './time-range.ts'

/** Hours since midnight: a moment of the day, where both are the same, or a part of it, the last one excluded. */
export type Hours = { from: number; to: number }

/** What was said of a time; `words` is how it stands in the text. */
export type SaidTime = { words: string } & (
  | { kind: 'ago'; count: number; unit: string; exact: boolean }
  | { kind: 'span'; span: string }
  /** `yearless`: the year was not said, and the day is the last one of that name. */
  | { kind: 'day'; day: string; hours: Hours | null; yearless: boolean }
  | { kind: 'clock'; hours: Hours }
)

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
const DAY_CHARS = '2026-11-22'.length

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const TWELVE = String.raw`(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?\s?(?<half>am|pm)`
const TWENTY_FOUR = String.raw`(?<hour24>\d{1,2}):(?<minute24>\d{2})(?::(?<second>\d{2}))?`
/** Every clock of ours is India's, and says so where it is written in full. */
const CLOCK = String.raw`(?:(?:at|around|about|by)\s+){0,2}(?:${TWELVE}|${TWENTY_FOUR})(?:\s?IST)?`
const CLOCK_OR_PART = String.raw`(?:${CLOCK}|(?:in\s+the\s+)?(?<part>morning|afternoon|evening|night))`
const END = String.raw`(?=[,;.)]?(?:\s|$))`
const WHEN = String.raw`(?:,?\s+${CLOCK_OR_PART})?${END}`
const DAY_WORD = new RegExp(
  String.raw`\b(?:the\s+)?(day\s+before\s+yesterday|today|yesterday|this)${WHEN}`,
  'i',
)
const LAST_NIGHT = new RegExp(String.raw`\blast\s+night(?:,?\s+${CLOCK})?${END}`, 'i')
const WEEKDAY = new RegExp(String.raw`\b(?:(last|on)\s+)?(${WEEKDAYS.join('|')})${WHEN}`, 'i')
/** A number behind a date is its year when it can be one of ours: "27 Nov 2884" is a day and an amount. */
const YEAR = String.raw`20\d{2}`
const NUMBERED = new RegExp(
  String.raw`(?<![\w/.-])(\d{1,2})(?:/(\d{1,2})(?:/(?<year>${YEAR}|\d{2}))?|([.-])(\d{1,2})\4(?<full>${YEAR}|\d{2}))${WHEN}`,
  'i',
)
const NAMED = new RegExp(
  String.raw`(?<![\w/-])(\d{1,2})(?:st|nd|rd|th)?[\s-]?${MONTH}(?:,?\s+(?<year>${YEAR})|-?(?<full>${YEAR}|\d{2}))?${WHEN}`,
  'i',
)
const NAMED_FIRST = new RegExp(
  String.raw`(?<![\w/-])${MONTH}\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?<year>${YEAR}))?${WHEN}`,
  'i',
)
const ISO = new RegExp(
  String.raw`(?<![\w/-])(\d{4})-(\d{2})-(\d{2})(?:(?:T|,?\s+)${CLOCK_OR_PART})?${END}`,
  'i',
)
const AGO = /\b(\d{1,3})\s?(minutes?|mins?|hours?|hrs?|days?)\s+ago\b/i
/** Of these the year may be left out. */
const YEARLESS: ReadonlySet<RegExp> = new Set([NUMBERED, NAMED, NAMED_FIRST])
const BACK = /(?<=^|\s)-(\d{1,4})([mhd])(?=\s|$)/
const LAST_HOUR = /\b(?:the\s+)?last\s+hour\b/i
const WEEK_OR_MONTH = /\b(this|last)\s+(week|month)\b/i
/** "12:30 yesterday", "6pm on 22 Nov": the hour of a day that is said behind it. */
const CLOCK_BEFORE = new RegExp(String.raw`(?<=^|\s)${CLOCK},?\s+(?:on\s+)?$`, 'i')
const CLOCK_ALONE = new RegExp(String.raw`(?<=^|\s)${CLOCK}(?=\s|$)`, 'i')

const PARTS: Readonly<Record<string, Hours>> = {
  morning: { from: 5, to: 12 },
  afternoon: { from: 12, to: 18 },
  evening: { from: 18, to: 24 },
  night: { from: 20, to: 24 },
}

/** What the first time in `text` says; null when there is none. */
export function saidTimeIn(text: string, now: Date): SaidTime | null {
  return (
    relative(text) ??
    onDay(ISO, text, ([, year, month, day]) => dayText(Number(year), Number(month), Number(day))) ??
    onDay(DAY_WORD, text, ([, word = '']) => dayBefore(now, daysBackOf(word.toLowerCase()))) ??
    lastNight(text, now) ??
    onDay(WEEKDAY, text, ([, which, day]) => weekdayBefore(now, day, which?.toLowerCase() === 'last')) ??
    onDay(NUMBERED, text, (match) =>
      pastDay(now, Number(match[1]), Number(match[2] ?? match[5]), yearOf(match)),
    ) ??
    onDay(NAMED, text, (match) => pastDay(now, Number(match[1]), monthOf(match[2]), yearOf(match))) ??
    onDay(NAMED_FIRST, text, (match) => pastDay(now, Number(match[2]), monthOf(match[1]), yearOf(match))) ??
    clockAlone(text)
  )
}

/**
 * The first time that stands in `text`, as a range; null when there is none. What is said of an hour is never exact, so
 * it takes the one before and after.
 */
export function spokenTimeIn(text: string, now: Date): SpokenTime | null {
  const said = saidTimeIn(text, now)
  return said && { ...rangeOfSaid(said, now), words: said.words }
}

function relative(text: string): SaidTime | null {
  const back = BACK.exec(text)
  if (back !== null && canonicalTimeRange(back[0]) !== null)
    return { kind: 'ago', count: Number(back[1]), unit: back[2] ?? '', exact: true, words: back[0] }
  const hour = LAST_HOUR.exec(text)?.[0]
  if (hour !== undefined) return { kind: 'span', span: 'last hour', words: hour }
  const span = WEEK_OR_MONTH.exec(text)
  if (span !== null) return { kind: 'span', span: `${span[1]} ${span[2]}`.toLowerCase(), words: span[0] }
  const ago = AGO.exec(text)
  if (ago === null) return null
  const unit = (ago[2] ?? '').charAt(0).toLowerCase()
  return { kind: 'ago', count: Number(ago[1]), unit, exact: false, words: ago[0] }
}

function daysBackOf(word: string): number {
  if (word.startsWith('day')) return 2
  return word === 'yesterday' ? 1 : 0
}

/** The evening before, and until the morning; with a clock, on the day on which that hour was. */
function lastNight(text: string, now: Date): SaidTime | null {
  const match = LAST_NIGHT.exec(text)
  const clock = match && hoursSaid(match)
  if (match === null || (clock === null && saysHour(match))) return null
  const day = dayBefore(now, clock !== null && clock.from < NOON ? 0 : 1)
  return { kind: 'day', day, hours: clock ?? LAST_NIGHT_HOURS, yearless: false, words: match[0] }
}

const NOON = 12
const LAST_NIGHT_HOURS: Hours = { from: 18, to: 29 }

/** As written: "2026", "26"; undefined when it was not said. */
function yearOf({ groups = {} }: RegExpExecArray): string | undefined {
  const year = groups['year'] ?? groups['full']
  return year?.length === 2 ? `20${year}` : year
}

function monthOf(name = ''): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

function onDay(
  pattern: RegExp,
  text: string,
  dayOf: (match: RegExpExecArray) => string | null,
): SaidTime | null {
  const match = pattern.exec(text)
  const day = match && dayOf(match)
  if (match === null || day === null || canonicalTimeRange(day) === null) return null
  // "This" is a day only together with a part of it.
  if (/^this/i.test(match[0]) && match.groups?.['part'] === undefined) return null
  const behind = saysHour(match) || match.groups?.['part'] !== undefined
  const clock = behind ? null : CLOCK_BEFORE.exec(text.slice(0, match.index))
  const hours = hoursSaid(clock ?? match)
  if (hours === null && saysHour(clock ?? match)) return null
  const yearless = YEARLESS.has(pattern) && yearOf(match) === undefined
  return { kind: 'day', day, hours, yearless, words: `${clock?.[0] ?? ''}${match[0]}` }
}

/** Whether an hour was said, be there one or not: the whole of a day is not what "25:00" of it was meant to be. */
function saysHour({ groups = {} }: RegExpExecArray): boolean {
  return (groups['hour'] ?? groups['hour24']) !== undefined
}

function clockAlone(text: string): SaidTime | null {
  const match = CLOCK_ALONE.exec(text)
  const hours = match && hoursSaid(match)
  return match && hours && { kind: 'clock', hours, words: match[0] }
}

/** Null when no time of day was said, or there is no such one. */
function hoursSaid({ groups = {} }: RegExpExecArray): Hours | null {
  const { part, hour, minute = '0', half = '', hour24, minute24, second = '0' } = groups
  if (part !== undefined) return PARTS[part.toLowerCase()] ?? null
  const twelve = Number(hour)
  if (hour !== undefined && (twelve < 1 || twelve > 12)) return null
  if (hour === undefined && hour24 === undefined) return null
  const hours = hour === undefined ? Number(hour24) : (twelve % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const minutes = Number(hour === undefined ? minute24 : minute)
  if (hours > 23 || minutes > 59 || Number(second) > 59) return null
  const at = hours + minutes / 60 + Number(second) / 3_600
  return { from: at, to: at }
}

type RangeSaid = Omit<SpokenTime, 'words'>

function rangeOfSaid(said: SaidTime, now: Date): RangeSaid {
  switch (said.kind) {
    case 'ago': {
      // "Two hours ago" may be two and a half.
      const range = `-${said.exact ? said.count : said.count + 1}${said.unit}`
      return { range, label: `the last ${range.slice(1)}` }
    }
    case 'span':
      if (said.span === 'last hour') return { range: '-1h', label: 'the last hour' }
      return { range: said.span.replace(' ', '_'), label: said.span }
    case 'day':
      return rangeOnDay(said.day, said.hours, now)
    case 'clock': {
      const today = dayBefore(now, 0)
      // What is still to come was yesterday.
      const day = hoursOf(today, said.hours.from).getTime() > now.getTime() ? dayBefore(now, 1) : today
      return rangeOnDay(day, said.hours, now)
    }
  }
}

function rangeOnDay(day: string, hours: Hours | null, now: Date): RangeSaid {
  if (hours !== null) {
    const around = hours.from === hours.to ? 1 : 0
    return between(hoursOf(day, hours.from - around), hoursOf(day, hours.to + around))
  }
  if (day === dayBefore(now, 0)) return { range: 'today', label: 'today' }
  if (day === dayBefore(now, 1)) return { range: 'yesterday', label: 'yesterday' }
  return { range: `${day}..${day}`, label: labelOf(day) }
}

function between(from: Date, to: Date): RangeSaid {
  const [start, end] = [momentText(from), momentText(to)]
  const clock = (text: string): string => text.slice('2026-11-22T'.length, '2026-11-22T14:00'.length)
  return { range: `${start}..${end}`, label: `${labelOf(start)}, ${clock(start)} to ${clock(end)}` }
}

/** "22 Nov". */
export function labelOf(day: string): string {
  const [, month = '1', date = '1'] = day.slice(0, DAY_CHARS).split('-')
  const name = MONTHS[Number(month) - 1] ?? ''
  return `${Number(date)} ${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

/** So many hours after the beginning of a day, to the second. */
export function hoursOf(day: string, hours: number): Date {
  return new Date(new Date(`${day}T00:00:00+05:30`).getTime() + Math.round(hours * 3_600) * 1_000)
}

export function dayBefore(now: Date, days: number): string {
  return momentText(new Date(now.getTime() - days * DAY_MS)).slice(0, DAY_CHARS)
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
