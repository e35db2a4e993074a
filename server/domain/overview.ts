/** The windows of the overview: which slots its figures are of, and what they are compared with. */
import { FIGURE_DAY_MS, figureSlotOf, type FigureSpan } from './figure.ts'
import type { PaymentStatus } from './payment-status.ts'

export const OVERVIEW_RANGES = ['today', '24h', '7d', '30d'] as const
/** `today` begins at midnight of the workspace, which is on Indian time; the others end with the present slot. */
export type OverviewRange = (typeof OVERVIEW_RANGES)[number]

export const OVERVIEW_COMPARISONS = ['last_week', 'yesterday', 'none'] as const
/** The same hours a week or a day before. A month is compared with the thirty days before in either case. */
export type OverviewComparison = (typeof OVERVIEW_COMPARISONS)[number]

/** A window of whole slots. `to` is the end of the slot that is going on. */
export type OverviewWindow = {
  from: Date
  to: Date
  /** Until here slots are over: comparisons end here, since half a slot is not the same hours. */
  fullTo: Date
  /** Slots of its chart. */
  span: FigureSpan
}

const SPANS: Readonly<Record<OverviewRange, FigureSpan>> = {
  today: 900,
  '24h': 900,
  '7d': 10_800,
  '30d': 86_400,
}
const LENGTH_MS: Readonly<Record<Exclude<OverviewRange, 'today'>, number>> = {
  '24h': FIGURE_DAY_MS,
  '7d': 7 * FIGURE_DAY_MS,
  '30d': 30 * FIGURE_DAY_MS,
}

/** The window of `range` as seen at `now`. */
export function overviewWindow(range: OverviewRange, now: Date): OverviewWindow {
  const span = SPANS[range]
  const to = new Date(figureSlotOf(now, span).getTime() + span * 1_000)
  const from = range === 'today' ? figureSlotOf(now, 86_400) : new Date(to.getTime() - LENGTH_MS[range])
  return { from, to, fullTo: figureSlotOf(now, 900), span }
}

/** How far back the window lies that `range` is compared with; null for none. */
export function comparisonShiftMs(range: OverviewRange, comparison: OverviewComparison): number | null {
  if (comparison === 'none') return null
  if (range === '30d') return LENGTH_MS['30d']
  return comparison === 'yesterday' && range !== '7d' ? FIGURE_DAY_MS : LENGTH_MS['7d']
}

/** What became of a payment, as charts and tiles tell it. */
export const OVERVIEW_OUTCOMES = ['charged', 'failed', 'pending', 'other'] as const
export type OverviewOutcome = (typeof OVERVIEW_OUTCOMES)[number]

const OUTCOMES: Readonly<Record<PaymentStatus, OverviewOutcome>> = {
  created: 'pending',
  pending: 'pending',
  charged: 'charged',
  failed: 'failed',
  authorised: 'other',
  voided: 'other',
  unknown: 'other',
}

/** The outcome of a stored payment status. */
export function outcomeOf(status: PaymentStatus): OverviewOutcome {
  return OUTCOMES[status]
}

/** Payments by outcome. */
export type OutcomeTotals = Readonly<Record<OverviewOutcome, number>>

export const NO_PAYMENTS: OutcomeTotals = { charged: 0, failed: 0, pending: 0, other: 0 }

/**
 * Charged ÷ (charged + failed), pending left out; null when nothing has ended yet.
 * @returns between 0 and 1
 */
export function successRate({ charged, failed }: Pick<OutcomeTotals, 'charged' | 'failed'>): number | null {
  return charged + failed === 0 ? null : charged / (charged + failed)
}

/** Over how long a gateway's present rate is taken, and its usual one. */
export const GATEWAY_NOW_MS = 3_600_000
export const GATEWAY_USUAL_MS = 7 * FIGURE_DAY_MS
/** A rate of fewer tries says nothing about a gateway. */
export const GATEWAY_TRIES_MIN = 50
/** With fewer a rate is not even shown: one customer more or less would move it by points. */
export const RATE_TRIES_MIN = 30
/** By how many points a gateway must be below its usual rate to be flagged. */
export const GATEWAY_DROP_POINTS = 5

type Tries = Pick<OutcomeTotals, 'charged' | 'failed'>

/** By how many points `now` is below `usual`; null when either has too few tries, or when it is no more than a little. */
export function gatewayDrop(now: Tries, usual: Tries): number | null {
  const [rate, usually] = [successRate(now), successRate(usual)]
  if (rate === null || usually === null) return null
  if (now.charged + now.failed < GATEWAY_TRIES_MIN || usual.charged + usual.failed < GATEWAY_TRIES_MIN)
    return null
  const points = (usually - rate) * 100
  return points > GATEWAY_DROP_POINTS ? points : null
}
