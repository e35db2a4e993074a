import { describe, expect, test } from 'vitest'
import {
  emptyFeed,
  feedReducer,
  hasHole,
  holdRows,
  LIVE_ROWS_MAX,
  mergeRows,
  waitingCount,
  WAITING_ROWS_MAX,
  type Feed,
} from '../../../client/features/events/event-feed.ts'
import { ANY_EVENT, type EventFilter } from '../../../server/domain/event-filter.ts'
import { eventRow } from './event-rows.ts'
import type { EventRow } from '../../../client/features/events/event-types.ts'

const NONE: ReadonlySet<string> = new Set()
const arrive = (
  feed: Feed,
  rows: readonly EventRow[],
  { held = false, known = NONE }: { held?: boolean; known?: ReadonlySet<string> } = {},
) => feedReducer(feed, { kind: 'arrived', rows, held, known })
const ids = (rows: readonly EventRow[]) => rows.map(({ id }) => id)
const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => eventRow(from + i))

describe('the list', () => {
  test('is newest first, whatever order events came in', () => {
    const feed = arrive(emptyFeed('k'), [eventRow(3), eventRow(1), eventRow(2)])
    expect(ids(mergeRows(feed, [eventRow(0)], ANY_EVENT))).toEqual(ids([3, 2, 1, 0].map((n) => eventRow(n))))
  })

  test('shows each event once: sent again after a reconnect, and loaded with a page as well', () => {
    let feed = arrive(emptyFeed('k'), [eventRow(1), eventRow(2)])
    feed = arrive(feed, [eventRow(2), eventRow(3)])
    expect(ids(mergeRows(feed, [eventRow(2), eventRow(1), eventRow(0)], ANY_EVENT))).toEqual(
      ids([3, 2, 1, 0].map((n) => eventRow(n))),
    )
  })

  test('takes the later version of an event, live or loaded', () => {
    const waiting = eventRow(1, { status: 'received', outcome: null, tries: 0 })
    const applied = eventRow(1, { status: 'processed', tries: 1 })
    const live = arrive(arrive(emptyFeed('k'), [waiting]), [applied])
    expect(mergeRows(live, [waiting], ANY_EVENT)).toEqual([applied])
    const behind = arrive(emptyFeed('k'), [waiting])
    expect(mergeRows(behind, [applied], ANY_EVENT)).toEqual([applied])
  })

  test('renews a row of a loaded page without making it an arrival', () => {
    const before = eventRow(1, { status: 'received', tries: 0 })
    const after = eventRow(1, { status: 'failed', tries: 1 })
    const feed = arrive(emptyFeed('k'), [after], { known: new Set([before.id]), held: true })
    expect(waitingCount(feed)).toBe(0)
    expect(mergeRows(feed, [before], ANY_EVENT)).toEqual([after])
  })

  test('lets go of a row that does not match the filter any more', () => {
    const search: EventFilter = { ...ANY_EVENT, outcomes: ['failed'] }
    const failed = eventRow(1, { status: 'failed', tries: 1 })
    const applied = eventRow(1, { status: 'processed', tries: 2 })
    const feed = arrive(emptyFeed('k'), [applied], { known: new Set([failed.id]) })
    expect(mergeRows(feed, [failed], search)).toEqual([])
  })
})

describe('a repeated delivery', () => {
  test('counts up on its row, loaded or live, and is no arrival', () => {
    const once = eventRow(1)
    const twice = eventRow(1, { deliveryCount: 2, seq: '99' })
    const live = arrive(arrive(emptyFeed('k'), [once, eventRow(2)]), [twice], { held: true })
    expect(waitingCount(live)).toBe(0)
    expect(mergeRows(live, [], ANY_EVENT)).toEqual([eventRow(2), twice])
    const loaded = arrive(emptyFeed('k'), [twice], { known: new Set([once.id]), held: true })
    expect(waitingCount(loaded)).toBe(0)
    expect(mergeRows(loaded, [once], ANY_EVENT)).toEqual([twice])
  })
})

