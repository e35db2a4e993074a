import { scaleLinear } from 'd3-scale'
import { OVERVIEW_OUTCOMES, type OverviewOutcome } from '../../../server/domain/overview.ts'
import { BarStrip, type BarRange, type BarSeries } from '../../ui/bar-strip.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { Series } from './overview-types.ts'
import { countText } from './overview-words.ts'

const TICKS = 4
const TIME_LABELS = 6
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const SERIES: readonly (BarSeries & { id: OverviewOutcome })[] = [
  { id: 'charged', label: 'Charged', tone: 'charged' },
  { id: 'failed', label: 'Failed', tone: 'failed' },
  { id: 'pending', label: 'Pending', tone: 'pending' },
  { id: 'other', label: 'Other', tone: 'voided' },
]

/** Payments by slot and outcome with axes; Enter on a slot, or a drag, leads to its payments. */
export function OutcomeChart(props: {
  label: string
  series: Series
  asTable: boolean
  onSelect: (range: BarRange | null) => void
}) {
  const { timeZone } = useKit()
  const { slots, slotMs } = props.series
  const bars = slots.map(({ at, payments }) => ({ at, counts: payments }))
  const highest = Math.max(
    ...bars.map(({ counts }) => OVERVIEW_OUTCOMES.reduce((sum, id) => sum + counts[id], 0)),
  )
  const scale = scaleLinear([0, Math.max(TICKS, highest)], [0, 1]).nice(TICKS)
  const every = Math.max(1, Math.ceil(slots.length / TIME_LABELS))
  return (
    <BarStrip
      label={props.label}
      series={SERIES}
      slots={bars}
      slotMs={slotMs}
      asTable={props.asTable}
      onSelect={props.onSelect}
      axes={{
        max: scale.domain()[1] ?? 1,
        ticks: scale
          .ticks(TICKS)
          .filter(Number.isInteger)
          .map((at) => ({ at, label: countText(at) })),
        times: slots
          .map(({ at }, slot) => ({ slot, label: timeLabel(at, slotMs, timeZone) }))
          .filter(({ slot }) => slot % every === 0),
      }}
    />
  )
}

/** "14:30", "22 Nov 15:00", "22 Nov": as much as tells slots of that length apart. */
function timeLabel(at: Date, slotMs: number, zone: TimeZoneChoice): string {
  if (slotMs >= DAY_MS) return formatTime(at, 'date', zone).slice(0, -5)
  const clock = formatTime(at, 'time', zone).slice(0, 5)
  return slotMs > HOUR_MS ? `${formatTime(at, 'date', zone).slice(0, -5)} ${clock}` : clock
}
