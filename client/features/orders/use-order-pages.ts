import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { RETURN_ROWS, STANDING_PAGES, useKeptPages } from '../../lib/standing-list.ts'
import { useTRPC } from '../../lib/trpc.ts'
import type { OrderSearch } from './order-views.ts'

/** Rows on the first page; the next is fetched when 30 are left. */
const PAGE_ROWS = 100
/** Rows on the pages after it. Each that arrives has the list drawn again, which whoever scrolls fast would see. */
const FURTHER_ROWS = 300

/** Gives the call up with its query: when somebody stops it, or goes on to another list. */
export const STOPPABLE = { abortOnUnmount: true } as const

export type OrderPagesOptions = {
  range: { from: Date | null; to: Date | null }
  /** The query can be read. One that cannot is never run: a wider one would show the wrong rows. */
  readable: boolean
  /** Id of the row that somebody who comes back had left. */
  leftRow: string | null
}

/** The pages of the list, from its top or around one of its rows. */
export function useOrderPages(search: OrderSearch, { range, readable, leftRow }: OrderPagesOptions) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const input = {
    q: search.q,
    ...range,
    sort: search.sort,
    limit: PAGE_ROWS,
    furtherLimit: FURTHER_ROWS,
  }
  const optionsAt = (at: string | null) =>
    trpc.orders.list.infiniteQueryOptions(
      { ...input, at },
      {
        enabled: readable,
        initialCursor: null,
        getNextPageParam: (page) => page.nextCursor,
        // A list that was opened at one of its rows begins in its middle.
        getPreviousPageParam: (page) => page.previousCursor,
        ...STANDING_PAGES,
        trpc: STOPPABLE,
      },
    )
  const addressed = search.at ?? null
  const listKey = JSON.stringify([search.q, search.sort, range, addressed])
  const { around, toTop } = useAround(listKey, () => {
    const cached = client.getQueryData(optionsAt(addressed).queryKey)?.pages ?? []
    const rows = cached.flatMap((page) => page.rows)
    return rows.length <= RETURN_ROWS && rows.some(({ id }) => id === leftRow) ? null : leftRow
  })
  const at = around ?? addressed
  const options = optionsAt(at)
  const keptPages = useKeptPages(options.queryKey)
  const list = useInfiniteQuery(options)
  return { list, input, listKey, queryKey: options.queryKey, keptPages, at, toTop }
}

/**
 * The row that a list is read around in place of its top: the one somebody left, when they come back and the pages down
 * to it are gone, or too many to bring up to date. However far down it was, that is one page to read, and nothing has to
 * be held in memory until then.
 * `left` is asked when the list opens.
 */
function useAround(listKey: string, left: () => string | null) {
  const [start, setStart] = useState(() => ({ listKey, row: left() }))
  // It was left in this list. Another one begins at its top, and so does this one for whoever returns from there.
  if (start.listKey !== listKey) setStart({ listKey, row: null })
  return {
    around: start.listKey === listKey ? start.row : null,
    toTop: () => setStart({ listKey, row: null }),
  }
}
