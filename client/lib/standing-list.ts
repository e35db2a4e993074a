/**
 * A list whose rows stay where they are while somebody reads: changed ones are brought up to date in place, newer ones
 * are only counted, and nothing is read again from the top unless the reader asks for it.
 */
import { keepPreviousData, useQueryClient, type InfiniteData, type QueryKey } from '@tanstack/react-query'
import { useState } from 'react'
import { hashQueryKey } from './query-key.ts'
import { usePollWhileDown, useReturn } from './use-catch-up.ts'

/** Ids that one question may name. */
const QUESTION_IDS = 100
/** Rows around those in sight that are brought up to date without word of a change: three questions, one request. */
const CATCH_UP_ROWS = 3 * QUESTION_IDS

/** How long a list that was left keeps its rows: the work on one of its records may take so long. */
const KEPT_MS = 30 * 60_000

const hasNoPages = ({ state }: { state: { data: unknown } }) => state.data === undefined

/**
 * For the pages of such a list. Pages that are read again begin at the newest row and push away what somebody reads.
 * Whoever comes back finds the rows where they were, brought up to date in place, and is told how many are newer.
 */
export const STANDING_PAGES = {
  gcTime: KEPT_MS,
  placeholderData: keepPreviousData,
  refetchOnMount: false,
  refetchOnWindowFocus: hasNoPages,
  refetchOnReconnect: hasNoPages,
} as const

/** Whether the pages were there already when the list opened: read before, by whoever comes back. */
export function useKeptPages(queryKey: QueryKey): boolean {
  const client = useQueryClient()
  const [kept] = useState(() => client.getQueryData(queryKey) !== undefined)
  return kept
}

/** The first page alone, to begin again from the newest row. */
export function firstPage<Page, Param>(
  data: InfiniteData<Page, Param> | undefined,
): InfiniteData<Page, Param> | undefined {
  return data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
}

/** The ids in as many questions as they need. */
export function inQuestions(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / QUESTION_IDS) }, (_, i) =>
    ids.slice(i * QUESTION_IDS, (i + 1) * QUESTION_IDS),
  )
}

/** Whether a row that was asked for again says what it said before. */
export function isSameRow<Row>(row: Row, fresh: Row | undefined): boolean {
  return fresh !== undefined && hashQueryKey([row]) === hashQueryKey([fresh])
}

type CatchUpOptions = {
  /** The list shows what was read before it was left. */
  wasLeft: boolean
  /** Its rows are those that it asked for. */
  ready: boolean
  /** Where in the list the rows in sight begin. */
  firstInSight: () => number
}

/** Calls `renew` with the ids of the rows around those in sight when nobody can have heard of their changes. */
export function useCatchUp(
  rows: readonly { id: string }[],
  { wasLeft, ready, firstInSight }: CatchUpOptions,
  renew: (ids: readonly string[]) => void,
): void {
  function catchUp() {
    if (!ready) return
    const start = Math.max(0, firstInSight() - CATCH_UP_ROWS / 3)
    renew(rows.slice(start, start + CATCH_UP_ROWS).map(({ id }) => id))
  }
  useReturn(wasLeft, catchUp)
  usePollWhileDown(catchUp)
}
