/**
 * A list whose rows stay where they are while somebody reads: changed ones are brought up to date in place, newer ones
 * are only counted, and nothing is read again from the top unless the reader asks for it.
 */
import { keepPreviousData, useQueryClient, type InfiniteData, type QueryKey } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { hashQueryKey } from './query-key.ts'
import { QUESTION_IDS } from './row-renewal.ts'
import { usePollWhileDown, useReturn } from './use-catch-up.ts'

/** Rows around those in sight that are brought up to date now and then while nobody tells of changes: three questions. */
const POLLED_ROWS = 3 * QUESTION_IDS
/** Rows around those in sight that are brought up to date for somebody who comes back. */
export const RETURN_ROWS = 30 * QUESTION_IDS

/** Where somebody scrolls is looked at this often. */
const SCROLL_MS = 200
const NONE: ReadonlySet<string> = new Set()

/** How long a list that was left keeps its rows: the work on one of its records may take so long. */
const KEPT_MS = 30 * 60_000

const hasNoPages = ({ state }: { state: { data: unknown } }) => state.data === undefined

/**
 * For the pages of such a list. Pages that are read again begin at the newest row and push away what somebody reads.
 * Whoever comes back finds the rows where they were, brought up to date in place, and is told how many are newer.
 */
export const STANDING_PAGES = {
  gcTime: KEPT_MS,
  // However long ago they were read: coming back, from another tab or filter too, brings rows up to date in their place.
  staleTime: Infinity,
  placeholderData: keepPreviousData,
  refetchOnMount: false,
  refetchOnWindowFocus: hasNoPages,
  refetchOnReconnect: hasNoPages,
} as const

/** Names pages that were there already when they were opened: read before, by whoever comes back. Null for others. */
export function useKeptPages(queryKey: QueryKey): string | null {
  const client = useQueryClient()
  const key = hashQueryKey(queryKey)
  const look = () => ({ key, kept: client.getQueryData(queryKey) !== undefined })
  const [found, setFound] = useState(look)
  if (found.key !== key) setFound(look())
  return found.kept ? found.key : null
}

/** The first page alone, to begin again from the newest row. */
export function firstPage<Page, Param>(
  data: InfiniteData<Page, Param> | undefined,
): InfiniteData<Page, Param> | undefined {
  return data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
}

type CatchUpOptions = {
  /** The list shows what was read before it was left (see {@link useKeptPages}). */
  kept: string | null
  /** Its rows are those that it asked for. */
  ready: boolean
  /** Where in the list the rows in sight begin. */
  firstInSight: () => number
}

/**
 * Calls `renew` with the ids of the rows around those in sight when nobody can have heard of their changes. Rows further
 * away, in a list of thousands, have their turn when somebody scrolls to them.
 */
export function useCatchUp(
  rows: readonly { id: string }[],
  { kept, ready, firstInSight }: CatchUpOptions,
  renew: (ids: readonly string[]) => void,
): void {
  /** Rows that are as they were before somebody came back. */
  const [behind, setBehind] = useState<ReadonlySet<string>>(NONE)

  function around(count: number): string[] {
    const start = Math.max(0, firstInSight() - count / 3)
    return rows.slice(start, start + count).map(idOf)
  }
  useReturn(kept, () => {
    if (!ready) return
    const near = around(RETURN_ROWS)
    setBehind(without(rows.map(idOf), near))
    renew(near)
  })
  usePollWhileDown(() => {
    if (ready) renew(around(POLLED_ROWS))
  })
  useScrolled(behind.size > 0, () => {
    if (!ready || !around(POLLED_ROWS).some((id) => behind.has(id))) return
    const near = around(RETURN_ROWS).filter((id) => behind.has(id))
    setBehind(without(behind, near))
    renew(near)
  })
}

const idOf = ({ id }: { id: string }): string => id

function without(ids: Iterable<string>, taken: readonly string[]): ReadonlySet<string> {
  const left = new Set(ids)
  for (const id of taken) left.delete(id)
  return left
}

/** While `watched`: calls `look` a moment after somebody began to scroll, and as long as it goes on. */
function useScrolled(watched: boolean, look: () => void): void {
  const now = useEffectEvent(look)
  useEffect(() => {
    if (!watched) return
    let timer: ReturnType<typeof setTimeout> | null = null
    const onScroll = () => {
      timer ??= setTimeout(() => {
        timer = null
        now()
      }, SCROLL_MS)
    }
    // Whatever scrolls the rows: their grid, or the page on a phone.
    const how = { capture: true, passive: true }
    document.addEventListener('scroll', onScroll, how)
    return () => {
      document.removeEventListener('scroll', onScroll, how)
      if (timer !== null) clearTimeout(timer)
    }
  }, [watched])
}
