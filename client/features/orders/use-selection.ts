import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { announce } from '../../ui/announcer.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { AllMatching, OrderRow } from './order-types.ts'

const NONE: ReadonlySet<string> = new Set()
/** Rows of one page of a selection that is read to be acted on. */
const PAGE_ROWS = 100

type Picked = { listKey: string; ids: ReadonlySet<string>; all: AllMatching | null }

export type Selection = ReturnType<typeof useSelection>

/**
 * What is selected: rows by their ids, or all that match, pinned by the server with their number and sums, so that what
 * arrives later is not among them. It belongs to one filter; another filter clears it, and that can be undone.
 */
export function useSelection(
  rows: readonly OrderRow[],
  filter: { q: string; range: { from: Date | null; to: Date | null } },
) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const listKey = `${filter.q} ${filter.range.from?.getTime() ?? ''} ${filter.range.to?.getTime() ?? ''}`
  const [picked, setPicked] = useState<Picked>({ listKey, ids: NONE, all: null })
  const [counting, setCounting] = useState(false)
  const mine = picked.listKey === listKey
  const ids = mine ? picked.ids : NONE
  const all = mine ? picked.all : null
  const chosen = useMemo(() => (ids.size === 0 ? [] : rows.filter((row) => ids.has(row.id))), [rows, ids])
  const lost = !mine && picked.ids.size > 0 ? picked.ids : null
  const told = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (lost === null || told.current === lost) return
    told.current = lost
    toast.undo('Selection cleared.', () => setPicked({ listKey, ids: lost, all: null }))
  }, [lost, listKey])

  /** Counts, adds up and pins all that match. */
  async function selectAll() {
    setCounting(true)
    announce('Counting')
    try {
      const input = { q: filter.q, ...filter.range }
      const found = await client.fetchQuery(
        trpc.orders.selection.queryOptions(input, { staleTime: 0, gcTime: 0, retry: false }),
      )
      setPicked({ listKey, ids: new Set(rows.map(({ id }) => id)), all: found })
      announce(`${found.count} orders match and are selected`)
    } catch (error) {
      const { title, message } = toActProblem(error)
      toast.error(title, message)
    } finally {
      setCounting(false)
    }
  }

  /** The selected orders, read page by page when they are all that match; `most` is as many as the act takes. */
  async function read(most: number): Promise<readonly OrderRow[]> {
    if (all === null) return chosen
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
    return found
  }

  return {
    ids,
    all,
    counting,
    chosen,
    size: all ? all.count : chosen.length,
    /** Every loaded row is selected, one by one. */
    allLoaded: all === null && rows.length > 0 && chosen.length === rows.length,
    select: (next: ReadonlySet<string>) => setPicked({ listKey, ids: next, all: null }),
    clear: () => setPicked({ listKey, ids: NONE, all: null }),
    selectAll: () => void selectAll(),
    read,
  }
}
