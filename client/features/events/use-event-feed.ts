import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useReducer, useRef, useState } from 'react'
import { ANY_EVENT, matchesEvent, type EventFilter } from '../../../server/domain/event-filter.ts'
import type { TimeRange } from '../../../server/domain/time-range.ts'
import { useLiveConnection, useLiveEvents } from '../../lib/live.tsx'
import { useRowMarks } from '../../lib/row-marks.ts'
import { firstPage } from '../../lib/standing-list.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { announce } from '../../ui/announcer.tsx'
import {
  emptyFeed,
  feedReducer,
  hasHole,
  holdRows,
  LIVE_ROWS_MAX,
  mergeRows,
  waitingCount,
  type HeldRows,
} from './event-feed.ts'
import type { EventRow } from './event-types.ts'

/** Rows on one page of history; the next is fetched when 30 are left. */
const PAGE_ROWS = 100
/** Arrivals are applied together this often. */
const APPLY_MS = 250
/** Events whose processing ended are asked for together this often. */
const RENEW_MS = 1_000
/** Up to here they are asked for one by one (one batched request); beyond, the newest page is read. */
const RENEW_MAX = 10
/** While there is no live stream the list is asked for this often. */
const POLL_MS = 15_000
const SUMMARY_MS = 10_000
/** A row that still waits after this long is looked at again: its change may have been missed. */
const WAITING_LONG_MS = 3_000
const LOOK_AGAIN_MS = 5_000

type FeedOptions = {
  /** Null: it could not be read, and nothing is asked. */
  filter: EventFilter | null
  range: TimeRange
  /** Nothing moves and arrivals are counted. */
  held: boolean
  /** Hears of every row the stream brings, filtered or not. */
  onHeard: (rows: readonly EventRow[]) => void
  /** A screen reader is told the sum now and then. */
  speaks: boolean
}

