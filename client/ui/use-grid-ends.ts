/** More rows for whoever comes near the end of those that are loaded, or near their beginning. */
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

const PREFETCH_ROWS = 30

/** Asks for the rows behind the last one, once per number of rows. */
export function useEndReached(lastIndex: number, count: number, onEndReached: (() => void) | undefined) {
  const askedAt = useRef(-1)
  useEffect(() => {
    if (!onEndReached || count === 0 || lastIndex < count - PREFETCH_ROWS || askedAt.current === count) return
    askedAt.current = count
    onEndReached()
  }, [lastIndex, count, onEndReached])
}

type StartOptions = {
  scroller: RefObject<HTMLElement | null>
  rowHeight: number
  rowIds: readonly string[]
  /** Of the rows on the screen. */
  startIndex: number
  onStartReached: (() => void) | undefined
}

/** Asks for the rows before the first one, and when they arrive keeps what is on the screen where it is. */
export function useStartReached({ scroller, rowHeight, rowIds, startIndex, onStartReached }: StartOptions) {
  /** The row that was the first one when more were asked for, and whether they have come. */
  const asked = useRef<{ first: string; came: boolean } | null>(null)
  const [first] = rowIds
  useLayoutEffect(() => {
    if (asked.current === null || asked.current.came) return
    const added = rowIds.indexOf(asked.current.first)
    if (added <= 0) return
    asked.current.came = true
    scroller.current?.scrollBy({ top: added * rowHeight, behavior: 'instant' })
  }, [scroller, rowIds, rowHeight])
  useEffect(() => {
    if (!onStartReached || first === undefined || asked.current?.first === first) return
    // Where it is now: the index is of the last drawing, before what came moved it.
    if ((scroller.current?.scrollTop ?? 0) > PREFETCH_ROWS * rowHeight) return
    asked.current = { first, came: false }
    onStartReached()
  }, [scroller, rowHeight, first, startIndex, onStartReached])
}
