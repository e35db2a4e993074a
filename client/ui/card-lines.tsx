import type { ReactNode } from 'react'
import css from './data-grid.module.css'

/** A row of a list on a phone: two lines, the first part of each at the start and the second at the end. */
export function CardLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <>
      <span className={css['line']}>{first}</span>
      <span className={css['line']}>{second}</span>
    </>
  )
}