describe('the order’s status now', () => {
  const orderId = eventRow(1).orderId
  const before = eventRow(1, { orderStatus: 'pending', orderVersion: 1 })

  test('is the newest known on every row of the order, and on no other', () => {
    const after = eventRow(2, { orderId, orderStatus: 'charged', orderVersion: 2 })
    const other = eventRow(0, { orderStatus: 'failed', orderVersion: 1 })
    const rows = mergeRows(arrive(emptyFeed('k'), [after]), [before, other], ANY_EVENT)
    expect(rows.map((row) => row.orderStatus)).toEqual(['charged', 'charged', 'failed'])
  })

  test('does not go back with a row that was read earlier and arrives later', () => {
    const known = eventRow(2, { orderId, orderStatus: 'refunded', orderVersion: 3 })
    const rows = mergeRows(arrive(emptyFeed('k'), [before]), [known], ANY_EVENT)
    expect(rows.map((row) => row.orderStatus)).toEqual(['refunded', 'refunded'])
  })
})

describe('held', () => {
  test('nothing new is shown; it is counted, and shown when let go', () => {
    let feed = arrive(emptyFeed('k'), [eventRow(1)])
    feed = arrive(feed, [eventRow(2), eventRow(3)], { held: true })
    expect(ids(mergeRows(feed, [], ANY_EVENT))).toEqual(ids([eventRow(1)]))
    expect(waitingCount(feed)).toBe(2)
    feed = feedReducer(feed, { kind: 'released' })
    expect(waitingCount(feed)).toBe(0)
    expect(ids(mergeRows(feed, [], ANY_EVENT))).toEqual(ids([3, 2, 1].map((n) => eventRow(n))))
  })

  test('a waiting event that changes is still one waiting event', () => {
    let feed = arrive(emptyFeed('k'), [eventRow(1, { status: 'received', tries: 0 })], { held: true })
    feed = arrive(feed, [eventRow(1, { status: 'processed', tries: 1 })], { held: true })
    expect(waitingCount(feed)).toBe(1)
    feed = feedReducer(feed, { kind: 'released' })
    expect(mergeRows(feed, [], ANY_EVENT)[0]?.status).toBe('processed')
  })

  test('keeps a bounded number of rows and says that there is a hole', () => {
    const feed = arrive(emptyFeed('k'), many(WAITING_ROWS_MAX + 5), { held: true })
    expect(feed.waiting).toHaveLength(WAITING_ROWS_MAX)
    expect(waitingCount(feed)).toBe(WAITING_ROWS_MAX + 5)
    expect(hasHole(feed)).toBe(true)
    expect(hasHole(feedReducer(feed, { kind: 'restarted', key: 'k' }))).toBe(false)
  })
})

test('a feed that ran too long asks to begin again', () => {
  expect(hasHole(arrive(emptyFeed('k'), many(LIVE_ROWS_MAX)))).toBe(false)
  expect(hasHole(arrive(emptyFeed('k'), many(LIVE_ROWS_MAX + 1)))).toBe(true)
})

describe('a list that is held', () => {
  const shown = [eventRow(5), eventRow(3), eventRow(2)]

  test('keeps its rows where they are, each as it is now, and counts what came above and between them', () => {
    const failed = eventRow(3, { status: 'failed', tries: 2 })
    const held = holdRows(shown, [eventRow(6), eventRow(5), eventRow(4), failed, eventRow(2)])
    expect(held.shown).toEqual([eventRow(5), failed, eventRow(2)])
    expect(ids(held.beyond)).toEqual(ids([eventRow(6), eventRow(4)]))
  })

  test('goes on below with history', () => {
    expect(ids(holdRows(shown, [...shown, eventRow(1), eventRow(0)]).shown)).toEqual(
      ids([5, 3, 2, 1, 0].map((n) => eventRow(n))),
    )
  })

  test('lets no row go, whether it left the filter or the pages that were read again', () => {
    expect(holdRows(shown, [eventRow(9), eventRow(5)]).shown).toEqual(shown)
  })

  test('counts an event once that waits and was brought by a page too', () => {
    const feed = arrive(emptyFeed('k'), [eventRow(6)], { held: true })
    expect(waitingCount(feed, [eventRow(6), eventRow(4)])).toBe(2)
  })
})
