import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useKit } from './kit-context.ts'
import type { StatusRole } from './status-role.ts'
import { formatTime, type TimeZoneChoice } from './time-format.ts'
import css from './bar-strip.module.css'

/** One part of every bar. The first is drawn at the bottom. */
export type BarSeries = { id: string; label: string; tone: StatusRole }

export type BarSlot = { at: Date; counts: Readonly<Record<string, number>> }

/** From the beginning of the first slot to the end of the last. */
export type BarRange = { from: Date; to: Date }

/** Where a chart of bars ends at the top, and its marks: `at` is a count, `slot` an index. */
export type BarAxes = {
  max: number
  ticks: readonly { at: number; label: string }[]
  times: readonly { slot: number; label: string }[]
}

export type BarStripProps = {
  /** What is counted: "Events of the last 15 minutes". */
  label: string
  series: readonly BarSeries[]
  /** Oldest first, each `slotMs` long. */
  slots: readonly BarSlot[]
  slotMs: number
  /** What is usual in each slot, drawn as a line; null where nobody knows. */
  usual?: readonly (number | null)[]
  selected?: BarRange | null
  /** Draws a chart with axes instead of a strip. */
  axes?: BarAxes
  /** Shows the figures as a table instead of as bars. Without it the table is there for screen readers. */
  asTable?: boolean
  /** Makes the strip operable: a range is dragged, or chosen with arrows, Shift and Enter; null takes it back. */
  onSelect?: (range: BarRange | null) => void
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const HEIGHT = 100
const PAGE_SLOTS = 6

/** The slot the keyboard or the mouse is at, and where the range began. Times, since slots move on under them. */
type Cursor = { anchor: number; at: number; dragging: boolean }

/** Stacked bars of equal slots of time, with a table of the same figures for whoever does not see them. */
export function BarStrip(props: BarStripProps) {
  const { label, series, slots, slotMs, onSelect } = props
  const { timeZone } = useKit()
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const hint = useId()
  const max = props.axes?.max ?? heightOf(props)
  const range = cursor && rangeOf(cursor, slotMs)
  const marked = range ?? props.selected ?? null
  const told = cursor ? describe(props, cursor, timeZone) : null
  const operable =
    onSelect && slots.length > 0 ? operation({ slots, slotMs, cursor, setCursor, onSelect }) : null
  if (props.asTable === true) return <Figures {...props} />
  return (
    <figure className={css['strip']} data-chart={props.axes ? true : undefined}>
      <div
        className={css['plot']}
        {...(operable
          ? {
              ...operable,
              role: 'slider',
              tabIndex: 0,
              'aria-label': label,
              'aria-describedby': hint,
              'aria-valuemin': 0,
              'aria-valuemax': slots.length - 1,
              'aria-valuenow': indexOf(slots, cursor?.at ?? slots.at(-1)?.at.getTime() ?? 0),
              'aria-valuetext': told ?? describeAll(props),
            }
          : { 'aria-hidden': true })}
      >
        {props.axes ? <Ticks {...props.axes} /> : null}
        <Bars {...props} max={max} marked={marked} />
      </div>
      {props.axes ? <Times times={props.axes.times} slots={slots.length} /> : null}
      {operable ? (
        <span id={hint} className="visually-hidden">
          Arrow keys move, with Shift they select a time, Enter shows it, Escape takes it back.
        </span>
      ) : null}
      <figcaption className={css['caption']}>
        <span className={css['scale']} aria-hidden>
          {told ?? `${slotTime(slots[0]?.at, slotMs, timeZone)} to now, ${mostText(mostOf(props), slotMs)}`}
        </span>
        <Legend series={series} slots={slots} />
      </figcaption>
      <div className="visually-hidden">
        <Figures {...props} />
      </div>
    </figure>
  )
}

function mostText(most: number, slotMs: number): string {
  return most === 0 ? 'none' : `at most ${count(most)} in ${lengthOf(slotMs)}`
}

/** How high the strip is: empty, it has room for one. */
function heightOf(props: BarStripProps): number {
  return Math.max(1, mostOf(props))
}

/** The highest bar, or what is usual where that is more. */
function mostOf({ slots, usual = [] }: BarStripProps): number {
  return Math.max(0, ...slots.map(totalOf), ...usual.map((n) => n ?? 0))
}

function Ticks({ max, ticks }: Pick<BarAxes, 'max' | 'ticks'>) {
  return (
    <span className={css['ticks']} aria-hidden>
      {ticks.map(({ at, label }) => (
        <span key={at} className={css['tick']} style={{ bottom: `${(at / max) * 100}%` }}>
          <span className={css['tickLabel']}>{label}</span>
        </span>
      ))}
    </span>
  )
}

function Times({ times, slots }: { times: BarAxes['times']; slots: number }) {
  return (
    <span className={css['times']} aria-hidden>
      {times.map(({ slot, label }) => (
        <span key={slot} className={css['time']} style={{ insetInlineStart: `${(slot / slots) * 100}%` }}>
          {label}
        </span>
      ))}
    </span>
  )
}

function Bars(props: BarStripProps & { max: number; marked: BarRange | null }) {
  const { series, slots, slotMs, usual = [], max, marked } = props
  const first = slots[0]?.at.getTime() ?? 0
  const x = (at: Date) => Math.min(slots.length, Math.max(0, (at.getTime() - first) / slotMs))
  const y = (n: number) => (n / max) * HEIGHT
  return (
    <svg
      className={css['bars']}
      viewBox={`0 0 ${Math.max(1, slots.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      {marked ? (
        <rect
          className={css['marked']}
          x={x(marked.from)}
          width={Math.max(0, x(marked.to) - x(marked.from))}
          height={HEIGHT}
        />
      ) : null}
      {slots.map((slot, i) => {
        let below = 0
        return series.map(({ id, tone }) => {
          const n = slot.counts[id] ?? 0
          if (n === 0) return null
          below += n
          return (
            <rect
              key={`${i} ${id}`}
              className={css['bar']}
              data-tone={tone}
              x={i + 0.1}
              width={0.8}
              y={HEIGHT - y(below)}
              height={y(n)}
            />
          )
        })
      })}
      {usual.map((n, i) =>
        n === null ? null : (
          <line key={i} className={css['usual']} x1={i} x2={i + 1} y1={HEIGHT - y(n)} y2={HEIGHT - y(n)} />
        ),
      )}
    </svg>
  )
}

function Legend({ series, slots }: Pick<BarStripProps, 'series' | 'slots'>) {
  return (
    <span className={css['legend']} aria-hidden>
      {series.map(({ id, label, tone }) => {
        const total = slots.reduce((sum, slot) => sum + (slot.counts[id] ?? 0), 0)
        if (total === 0) return null
        return (
          <span key={id} className={css['key']}>
            <span className={css['swatch']} data-tone={tone} />
            {label} <span className="num">{count(total)}</span>
          </span>
        )
      })}
    </span>
  )
}

/** The same figures as a table; slots without anything are left out. */
function Figures({ label, series, slots, slotMs, usual, asTable }: BarStripProps) {
  const { timeZone } = useKit()
  return (
    <table className={asTable === true ? css['table'] : undefined}>
      <caption>{label}</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          {series.map(({ id, label: name }) => (
            <th key={id} scope="col">
              {name}
            </th>
          ))}
          {usual ? <th scope="col">Usual</th> : null}
        </tr>
      </thead>
      <tbody>
        {slots.map((slot, i) =>
          totalOf(slot) === 0 ? null : (
            <tr key={slot.at.getTime()}>
              <th scope="row">{slotTime(slot.at, slotMs, timeZone)}</th>
              {series.map(({ id }) => (
                <td key={id}>{count(slot.counts[id] ?? 0)}</td>
              ))}
              {usual ? <td>{usual[i] == null ? 'not known' : Math.round(usual[i])}</td> : null}
            </tr>
          ),
        )}
      </tbody>
    </table>
  )
}

/** Mouse and keyboard on the strip. */
function operation(strip: {
  slots: readonly BarSlot[]
  slotMs: number
  cursor: Cursor | null
  setCursor: (cursor: Cursor | null) => void
  onSelect: (range: BarRange | null) => void
}) {
  const { slots, slotMs, cursor, setCursor, onSelect } = strip
  const timeAt = (index: number) => slots[Math.min(slots.length - 1, Math.max(0, index))]?.at.getTime() ?? 0
  const under = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return timeAt(Math.floor(((event.clientX - left) / width) * slots.length))
  }
  const select = (chosen: Cursor) => onSelect(rangeOf(chosen, slotMs))
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setCursor({ anchor: under(event), at: under(event), dragging: true })
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const at = under(event)
      setCursor(cursor?.dragging ? { ...cursor, at } : { anchor: at, at, dragging: false })
    },
    onPointerUp() {
      if (cursor?.dragging) select(cursor)
      setCursor(null)
    },
    onPointerLeave() {
      if (!cursor?.dragging) setCursor(null)
    },
    onPointerCancel: () => setCursor(null),
    onBlur: () => setCursor(null),
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const here = indexOf(slots, cursor?.at ?? timeAt(slots.length - 1))
      const to = stepTo(event.key, here, slots.length)
      if (to !== null) {
        const at = timeAt(to)
        setCursor({ anchor: event.shiftKey ? (cursor?.anchor ?? timeAt(here)) : at, at, dragging: false })
      } else if (event.key === 'Enter' && cursor) select(cursor)
      else if (event.key === 'Escape') {
        setCursor(null)
        onSelect(null)
      } else return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}

function stepTo(key: string, here: number, length: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return here - 1
    case 'ArrowRight':
    case 'ArrowUp':
      return here + 1
    case 'PageDown':
      return here - PAGE_SLOTS
    case 'PageUp':
      return here + PAGE_SLOTS
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return null
  }
}

/** Where a time is; the nearest end for one that has moved out of the strip. */
function indexOf(slots: readonly BarSlot[], at: number): number {
  const index = slots.findIndex((slot) => slot.at.getTime() >= at)
  return index === -1 ? slots.length - 1 : index
}

function rangeOf({ anchor, at }: Cursor, slotMs: number): BarRange {
  return { from: new Date(Math.min(anchor, at)), to: new Date(Math.max(anchor, at) + slotMs) }
}

/** "14:35:10 to 14:35:40: 12 events, 10 applied, 2 failed". */
function describe({ series, slots, slotMs }: BarStripProps, cursor: Cursor, zone: TimeZoneChoice): string {
  const { from, to } = rangeOf(cursor, slotMs)
  const inside = slots.filter(({ at }) => at >= from && at < to)
  return `${slotTime(from, slotMs, zone)} to ${slotTime(to, slotMs, zone)}: ${sums(series, inside)}`
}

function describeAll({ series, slots }: BarStripProps): string {
  return sums(series, slots)
}

function sums(series: readonly BarSeries[], slots: readonly BarSlot[]): string {
  const parts = series.flatMap(({ id, label }) => {
    const total = slots.reduce((sum, slot) => sum + (slot.counts[id] ?? 0), 0)
    return total === 0 ? [] : [`${count(total)} ${label.toLowerCase()}`]
  })
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

function totalOf(slot: BarSlot): number {
  return Object.values(slot.counts).reduce((sum, n) => sum + n, 0)
}

function slotTime(at: Date | undefined, slotMs: number, zone: TimeZoneChoice): string {
  if (at === undefined) return ''
  if (slotMs >= DAY_MS) return formatTime(at, 'date', zone)
  if (slotMs > HOUR_MS) return formatTime(at, 'list', zone).slice(0, -3)
  return formatTime(at, 'time', zone).slice(0, slotMs >= MINUTE_MS ? 5 : 8)
}

function lengthOf(slotMs: number): string {
  if (slotMs >= DAY_MS) return slotMs === DAY_MS ? 'a day' : `${slotMs / DAY_MS} days`
  if (slotMs >= MINUTE_MS && slotMs < HOUR_MS) return `${slotMs / MINUTE_MS} min`
  return slotMs >= HOUR_MS ? `${slotMs / HOUR_MS} h` : `${slotMs / 1_000} s`
}

function count(n: number): string {
  return Math.round(n).toLocaleString('en-IN')
}
