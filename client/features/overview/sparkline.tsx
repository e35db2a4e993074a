import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import type { Spark } from './overview-words.ts'
import css from './overview.module.css'

const WIDTH = 160
const HEIGHT = 32
/** Half a stroke, so that the line is not cut at its highest and lowest. */
const INSET = 2

/** A day as a line. The sentence beside it says what the line shows. */
export function Sparkline({ label, points, tone }: { label: string; points: Spark; tone: string }) {
  const known = points.flatMap(({ value }) => (value === null ? [] : [value]))
  const top = Math.max(...known, 0)
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [INSET, WIDTH - INSET])
  // Amounts and counts begin at zero: half as high is half as much.
  const y = scaleLinear([0, top === 0 ? 1 : top], [HEIGHT - INSET, INSET])
  const shape = {
    defined: (point: Spark[number]) => point.value !== null,
    of: (point: Spark[number]) => y(point.value ?? 0),
  }
  const stroke = line<Spark[number]>((_, i) => x(i), shape.of).defined(shape.defined)(points)
  const fill = area<Spark[number]>((_, i) => x(i), y(0), shape.of).defined(shape.defined)(points)
  return (
    <svg
      className={css['sparkline']}
      data-tone={tone}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className={css['sparkFill']} d={fill ?? ''} />
      <path className={css['sparkLine']} d={stroke ?? ''} />
    </svg>
  )
}
