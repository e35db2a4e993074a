import type { ReactNode } from 'react'
import css from './fact-list.module.css'

/** One line of facts. A line whose value is null, undefined or '' is left out: empty fields are hidden. */
export type Fact = { label: string; value: ReactNode }

/** Labels and values as a real `dl`. `boxed` is the sunken panel of dialogs. */
export function FactList({ facts, boxed = false }: { facts: readonly Fact[]; boxed?: boolean }) {
  const shown = facts.filter(({ value }) => value !== null && value !== undefined && value !== '')
  return (
    <dl className={css['facts']} data-boxed={boxed || undefined}>
      {shown.map(({ label, value }) => (
        <div key={label} className={css['fact']}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** One amount of the header line; the note under it says what it is made of. */
export type Figure = Fact & { note?: string | null }

/** The header line of amounts on a detail page: equal cells, caption over figure. */
export function FigureStrip({ figures }: { figures: readonly Figure[] }) {
  return (
    <div className={css['around']}>
      <dl className={css['strip']}>
        {figures.map(({ label, value, note }) => (
          <div key={label} className={css['cell']}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
            {note ? <dd className={css['note']}>{note}</dd> : null}
          </div>
        ))}
      </dl>
    </div>
  )
}