/** The feed: live rows above pages of history, without gaps and without repeats. A range that has ended is not live. */
export function useEventFeed({ filter: asked, range, held, onHeard, speaks }: FeedOptions) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { connection } = useLiveConnection()
  const filter = asked ?? ANY_EVENT
  const key = JSON.stringify([asked, range])
  const polls = connection.kind === 'reconnecting' || connection.kind === 'connecting'
  const options = trpc.events.list.infiniteQueryOptions(
    { filter, ...range, limit: PAGE_ROWS },
    {
      enabled: asked !== null,
      initialCursor: null,
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
      // What came while the page was closed is not in the cache.
      staleTime: 0,
      refetchOnMount: 'always',
      refetchInterval: polls ? POLL_MS : false,
    },
  )
  const list = useInfiniteQuery(options)
  const [kept, dispatch] = useReducer(feedReducer, key, emptyFeed)
  if (kept.key !== key) dispatch({ kind: 'restarted', key })
  const feed = kept.key === key ? kept : emptyFeed(key)
  const pages = list.data?.pages
  const loaded = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const merged = useMemo(() => mergeRows(feed, loaded, filter), [feed, loaded, filter])
  // By the rows there are, not by how the last reading went: one that fails in the background leaves them.
  const still = useHeldRows(merged, { key, held: held && pages !== undefined && !list.isPlaceholderData })
  const rows = still.shown
  const [fresh, mark] = useRowMarks()

  function arrive(arrived: readonly EventRow[]) {
    onHeard(arrived)
    const known = new Set(loaded.map((row) => row.id))
    const shown = new Set([...known, ...feed.live.map((row) => row.id), ...feed.waiting.map((row) => row.id)])
    const oldest = list.hasNextPage ? rows.at(-1)?.receivedAt : undefined
    const taken = arrived.filter(
      (row) =>
        shown.has(row.id) ||
        (asked !== null &&
          range.to === null &&
          matchesEvent(row, filter) &&
          (oldest === undefined || row.receivedAt >= oldest)),
    )
    if (taken.length === 0) return
    dispatch({ kind: 'arrived', rows: taken, held, known })
    mark(taken.filter((row) => !shown.has(row.id)).map((row) => row.id))
  }

  /** Rows by id as they are now; those that cannot be had stay as they are until the next load. */
  async function renew(ids: readonly string[]) {
    if (ids.length > RENEW_MAX) {
      const head = await client.fetchQuery(
        trpc.events.list.queryOptions({ limit: PAGE_ROWS }, { staleTime: 0, retry: false }),
      )
      const asked = new Set(ids)
      arrive(head.rows.filter((row) => asked.has(row.id)))
      return
    }
    const found = await Promise.allSettled(
      ids.map((id) =>
        client.fetchQuery(trpc.events.get.queryOptions({ id }, { staleTime: 0, retry: false })),
      ),
    )
    arrive(found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  }

  useFeedMessages({
    speaks,
    wanted: range.to === null ? asked : null,
    onArrived: arrive,
    onChanged: (ids) => void Promise.allSettled([renew(ids)]),
    eventOf: (subject, id) =>
      rows.find((row) => (subject === 'order' ? row.orderId : row.id) === id)?.id ?? null,
    // A stream that begins anew tells nothing of what came between the page's answer and its own beginning.
    onBegin: () => void list.refetch(),
  })
  const lookAgain = useEffectEvent(() => {
    const before = Date.now() - WAITING_LONG_MS
    const ids = rows
      .filter((row) => row.status === 'received' && row.receivedAt.getTime() < before)
      .slice(0, RENEW_MAX)
      .map((row) => row.id)
    if (ids.length > 0) void Promise.allSettled([renew(ids)])
  })
  useEffect(() => {
    const timer = setInterval(() => lookAgain(), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [])

  /** Begins again at the newest page: for a list that had to drop rows. */
  async function startAgain() {
    dispatch({ kind: 'restarted', key })
    client.setQueryData(options.queryKey, firstPage)
    await list.refetch()
  }

  const catchUp = useEffectEvent(() => {
    if (held) return
    if (hasHole(feed)) void startAgain()
    else if (feed.waiting.length > 0) dispatch({ kind: 'released' })
  })
  const overflows = feed.live.length > LIVE_ROWS_MAX
  useEffect(() => catchUp(), [held, overflows])

  return { list, rows, fresh, waiting: waitingCount(feed, still.beyond) }
}

/**
 * The rows as they stood when the hold began, as long as it lasts: pages are read again by themselves, when the stream
 * begins anew or somebody looks at the tab. Another list, by its key, is held as it comes.
 */
function useHeldRows(rows: readonly EventRow[], { key, held }: { key: string; held: boolean }): HeldRows {
  const [kept, setKept] = useState<(HeldRows & { key: string; of: readonly EventRow[] }) | null>(null)
  if (!held) {
    if (kept !== null) setKept(null)
    return { shown: rows, beyond: [] }
  }
  if (kept?.key === key && kept.of === rows) return kept
  const next = kept?.key === key ? holdRows(kept.shown, rows) : { shown: rows, beyond: [] }
  setKept({ ...next, key, of: rows })
  return next
}

/** Gathers messages of the stream into few updates, and tells a screen reader the sum now and then. */
function useFeedMessages({
  speaks,
  wanted,
  onArrived,
  onChanged,
  eventOf,
  onBegin,
}: {
  speaks: boolean
  /** Events to hear of; null for none. */
  wanted: EventFilter | null
  onArrived: (rows: readonly EventRow[]) => void
  onChanged: (ids: readonly string[]) => void
  /** A shown event that is, or belongs to, what changed: to be read again. */
  eventOf: (subject: 'order' | 'webhook_event', id: string) => string | null
  onBegin: () => void
}): void {
  const rows = useRef<EventRow[]>([])
  const ids = useRef(new Set<string>())
  const heard = useRef({ events: 0, failed: 0 })
  const appliedAt = useRef(-Infinity)
  const applying = useRef<ReturnType<typeof setTimeout> | null>(null)
  const renewing = useRef<ReturnType<typeof setTimeout> | null>(null)
  const apply = useEffectEvent(() => {
    applying.current = null
    appliedAt.current = performance.now()
    onArrived(rows.current)
    rows.current = []
  })
  const renew = useEffectEvent(() => {
    renewing.current = null
    onChanged([...ids.current])
    ids.current = new Set()
  })
  // Stable identities for the timers: an effect event may only be called from effects.
  const run = useRef({ apply: () => {}, renew: () => {} })
  useEffect(() => {
    run.current = { apply: () => apply(), renew: () => renew() }
    return () => {
      if (applying.current) clearTimeout(applying.current)
      if (renewing.current) clearTimeout(renewing.current)
      applying.current = null
      renewing.current = null
    }
  }, [])
  useLiveEvents(wanted, (message) => {
    if (message.kind === 'event' || message.kind === 'renewed') {
      rows.current.push(message.row)
      ids.current.delete(message.row.id)
      // A repeat is told again for its count; it is no new event.
      if (message.kind === 'event' && message.row.deliveryCount === 1) heard.current.events += 1
      if (message.row.status === 'failed' || message.row.status === 'dead') heard.current.failed += 1
      // The first after a quiet moment does not wait.
      const sinceMs = performance.now() - appliedAt.current
      applying.current ??= setTimeout(() => run.current.apply(), Math.max(0, APPLY_MS - sinceMs))
    } else if (message.kind === 'hello') {
      onBegin()
    } else if (
      message.kind === 'change' &&
      (message.subject === 'webhook_event' || message.subject === 'order')
    ) {
      const id = eventOf(message.subject, message.subjectId)
      if (id === null) return
      ids.current.add(id)
      renewing.current ??= setTimeout(() => run.current.renew(), RENEW_MS)
    }
  })
  useEffect(() => {
    if (!speaks) return
    const timer = setInterval(() => {
      const { events, failed } = heard.current
      if (events === 0 || document.activeElement?.matches('input, textarea, select')) return
      heard.current = { events: 0, failed: 0 }
      announce(`${events} new ${events === 1 ? 'event' : 'events'}${failed ? `, ${failed} failed` : ''}`)
    }, SUMMARY_MS)
    return () => clearInterval(timer)
  }, [speaks])
}
