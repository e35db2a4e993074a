import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { useTRPC } from '../../lib/trpc.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { announce } from '../../ui/announcer.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { AllMatching, OrderRow } from './order-types.ts'
import type { OrderSearch } from './order-views.ts'
import { freshRows, pick, PICKED_MAX, type PickedRows } from './picked-rows.ts'

const NOTHING: PickedRows = new Map()
/** Rows of one page of a selection that is read to be acted on. */
const PAGE_ROWS = 100

type Range = { from: Date | null; to: Date | null }
/** All that match, and the instants that the server was asked with. */
type Pinned = AllMatching & { range: Range }
type Picked = { listKey: string; rows: PickedRows; all: Pinned | null }
/** The selected rows that can be acted on, and how many the server left out because they changed since. */
export type SelectedRows = { rows: readonly OrderRow[]; changed: number }

type List = {
  search: OrderSearch
  range: Range
  /** Has the list as it was. */
  onRestore: (search: OrderSearch) => void
}

export type Selection = ReturnType<typeof useSelection>

/**
 * What is selected: rows one by one, or all that match, pinned by the server with their number and sums, so that what
 * arrives later is not among them. It belongs to one filter, in any order of the list; another filter clears it, and
 * that can be undone.
 */
export function useSelection(rows: readonly OrderRow[], { search, range, onRestore }: List) {
  const trpc = useTRPC()
  const client = useQueryClient()
  // Not by the instants: those of "the last 24 hours" are others when the filter is put back.
  const listKey = JSON.stringify([search.q, search.t])
  const [picked, setPicked] = useState<Picked>({ listKey, rows: NOTHING, all: null })
  const [counting, setCounting] = useState(false)
  const mine = picked.listKey === listKey
  const all = mine ? picked.all : null
  const own = mine ? picked.rows : NOTHING
  const chosen = useMemo(() => freshRows(own, rows), [own, rows])
  const ids = useMemo(
    () => (all ? new Set(rows.filter((row) => isPinned(row, all)).map(idOf)) : new Set(own.keys())),
    [all, own, rows],
  )
  useUndo({ picked, mine, search }, (lost, left) => {
    setPicked(lost)
    onRestore(left)
  })

  /** Counts, adds up and pins all that match. */
  async function selectAll() {
    setCounting(true)
    announce('Counting')
    try {
      const input = { q: search.q, ...range }
      const found = await client.fetchQuery(
        trpc.orders.selection.queryOptions(input, { staleTime: 0, gcTime: 0, retry: false }),
      )
      setPicked({ listKey, rows: NOTHING, all: { ...found, range } })
      announce(`${found.count} orders match and are selected`)
    } catch (error) {
      tellActProblem(error)
    } finally {
      setCounting(false)
    }
  }

  /** The selected orders, read page by page when they are all that match; `most` is as many as the act takes. */
  async function read(most: number): Promise<SelectedRows> {
    if (all === null) return { rows: chosen, changed: 0 }
    const found: OrderRow[] = []
    let cursor: string | null = null
    do {
      const page: { rows: OrderRow[]; nextCursor: string | null } = await client.fetchQuery(
        trpc.orders.selected.queryOptions(
          { token: all.token, cursor, limit: PAGE_ROWS },
          { staleTime: 0, gcTime: 0 },
        ),
      )
      found.push(...page.rows)
      cursor = page.nextCursor
    } while (cursor !== null && found.length < most)
    // What was pinned and does not come back changed; of those beyond what was read nothing is known.
    return { rows: found, changed: cursor === null ? Math.max(0, all.count - found.length) : 0 }
  }

  return {
    ids,
    all,
    counting,
    chosen,
    size: all ? all.count : chosen.length,
    /** Every loaded row is selected, one by one, or as many as can be. */
    allLoaded:
      all === null &&
      rows.length > 0 &&
      (chosen.length === PICKED_MAX || rows.every(({ id }) => ids.has(id))),
    /** Rows are selected that another order of the list had loaded. */
    beyondLoaded: chosen.length > rows.length,
    select: (next: ReadonlySet<string>) => setPicked({ listKey, rows: pick(next, rows, own), all: null }),
    clear: () => setPicked({ listKey, rows: NOTHING, all: null }),
    selectAll: () => void selectAll(),
    read,
  }
}

const idOf = ({ id }: OrderRow): string => id

/** Whether a row is among all that matched: the server leaves out what came or changed since. */
const isPinned = ({ changedAt }: OrderRow, { asOf }: AllMatching): boolean => changedAt <= asOf

type Held = { picked: Picked; mine: boolean; search: OrderSearch }

/** Says once that another filter cleared the selection, and offers both back: the list as it was left, and the rows. */
function useUndo({ picked, mine, search }: Held, undo: (lost: Picked, left: OrderSearch) => void): void {
  const left = useRef(search)
  const told = useRef<Picked | null>(null)
  const bringBack = useEffectEvent(undo)
  const lost = !mine && (picked.all !== null || picked.rows.size > 0) ? picked : null
  useEffect(() => {
    if (mine) {
      left.current = search
      told.current = null
    }
    if (lost === null || told.current === lost) return
    told.current = lost
    const was = left.current
    toast.undo('Selection cleared.', () => bringBack(lost, was))
  }, [lost, mine, search])
}
