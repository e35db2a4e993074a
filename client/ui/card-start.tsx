import type { ReactNode } from 'react'
import css from './data-grid.module.css'

/** The start of a card's line where that is a link and words about it, which are cut where the end begins. */
export function CardStart({ lead, children }: { lead: ReactNode; children: ReactNode }) {
  return (
    <span className={css['start']}>
      <span>{lead}</span>
      <span>{children}</span>
    </span>
  )
}
