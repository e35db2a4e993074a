/** The overview in words: changes, rates, and where each figure leads. */
import { compactMoney, formatMoney } from '../../../server/domain/money.ts'
import { successRate, type OutcomeTotals, type OverviewRange } from '../../../server/domain/overview.ts'
import { momentText } from '../../../server/domain/time-range.ts'
import { formatDuration, formatTime } from '../../ui/time-format.ts'
import type { Need, OverviewSearch, Series, Summary } from './overview-types.ts'

const DAY_MS = 86_400_000

export const RANGE_LABELS: Readonly<Record<OverviewRange, string>> = {
  today: 'Today so far',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
}

/** "last Sunday at this time", "the 7 days before": what follows "than". */
export function comparedWith(range: OverviewRange, shiftMs: number, until: Date): string {
  if (range === '7d') return 'the 7 days before'
  if (range === '30d') return 'the 30 days before'
  const aDay = shiftMs === DAY_MS
  if (range === '24h') return aDay ? 'the 24 hours before' : 'the same hours last week'
  if (aDay) return 'yesterday at this time'
  const weekday = until.toLocaleDateString('en-IN', { weekday: 'long', timeZone: 'Asia/Kolkata' })
  return `last ${weekday} at this time`
}

/** The choices of comparison: of a week and a month there is one. */
export function comparisonLabels(
  range: OverviewRange,
): readonly { value: OverviewSearch['compare']; label: string }[] {
  const none = { value: 'none', label: 'No comparison' } as const
  if (range === '7d' || range === '30d')
    return [{ value: 'last_week', label: range === '7d' ? 'vs 7 days before' : 'vs 30 days before' }, none]
  return [
    { value: 'last_week', label: range === 'today' ? 'vs same time last week' : 'vs same hours last week' },
    { value: 'yesterday', label: range === 'today' ? 'vs yesterday at this time' : 'vs 24 hours before' },
    none,
  ]
}

/** "6.2% more than last Sunday at this time"; parts of a tenth are left out. */
export function changeText(current: bigint, before: bigint, than: string): string {
  const then = than.startsWith('the ') ? `in ${than}` : than
  if (current === before) return current === 0n ? `None, as ${then}` : `Same as ${then}`
  if (before === 0n) return `None ${then}`
  const tenths = ((current - before) * 1_000n) / before
  const size = tenths < 0n ? -tenths : tenths
  if (size === 0n) return `About the same as ${than}`
  return `${size / 10n}.${size % 10n}% ${tenths < 0n ? 'less' : 'more'} than ${than}`
}

/** "1.1 points less than last Sunday at this time"; null when one of the rates is not known. */
export function rateChangeText(current: OutcomeTotals, before: OutcomeTotals, than: string): string | null {
  const [now, then] = [successRate(current), successRate(before)]
  if (now === null || then === null) return null
  const tenths = Math.trunc((now - then) * 1_000)
  if (tenths === 0) return `About the same as ${than}`
  return `${(Math.abs(tenths) / 10).toFixed(1)} points ${tenths < 0 ? 'less' : 'more'} than ${than}`
}

/** "92.4%", cut and not rounded: 99.96% is not 100.0%. */
export function percentText(rate: number): string {
  return `${(Math.floor(rate * 1_000 + 1e-9) / 10).toFixed(1)}%`
}

/** What part one amount is of another: "2.7%"; null without the other. */
export function shareText(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null
  const tenths = (part * 1_000n) / whole
  return `${tenths / 10n}.${tenths % 10n}%`
}

export function countText(n: number): string {
  return n.toLocaleString('en-IN')
}

export function paymentsText(n: number): string {
  return `${countText(n)} ${n === 1 ? 'payment' : 'payments'}`
}

/** Of how many payments a sum knows no amount: "Amount of 3 not known yet"; null for none. */
export function unknownText({ count, more }: Summary['amountUnknown']): string | null {
  if (count === 0) return null
  return `Amount of ${more ? 'more than ' : ''}${countText(count)} not known yet`
}

type Window = { range?: OverviewRange; from: Date; to: Date }

/** The list of exactly the orders that a figure counts. */
export function ordersPath(q: string, window: Window): string {
  return `/transactions?${new URLSearchParams({ q, t: windowText(window) }).toString()}`
}

