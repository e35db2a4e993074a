import type { RateOutcome } from '../../server/domain/event-rate.ts'
import type { BarSeries } from './bar-strip.tsx'

/** What became of webhooks, as every chart of them draws it, from the bottom up. */
export const RATE_SERIES: readonly (BarSeries & { id: RateOutcome })[] = [
  { id: 'applied', label: 'Applied', tone: 'charged' },
  { id: 'unchanged', label: 'No change', tone: 'voided' },
  { id: 'waiting', label: 'Waiting', tone: 'pending' },
  { id: 'held', label: 'Held', tone: 'review' },
  { id: 'failed', label: 'Failed', tone: 'failed' },
  { id: 'refused', label: 'Refused', tone: 'disputed' },
]
