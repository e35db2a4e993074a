/** The page in words: one sentence that says whether anybody has to look, and how figures read. */
import { formatAge, formatDuration, formatTime } from '../../ui/time-format.ts'
import type { GapCount, NameRate, WebhookHealth } from './health-types.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A refusal this young is happening now. */
const REFUSED_NOW_MS = 5 * MINUTE_MS
/** Events are applied within seconds; one that waits this long is stuck. */
const WAITS_LONG_MS = MINUTE_MS

/** The server counts no further. */
const COUNTED_MAX = 1_000

export type Headline = { tone: 'charged' | 'pending' | 'failed' | 'info'; text: string }

/** The worst that is to be said, in one or two sentences. */
export function headlineOf(health: WebhookHealth, now: Date): Headline {
  const { lastReceivedAt, silence, backlog, rate, recentMs, storage } = health
  if (storage.unsafeSettings.length > 0)
    return {
      tone: 'failed',
      text: `The database may forget webhooks in a crash: ${storage.unsafeSettings.join(', ')} off.`,
    }
  const refused = refusedNow(health, now)
  if (refused !== null) return { tone: 'failed', text: `Webhooks are being refused: ${refused}.` }
  if (lastReceivedAt === null) return { tone: 'info', text: 'No webhook has arrived yet.' }
  if (silence.silent)
    return {
      tone: 'failed',
      text: `No webhooks for ${since(lastReceivedAt, now)}. ${usualGapText(silence.usualGapMs)}`,
    }
  if (backlog.oldestAt && now.getTime() - backlog.oldestAt.getTime() > WAITS_LONG_MS)
    return {
      tone: 'pending',
      text: `${countText(backlog)} wait to be applied, the oldest for ${since(backlog.oldestAt, now)}.`,
    }
  const usual = rate.expected === null ? null : rate.expected / recentMs
  const pace = `last event ${formatAge(lastReceivedAt, now)}, ${paceText(rate.count / recentMs, usual)}`
  if (rate.kind === 'less') return { tone: 'pending', text: `Fewer webhooks than usual: ${pace}.` }
  return { tone: 'charged', text: `All well: ${pace}.` }
}

/** "3.2 events/s, usual 2.8": the unit once when both have it. */
function paceText(perMs: number, usualPerMs: number | null): string {
  const now = rateText(perMs)
  if (usualPerMs === null) return now
  const usual = rateText(usualPerMs)
  const unit = now.slice(now.indexOf(' '))
  return `${now}, usual ${usual.endsWith(unit) ? usual.slice(0, -unit.length) : usual}`
}

/** What failed with a delivery that was refused just now; null when none was. */
function refusedNow({ rejections }: WebhookHealth, now: Date): string | null {
  const cause = rejections.causes.find(
    ({ cause: name, lastAt }) =>
      name === 'wrong_credentials' && now.getTime() - lastAt.getTime() < REFUSED_NOW_MS,
  )
  return cause ? `${cause.last?.words ?? 'Wrong credentials'}, last ${formatAge(cause.lastAt, now)}` : null
}

/** "Usual gap now is under 20 s." */
export function usualGapText(usualGapMs: number | null): string {
  return usualGapMs === null
    ? ''
    : `Usual gap now is under ${formatDuration(Math.ceil(usualGapMs / 1_000) * 1_000)}.`
}

/** "3.2 events/s", "12 per min", "4 per hour": the unit in which it is a number people can hold. */
export function rateText(perMs: number): string {
  if (perMs === 0) return '0 events/s'
  if (perMs * 1_000 >= 1) return `${short(perMs * 1_000)} events/s`
  if (perMs * MINUTE_MS >= 1) return `${short(perMs * MINUTE_MS)} per min`
  return `${short(perMs * HOUR_MS)} per hour`
}

function short(n: number): string {
  return n >= 100 ? Math.round(n).toLocaleString('en-IN') : String(Math.round(n * 10) / 10)
}

/** "As usual", "Twice the usual", "12% of usual". */
export function comparisonText({
  kind,
  percent,
  count,
  expected,
}: Pick<NameRate, 'kind' | 'percent' | 'count' | 'expected'>): string {
  if (kind === 'unknown') return 'Usual not known yet'
  if (kind === 'usual') return expected === 0 && count === 0 ? 'None, as usual' : 'As usual'
  if (percent === null) return 'Usually none'
  if (percent >= 200) return `${short(percent / 100)} times the usual`
  return `${percent}% of usual`
}

/** "42 events", "10,000 or more events". */
export function countText({ count, atLeast }: { count: number; atLeast: boolean }): string {
  const n = count.toLocaleString('en-IN')
  return `${n}${atLeast ? ' or more' : ''} ${count === 1 ? 'event' : 'events'}`
}

/** "3 failed, 2 stopped"; counts of a thousand are "or more". */
export function troubleText(failed: number, dead: number): string {
  const parts = [
    { n: failed, word: 'failed' },
    { n: dead, word: 'stopped' },
  ]
  return parts
    .filter(({ n }) => n > 0)
    .map(({ n, word }) => `${n.toLocaleString('en-IN')}${n >= COUNTED_MAX ? '+' : ''} ${word}`)
    .join(', ')
}

export function since(at: Date, now: Date): string {
  return formatDuration(Math.max(0, now.getTime() - at.getTime()))
}

/** "1.2 GB", "320 MB". */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`
}

/** A partition by what it holds: "Nov 2026". */
export function partitionText(bucket: number): string {
  if (bucket === 0) return 'No usable date'
  const month = new Date(Date.UTC(Math.floor(bucket / 100), (bucket % 100) - 1, 1))
  return month.toLocaleDateString('en-IN', { month: 'short', year: 'numeric', timeZone: 'UTC' })
}

export const GAP_CAUSE_WORDS: Readonly<Record<GapCount['cause'], string>> = {
  juspay_late: 'Juspay late or never sent',
  we_failed: 'Here, and not applied',
  gateway_pending: 'Gateway has not decided',
}

/** "12 found, 11 healed, 3 arrived after all". */
export function gapCountText({ count, healed, arrived }: GapCount): string {
  return `${count} found, ${healed} healed, ${arrived} arrived after all`
}

/** "Equal to a recount", or which day was not and was put right. */
export function figuresText(difference: WebhookHealth['figures']['difference']): string {
  if (difference === null) return 'Equal to a recount'
  const { day, foundAt, rows } = difference
  return `${formatTime(day, 'date', 'IST')} differed in ${rows} ${rows === 1 ? 'slot' : 'slots'}, put right ${formatTime(foundAt, 'full', 'IST')}`
}
