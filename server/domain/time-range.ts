/**
 * The time control of every list, as it stands in the address (`t`): `-15m`, `-24h`, `-7d`, `today`, `yesterday`,
 * `all`, two days `2026-11-01..2026-11-15`, both included, or two moments `2026-11-01T14:00..2026-11-01T14:10:30`, of
 * which the second is not. Days and clock are those of the workspace, which is on Indian time.
 */
export type TimeRange = { from: Date | null; to: Date | null }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** India has one zone and no summer time. */
const IST_OFFSET_MS = 5.5 * HOUR_MS

const BACK = /^-(\d{1,4})([mhd])$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/
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
  const today = startOfDay(now)
  if (text === 'today') return { from: today, to: null }
  if (text === 'yesterday') return { from: new Date(today.getTime() - DAY_MS), to: today }
  const back = BACK.exec(text)
  if (back) {
    const span = Number(back[1]) * (UNIT_MS[back[2] ?? ''] ?? 0)
    return span === 0 ? null : { from: new Date(now.getTime() - span), to: null }
  }
  const [first = '', last = '', ...rest] = text.split('..')
  const start = momentOf(first)
  const end = momentOf(last)
  if (start && end) return rest.length === 0 && start < end ? { from: start, to: end } : null
  const from = dayOf(first)
  const until = dayOf(last)
  if (!from || !until || rest.length > 0 || from > until) return null
  return { from, to: new Date(until.getTime() + DAY_MS) }
}

/** `text` when it is a time range, else null. One day alone is written as a range of that day. */
export function canonicalTimeRange(text: string): string | null {
  const candidate = DAY.test(text) ? `${text}..${text}` : text
  return timeRangeOf(candidate, new Date(0)) ? candidate : null
}

function startOfDay(now: Date): Date {
  const local = now.getTime() + IST_OFFSET_MS
  return new Date(local - (((local % DAY_MS) + DAY_MS) % DAY_MS) - IST_OFFSET_MS)
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
  return new Date(at.getTime() + IST_OFFSET_MS).toISOString().slice(0, 19)
}
