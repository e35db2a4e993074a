import type { ReactNode } from 'react'
import type { Fact } from './fact-list.tsx'
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
  /** Stays in sight at the start while the other columns scroll sideways. */
  pinned?: boolean
  /** Holds buttons: of no use on paper. */
  screenOnly?: boolean
  render: (row: Row) => ReactNode
}

/** What a person chose for the columns of a list. */
export type GridLayout = {
  /** Ids of the columns that are shown, in their order. Pinned ones stay in front whatever their place. */
  order: readonly string[]
  /** Pixels by column id; a column without an entry has its own width. */
  widths: Readonly<Record<string, number>>
}

/** A column as it is drawn: its width now, and how far from the start it sticks (null: it scrolls). */
export type ShownColumn<Row> = {
  column: GridColumn<Row>
  width: number
  /** A person gave it this width: it does not grow. */
  fixed: boolean
  left: number | null
}

/** What the list is doing; every list has to say all of it. */
export type GridState =
  | { kind: 'loading' }
  /** `stale` dims rows that belong to another query or failed to renew. */
  | { kind: 'ready'; stale?: boolean }
  /** Rows on screen are being renewed. */
  | { kind: 'refreshing'; stale?: boolean }
  | { kind: 'error'; problem: Problem; onRetry?: () => void }
  | { kind: 'forbidden'; title: string; hint?: string }

export type GridSort = { column: string; direction: 'asc' | 'desc' }

/** What stands above the rows of a list on paper (design §3.18). */
export type PrintedList = {
  /** In place of the list's own name, when it is part of something. */
  title?: string
  /** What is known of that. */
  facts?: readonly Fact[]
  /** The filter in words; those that are empty are left out. */
  filter: readonly string[]
  /** There are rows that match and are not loaded. */
  more: boolean
  /** There are rows before the first one that is loaded. */
  middle?: boolean
  /** How many match, in words, when it is known: "about 48,210". */
  total?: string | null
  asOf: Date | undefined
  /** Who prints: "Asha Menon for Demo, sandbox". */
  by: string
}
