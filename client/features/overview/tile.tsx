import { lazy, Suspense, type ReactNode } from 'react'
import { useKit } from '../../ui/kit-context.ts'
import { sparkText, type Spark } from './overview-words.ts'
import css from './overview.module.css'

const Sparkline = lazy(() => import('./sparkline.tsx').then((chunk) => ({ default: chunk.Sparkline })))

export type TileProps = {
  label: string
  /** The list of what the figure counts. */
  to: string
  /** What a press on the tile shows: "Show the payments". */
  action: string
  /** How the figure is made, where the word alone does not say. */
  formula?: string
  value: ReactNode
  /** What the figure is of, beside or below it. */
  detail?: ReactNode
  /** What the figure leaves out, and the list of that. */
  leftOut?: { text: string; to: string } | null
  /** The change against the comparison, in words. */
  change?: string | null
  spark?: {
    what: string
    points: Spark
    text: (value: number) => string
    tone: 'charged' | 'refunded' | 'pending'
  }
}

/** One figure: its value, what it is of, its change in words, and its day as a line. Under a finger the rest of it is one link. */
export function Tile({ label, to, action, formula, value, detail, leftOut, change, spark }: TileProps) {
  const { link: Link } = useKit()
  return (
    <article className={css['tile']} aria-label={label}>
      <h3 className={css['tileLabel']}>{label}</h3>
      <p className={css['tileValue']}>{value}</p>
      {detail ? <p className={css['tileDetail']}>{detail}</p> : null}
      {leftOut ? (
        <p className={css['tileDetail']}>
          <Link to={leftOut.to} className={css['tileLeftOut']}>
            {leftOut.text}
          </Link>
        </p>
      ) : null}
      {change ? <p className={css['tileDetail']}>{change}</p> : null}
      {formula ? <p className={css['tileDetail']}>{formula}</p> : null}
      <div className={css['spark']}>
        {spark ? (
          <Suspense>
            <Sparkline
              label={sparkText(spark.what, spark.points, spark.text)}
              points={spark.points}
              tone={spark.tone}
            />
          </Suspense>
        ) : null}
      </div>
      <Link to={to} className={css['tileLink']}>
        {action}
      </Link>
    </article>
  )
}
