import { INDIA_OFFSET_MS } from '../../server/domain/indian-time.ts'

/** The zone times are shown in. Stored and sent times are always UTC. */
export type TimeZoneChoice = 'IST' | 'UTC'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const OFFSETS_MS: Readonly<Record<TimeZoneChoice, number>> = { IST: INDIA_OFFSET_MS, UTC: 0 }
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'clock', string>>

/** By arithmetic: `Intl` takes a hundred times as long, and every row of a list that scrolls has four of these. */
function partsOf(at: Date, zone: TimeZoneChoice): Parts {
  const there = new Date(at.getTime() + OFFSETS_MS[zone])
  const clock = [there.getUTCHours(), there.getUTCMinutes(), there.getUTCSeconds()].map(twoDigits).join(':')
  return {
    year: String(there.getUTCFullYear()),
    month: MONTHS[there.getUTCMonth()] ?? '',
    day: twoDigits(there.getUTCDate()),
    clock,
  }
}

const twoDigits = (n: number): string => String(n).padStart(2, '0')

export type TimeStyle = 'list' | 'full' | 'time' | 'millis' | 'date' | 'day'

/**
 * An instant as text: `list` "22 Nov, 14:35:33" (with the year when it is not `now`'s), `full`
 * "22 Nov 2026, 14:35:33 IST", `time` "14:35:33", `millis` "14:35:33.120", `date` "22 Nov 2026", `day` "22 Nov" (with the year as in a
 * list).
 */
export function formatTime(at: Date, style: TimeStyle, zone: TimeZoneChoice, now: Date = at): string {
  const p = partsOf(at, zone)
  const { clock } = p
  switch (style) {
    case 'time':
      return clock
    case 'millis':
      return `${clock}.${String(at.getUTCMilliseconds()).padStart(3, '0')}`
    case 'date':
      return `${p.day} ${p.month} ${p.year}`
    case 'full':
      return `${p.day} ${p.month} ${p.year}, ${clock} ${zone}`
    case 'day':
    case 'list': {
      const year = p.year === partsOf(now, zone).year ? '' : ` ${p.year}`
      const day = `${p.day} ${p.month}${year}`
      return style === 'day' ? day : `${day}, ${clock}`
    }
  }
}

/** Since when, to the minute: "14:20" of a time today, else "21 Nov, 14:20". */
export function formatSince(at: Date, now: Date, zone: TimeZoneChoice): string {
  const today = formatTime(at, 'date', zone) === formatTime(now, 'date', zone)
  return formatTime(at, today ? 'time' : 'list', zone, now).slice(0, -3)
}

/** How long ago: "just now", "2 s ago", "6 min ago", "2 h 10 min ago", "3 days ago"; "in 5 min" for the future. */
export function formatAge(at: Date, now: Date): string {
  const difference = now.getTime() - at.getTime()
  if (Math.abs(difference) < 1000) return 'just now'
  const text = formatDuration(Math.abs(difference))
  return difference > 0 ? `${text} ago` : `in ${text}`
}

/** A length of time in its two largest useful units, or in one: "12 ms", "42 s", "6 min", "2 h 10 min", "3 days". */
export function formatDuration(lengthMs: number, units: 1 | 2 = 2): string {
  if (lengthMs < 1000) return `${Math.round(lengthMs)} ms`
  if (lengthMs < MINUTE_MS) return `${Math.floor(lengthMs / 1000)} s`
  if (lengthMs < HOUR_MS) return `${Math.floor(lengthMs / MINUTE_MS)} min`
  if (lengthMs < DAY_MS) {
    const minutes = Math.floor((lengthMs % HOUR_MS) / MINUTE_MS)
    return `${Math.floor(lengthMs / HOUR_MS)} h${minutes && units === 2 ? ` ${minutes} min` : ''}`
  }
  const days = Math.floor(lengthMs / DAY_MS)
  return `${days} ${days === 1 ? 'day' : 'days'}`
}

/** The tooltip of every time: both zones in full and, once somebody looks at it, how long ago that is. */
export function describeInstant(at: Date, now?: Date): string {
  const zones = `${formatTime(at, 'full', 'IST')} · ${formatTime(at, 'full', 'UTC')}`
  return now === undefined ? zones : `${zones} · ${formatAge(at, now)}`
}

/** What is left of a short wait, as a clock counts it down: "9:05". */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
