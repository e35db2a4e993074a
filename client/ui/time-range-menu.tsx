import IconCalendar from '@tabler/icons-react/dist/esm/icons/IconCalendar.mjs'
import { useState } from 'react'
import { ActionMenu } from './menu.tsx'
import { usePart } from './use-part.ts'

const loadCustom = () => import('./custom-range.tsx')

/** Ranges every list offers, in the notation of the address (`t`). */
export const TIME_RANGES = [
  { value: '-15m', label: 'Last 15 minutes' },
  { value: '-1h', label: 'Last hour' },
  { value: '-24h', label: 'Last 24 hours' },
  { value: 'today', label: 'Today' },
  { value: 'yesterday', label: 'Yesterday' },
  { value: '-7d', label: 'Last 7 days' },
  { value: '-30d', label: 'Last 30 days' },
  { value: '-90d', label: 'Last 90 days' },
  { value: 'this_week', label: 'This week' },
  { value: 'last_week', label: 'Last week' },
  { value: 'this_month', label: 'This month' },
  { value: 'last_month', label: 'Last month' },
  { value: 'all', label: 'All time' },
] as const

const UNITS: Readonly<Record<string, string>> = { m: 'minute', h: 'hour', d: 'day' }

/**
 * The words on the button: the preset's name, a length back from now, the one end of an open range, the two dates, or
 * the two moments without the day they share.
 */
export function timeRangeLabel(value: string): string {
  const preset = TIME_RANGES.find((range) => range.value === value)
  if (preset) return preset.label
  const [, length, unit = ''] = /^-0*(\d+)([mhd])$/.exec(value) ?? []
  if (length !== undefined) return length === '1' ? `Last ${UNITS[unit]}` : `Last ${length} ${UNITS[unit]}s`
  const [from = '', to] = value.split('..')
  if (to === undefined) return value
  if (to === '') return `From ${from.replace('T', ' ')}`
  if (from === '') return `Until ${to.replace('T', ' ')}`
  const [day = '', clock] = from.split('T')
  if (clock === undefined) return `${from} to ${to}`
  return `${day} ${clock} to ${to.replace(`${day}T`, '').replace('T', ' ')}`
}

/** The time control of a list: presets, or a start and an end of one's own. */
export function TimeRangeMenu({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [custom, setCustom] = useState(false)
  const customRange = usePart(loadCustom, custom, () => setCustom(false))
  return (
    <>
      <ActionMenu
        label="Time range"
        shortcut={{ id: 'filter.time', keys: 'T', label: 'Time range' }}
        entries={[
          ...TIME_RANGES.map((range) => ({
            id: range.value,
            label: range.label,
            onPress: () => onChange(range.value),
          })),
          { kind: 'divider', id: 'divider' },
          { id: 'custom', label: 'From when to when…', onPress: () => setCustom(true) },
        ]}
        trigger={
          <button type="button" className="kit-button" aria-label={`Time range: ${timeRangeLabel(value)}`}>
            <IconCalendar size={16} stroke={1.75} aria-hidden />
            {timeRangeLabel(value)}
          </button>
        }
      />
      {custom && customRange ? (
        <customRange.CustomRange
          value={value}
          onClose={() => setCustom(false)}
          onApply={(range) => {
            setCustom(false)
            onChange(range)
          }}
        />
      ) : null}
    </>
  )
}
