import type { inferOutput } from '@trpc/tanstack-react-query'
import { momentText, timeRangeOf } from '../../../server/domain/time-range.ts'
import type { RateOutcome } from '../../../server/domain/event-rate.ts'
import type { useTRPC } from '../../lib/trpc.ts'
import { BarStrip, type BarSeries } from '../../ui/bar-strip.tsx'
import { DEFAULT_EVENT_SEARCH, type EventSearch } from './event-search.ts'
import css from './events.module.css'

export type Strip = inferOutput<ReturnType<typeof useTRPC>['rates']['strip']>

const SERIES: readonly (BarSeries & { id: RateOutcome })[] = [
  { id: 'applied', label: 'Applied', tone: 'charged' },
  { id: 'unchanged', label: 'Unchanged', tone: 'voided' },
  { id: 'held', label: 'Held', tone: 'review' },
  { id: 'waiting', label: 'Waiting', tone: 'pending' },
  { id: 'failed', label: 'Failed', tone: 'failed' },
  { id: 'refused', label: 'Refused', tone: 'disputed' },
]

type FeedStripProps = {
  strip: Strip
  t: string
  onSearch: (change: Partial<EventSearch>) => void
}

/** The last quarter of an hour above the rows. A stretch that is chosen becomes the time range and ends live mode. */
export function FeedStrip({ strip, t, onSearch }: FeedStripProps) {
  const chosen = t.includes('T') ? timeRangeOf(t, new Date(0)) : null
  return (
    <div className={css['strip']}>
      <BarStrip
        label="Events of the last 15 minutes, all of them"
        series={SERIES}
        slots={strip.slots}
        slotMs={strip.slotMs}
        selected={chosen?.from && chosen.to ? { from: chosen.from, to: chosen.to } : null}
        onSelect={(range) =>
          onSearch({
            t: range === null ? DEFAULT_EVENT_SEARCH.t : `${momentText(range.from)}..${momentText(range.to)}`,
          })
        }
      />
    </div>
  )
}

/** How many deliveries of the strip were events, and how many were turned away. */
export function senderChecks(strip: Strip): { passed: number; all: number } {
  let passed = 0
  let refused = 0
  for (const { counts } of strip.slots) {
    for (const { id } of SERIES) {
      if (id === 'refused') refused += counts[id]
      else passed += counts[id]
    }
  }
  return { passed, all: passed + refused }
}
