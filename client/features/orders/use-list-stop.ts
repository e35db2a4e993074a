import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useState } from 'react'
import { announce } from '../../ui/announcer.tsx'

/** What is stopped: the pages of a list, as the library gives them. */
type StoppableList = {
  data: { pages: readonly { asOf: Date }[] } | undefined
  isFetching: boolean
  isFetchingNextPage: boolean
  isFetchingPreviousPage: boolean
  isPlaceholderData: boolean
  fetchNextPage: () => Promise<unknown>
  fetchPreviousPage: () => Promise<unknown>
  refetch: () => Promise<unknown>
}

/** Goes on with a list that somebody stopped; null when nobody did. */
export type GoOn = (() => void) | null

type StopOptions = {
  /** Its pages, and what is asked for beside them. */
  queryKeys: readonly QueryKey[]
  /** Asks again for what stands beside the pages. */
  onAgain: () => void
}

/** Stops a list that takes long, and the statements of the server with it; the rows that were there stay. */
export function useListStop(list: StoppableList, { queryKeys, onAgain }: StopOptions) {
  const client = useQueryClient()
  const pages = list.data?.pages ?? []
  // Names what was there when it was stopped: whatever arrives later, for whatever reason, is not stopped.
  const mark = JSON.stringify([queryKeys, list.isPlaceholderData, pages.length, pages[0]?.asOf])
  const [stopped, setStopped] = useState<{ mark: string; ask: () => Promise<unknown> } | null>(null)

  function stop() {
    const ask = list.isFetchingNextPage
      ? list.fetchNextPage
      : list.isFetchingPreviousPage
        ? list.fetchPreviousPage
        : list.refetch
    setStopped({ mark, ask })
    for (const queryKey of queryKeys) void client.cancelQueries({ queryKey, exact: true })
    announce('Loading stopped')
  }

  function again() {
    setStopped(null)
    onAgain()
    void stopped?.ask()
  }

  const goOn: GoOn = stopped?.mark === mark && !list.isFetching ? again : null
  return { goOn, stop }
}
