import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import css from './print-sheet.module.css'

/** What goes on paper in place of the whole page; on the screen there is nothing of it. */
export function PrintSheet({ paper, children }: { paper: 'list' | 'receipt'; children: ReactNode }) {
  return createPortal(
    <div className={css['sheet']} data-print-sheet={paper}>
      {children}
    </div>,
    document.body,
  )
}