/** The list of exactly the refunds that a figure counts: those that succeeded in its window. */
export function refundsPath(window: Window): string {
  return `/refunds?${new URLSearchParams({ view: 'done', settled: windowText(window) }).toString()}`
}

function windowText({ range, from, to }: Window): string {
  return range === 'today' ? 'today' : `${momentText(from)}..${momentText(to)}`
}

/** Queries of the outcomes. The stored status: what is refunded or disputed later was charged all the same. */
export const OUTCOME_QUERIES = {
  charged: 'pay:charged',
  failed: 'pay:failed',
  pending: 'pay:created,pending',
} as const

export const NEED_LINKS: Readonly<Record<Need['kind'], { to: string; action: string; keys: string | null }>> =
  {
    approvals: { to: '/approvals', action: 'Review', keys: 'G A' },
    batches: { to: '/refunds/bulk', action: 'Review', keys: 'G B' },
    orders: { to: '/transactions?q=is%3Astuck&t=-30d', action: 'Open', keys: null },
    failed_events: { to: '/events/failed', action: 'Open', keys: 'G F' },
    discrepancies: { to: '/reconciliation', action: 'Open', keys: 'G C' },
  }

/** One line of "Needs you": what waits, how much, and since when. */
export function needText(need: Need, now: Date): string {
  const count = `${countText(need.count)}${need.atLeast ? ' or more' : ''}`
  const one = need.count === 1 && !need.atLeast
  const amounts = need.amounts
    .map(({ currency, amountMinor }) => formatMoney({ minor: amountMinor, currency }))
    .join(' and ')
  // Those that are not counted are not added up either.
  const sum = need.atLeast ? `at least ${amounts}` : amounts
  const age =
    need.oldestAt === null
      ? ''
      : `oldest ${formatDuration(Math.max(0, now.getTime() - need.oldestAt.getTime()))}`
  switch (need.kind) {
    case 'approvals':
      return `${count} ${one ? 'refund waits' : 'refunds wait'} for your approval, ${sum}, ${age}`
    case 'batches':
      return `${count} ${one ? 'bulk refund waits' : 'bulk refunds wait'} for your approval`
    case 'orders':
      return `${count} ${one ? 'order is' : 'orders are'} stuck, ${sum}: without an outcome for too long, in review, unknown or disputed`
    case 'failed_events':
      return `${count} failed ${one ? 'event' : 'events'}, ${retryText(need.retriesStopAt, now)}`
    case 'discrepancies':
      return `${count} ${one ? 'discrepancy' : 'discrepancies'}, ${sum}, ${age}`
  }
}

function retryText(stopsAt: Date | null, now: Date): string {
  if (stopsAt === null) return 'no longer retried'
  return `retries stop in ${formatDuration(Math.max(0, stopsAt.getTime() - now.getTime()))}`
}

/** A value at each point of a sparkline; null where there is none. */
export type Spark = { at: Date; value: number | null }[]

const HOUR_MS = 3_600_000

/** Slots joined to hours: a day of quarters is noise at the size of a thumb. */
export function hourly(series: Series): Series['slots'][] {
  const perHour = Math.max(1, HOUR_MS / series.slotMs)
  return Array.from({ length: Math.ceil(series.slots.length / perHour) }, (_, i) =>
    series.slots.slice(i * perHour, (i + 1) * perHour),
  )
}

/** "Charged amount, last 24 hours, from ₹1.10 L to ₹2.40 L an hour, highest at 13:00". */
export function sparkText(what: string, points: Spark, text: (value: number) => string): string {
  const known = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]))
  const [first] = known
  if (first === undefined) return `${what}, last 24 hours, nothing yet`
  const top = known.reduce((best, point) => (point.value > best.value ? point : best), first)
  const low = Math.min(...known.map(({ value }) => value))
  return `${what}, last 24 hours, from ${text(low)} to ${text(top.value)} an hour, highest at ${formatTime(top.at, 'time', 'IST').slice(0, 5)}`
}

/** An amount on a sparkline, where pixels and not paise count. */
export function sparkMoney(currency: string): (value: number) => string {
  return (value) => compactMoney({ minor: BigInt(Math.trunc(value)), currency })
}
