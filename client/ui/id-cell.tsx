import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'
import { useKit } from './kit-context.ts'
import { NoValue } from './money.tsx'
import css from './id-cell.module.css'

const TAIL_CHARS = 6

export type IdCellProps = {
  value: string | null | undefined
  /** Name of the thing in lower case, for the copy button: "order ID". */
  what: string
  /** Makes the ID a link. */
  to?: string
  /** Name of the link when the ID alone is not enough. */
  linkLabel?: string
  tabIndex?: number
  /** Without a copy button (dense lists, where `C` copies). */
  noCopy?: boolean
  /** A sign beside it, which is never cut. */
  mark?: ReactNode
}

/** An identifier in the mono face, cut in the middle when the column is narrow, with a copy button on hover or focus. */
export function IdCell({ value, what, to, linkLabel, tabIndex, noCopy = false, mark }: IdCellProps) {
  const { link: Link } = useKit()
  if (!value) return <NoValue />
  const text: ReactNode = (
    <span className={css['text']} title={value}>
      <span className={css['head']}>{value.slice(0, -TAIL_CHARS)}</span>
      <span>{value.slice(-TAIL_CHARS)}</span>
    </span>
  )
  return (
    <span className={css['cell']}>
      {to === undefined ? (
        text
      ) : (
        <Link
          to={to}
          className={css['link']}
          aria-label={linkLabel}
          {...(tabIndex !== undefined && { tabIndex })}
        >
          {text}
        </Link>
      )}
      {mark}
      {/* By its text: in a row that becomes another one a tick would stand for what was not copied. */}
      {noCopy ? null : (
        <CopyButton key={value} text={value} what={what} {...(tabIndex !== undefined && { tabIndex })} />
      )}
    </span>
  )
}
