import { INDIA_OFFSET_MS, startOfDayInIndia, startOfMonthInIndia, startOfWeekInIndia } from './indian-time.ts'

/**
 * The time control of every list, as it stands in the address (`t`): `-15m`, `-24h`, `-7d`, `today`, `yesterday`,
 * `this_week`, `last_week`, `this_month`, `last_month`, `all`, two days `2026-11-01..2026-11-15`, both included, or two moments `2026-11-01T14:00..2026-11-01T14:10:30`, of
 * which the second is not. Either end of two may be left out. Days and clock are those of the workspace, which is on
 * Indian time.
 */
export type TimeRange = { from: Date | null; to: Date | null }

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const BACK = /^-(\d{1,4})([mhd])$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/
const OPERATOR = /^(>=|<=|>|<|=)?(.*)$/
const DAY_CHARS = '2026-11-22'.length
const MINUTE_CHARS = '2026-11-22T14:00'.length
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }
/** A day typed in the address must exist: `new Date` would roll 31 November over into December. */
const FIRST_MOMENT = 'T00:00:00'
const IST = '+05:30'

/**
 * The instants of `text` as seen at `now`; `from` is included, `to` is not. Null when the text is not a time range.
 * Null ends are open: a list of "the last 24 hours" also shows what happens from now on.
 */
export function timeRangeOf(text: string, now: Date): TimeRange | null {
  if (text === 'all') return { from: null, to: null }
  const onCalendar = calendarRange(text, now)
  if (onCalendar) return onCalendar
  const back = BACK.exec(text)
  if (back) {
    const span = Number(back[1]) * (UNIT_MS[back[2] ?? ''] ?? 0)
    return span === 0 ? null : { from: new Date(now.getTime() - span), to: null }
  }
  const [first = '', last, ...rest] = text.split('..')
  if (last === undefined || rest.length > 0 || first + last === '') return null
  return rangeOf(first, last, momentOf) ?? rangeOf(first, last, dayOf, DAY_MS)
}

/** Whether it is a day at the most, as seen at `now`. */
export function isWithinDay({ from, to }: TimeRange, now: Date): boolean {
  return from !== null && (to ?? now).getTime() - from.getTime() <= DAY_MS
}

function calendarRange(text: string, now: Date): TimeRange | null {
  switch (text) {
    case 'today':
      return { from: startOfDayInIndia(now), to: null }
    case 'yesterday': {
      const today = startOfDayInIndia(now)
      return { from: new Date(today.getTime() - DAY_MS), to: today }
    }
    case 'this_week':
      return { from: startOfWeekInIndia(now), to: null }
    case 'last_week': {
      const week = startOfWeekInIndia(now)
      return { from: new Date(week.getTime() - 7 * DAY_MS), to: week }
    }
    case 'this_month':
      return { from: startOfMonthInIndia(now), to: null }
    case 'last_month':
      return { from: startOfMonthInIndia(now, -1), to: startOfMonthInIndia(now) }
    default:
      return null
  }
}

/** The range between two ends of one kind, an empty one being open; null when an end is of another kind. */
function rangeOf(
  first: string,
  last: string,
  read: (text: string) => Date | null,
  lastLengthMs = 0,
): TimeRange | null {
  const from = first === '' ? null : read(first)
  const end = last === '' ? null : read(last)
  if ((first !== '' && from === null) || (last !== '' && end === null)) return null
  const to = end && new Date(end.getTime() + lastLengthMs)
  return from && to && from >= to ? null : { from, to }
}

/**
 * `text` in the notation above, else null. A day alone is a range of that day, a moment alone its minute or second, and
 * an operator before either is a range with one end: `>=2026-11-01` is `2026-11-01..`, and `>` begins after it.
 */
export function canonicalTimeRange(text: string): string | null {
  const [, operator = '', end = ''] = OPERATOR.exec(text) ?? []
  const moment = momentOf(end)
  const candidate = DAY.test(end)
    ? withDay(operator, end)
    : moment === null
      ? text
      : withMoment(operator, end, moment)
  return timeRangeOf(candidate, new Date(0)) ? candidate : null
}

function withDay(operator: string, day: string): string {
  switch (operator) {
    case '>=':
      return `${day}..`
    case '>':
      return `${dayBeside(day, 1)}..`
    case '<':
      return `..${dayBeside(day, -1)}`
    case '<=':
      return `..${day}`
    default:
      return `${day}..${day}`
  }
}

function withMoment(operator: string, text: string, at: Date): string {
  // What a moment written to the minute stands for is that minute.
  const after = momentText(new Date(at.getTime() + (text.length === MINUTE_CHARS ? MINUTE_MS : SECOND_MS)))
  switch (operator) {
    case '>=':
      return `${text}..`
    case '>':
      return `${after}..`
    case '<':
      return `..${text}`
    case '<=':
      return `..${after}`
    default:
      return `${text}..${after}`
  }
}

/**
 * What is in both of two ranges that have one end each, a first one and a last one, as one range; null when they do not
 * fit together or nothing is in both.
 */
export function joinTimeRanges(a: string, b: string): string | null {
  const [first, second] = a.startsWith('..') ? [b, a] : [a, b]
  if (!first.endsWith('..') || !second.startsWith('..')) return null
  const from = first.slice(0, -2)
  const to = second.slice(2)
  if (from === '' || to === '') return null
  const same = DAY.test(from) === DAY.test(to)
  const joined = same
    ? `${from}..${to}`
    : `${DAY.test(from) ? `${from}T00:00` : from}..${DAY.test(to) ? `${dayBeside(to, 1)}T00:00` : to}`
  return timeRangeOf(joined, new Date(0)) ? joined : null
}

function dayBeside(day: string, days: number): string {
  const at = dayOf(day)
  return at === null ? day : momentText(new Date(at.getTime() + days * DAY_MS)).slice(0, DAY_CHARS)
}

function dayOf(text: string): Date | null {
  return DAY.test(text) ? momentOf(`${text}${FIRST_MOMENT}`) : null
}

/** Null when there is no such moment. */
function momentOf(text: string): Date | null {
  if (!MOMENT.test(text)) return null
  const at = new Date(`${text}${IST}`)
  return !Number.isNaN(at.getTime()) && momentText(at).startsWith(text) ? at : null
}

/** An instant as the notation writes it, to the second: `2026-11-22T14:35:10`. */
export function momentText(at: Date): string {
  return new Date(at.getTime() + INDIA_OFFSET_MS).toISOString().slice(0, 19)
}
