import type { ReactNode } from 'react'
import type { Problem } from './states.tsx'

export type GridColumn<Row> = {
  id: string
  header: string
  /** Pixels; the least width when the column grows. */
  width: number
  /** Shares the width that is left over. */
  grow?: boolean
  align?: 'start' | 'end'
  /** The server can order by it. */
  sortable?: boolean
  /** Exactly one column: its cell is the row's header and holds the link. Pass `tabIndex={-1}` to the link. */
  rowHeader?: boolean
  render: (row: Row) => ReactNode
}

/** What the list is doing; every list has to say all of it. */
export type GridState =
  | { kind: 'loading' }
  | { kind: 'ready' }
  /** Rows on screen are being renewed; `stale` dims rows that belong to another query or failed to renew. */
  | { kind: 'refreshing'; stale?: boolean }
  | { kind: 'error'; problem: Problem; onRetry?: () => void }
  | { kind: 'forbidden'; title: string; hint?: string }

export type GridSort = { column: string; direction: 'asc' | 'desc' }
