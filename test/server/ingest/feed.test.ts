import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLiveHub, type Step } from '../../../server/live/hub.ts'
import { PAGE_ITEMS } from '../../../server/live/pages.ts'
import { KEPT_ITEMS } from '../../../server/live/tail.ts'
import { createWakeups, type Wakeups } from '../../../server/live/wake.ts'
import { pruneLiveChanges } from '../../../server/jobs/prune.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import type { FeedItem } from '../../../server/store/live-changes.ts'
import { createAccount } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'
import { seededRandom } from '../../support/scenario.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let wakeups: Wakeups

beforeAll(async () => {
  opened = await openDatabase({ poolSize: 40 })
  wakeups = createWakeups(opened.database.url, { warn: () => undefined })
  deps = buildDeps({ database: opened.database, onWake: (topic) => wakeups.wake(topic) })
  account = await createAccount(opened.database)
})
afterAll(async () => {
  await wakeups.close()
  await opened.close()
})

const keyOf = (item: FeedItem): string => (item.kind === 'event' ? item.eventId : item.subjectId)

test('20 writers that commit late and out of order lose nothing and repeat nothing', async () => {
  const feed = deps.store.liveChanges
  const random = seededRandom(11)
  const written: string[] = []
  const seen: string[] = []
  let cursor = await feed.currentCursor()
  let writing = true
  const writer = async (): Promise<void> => {
    for (let round = 0; round < 15; round += 1) {
      const { ids } = deps
      await deps.store.transaction(async (tx) => {
        const mine = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ids.uuid())
        for (const id of mine) await tx.liveChanges.append(account.id, 'order', id)
        // Holds the transaction open while others commit rows with higher sequence numbers.
        for (let held = Math.floor(random() * 6); held > 0; held -= 1) await tx.accounts.byId(account.id)
        written.push(...mine)
      })
      if (random() < 0.3) written.push(await deliver(deps, account.id, Buffer.from(ids.uuid())))
    }
  }
  const reader = async (): Promise<void> => {
    for (;;) {
      const last = !writing
      const items = await feed.readFeed(account.id, cursor, 7)
      seen.push(...items.map(keyOf))
      cursor = items.at(-1)?.cursor ?? cursor
      if (last && items.length === 0) return
    }
  }
  await Promise.all([
    reader(),
    Promise.all(Array.from({ length: 20 }, writer)).finally(() => {
      writing = false
    }),
  ])
  expect(seen).toHaveLength(written.length)
  expect(new Set(seen)).toEqual(new Set(written))
})

test('an open older transaction holds newer items back until it is decided', async () => {
  const feed = deps.store.liveChanges
  const cursor = await feed.currentCursor()
  const slow = new pg.Client(opened.database.url)
  await slow.connect()
  const [first, second] = [deps.ids.uuid(), deps.ids.uuid()]
  try {
    await slow.query('begin')
    await slow.query(
      `insert into live_change (merchant_account_id, subject, subject_id) values ($1, 'order', $2)`,
      [account.id, first],
    )
    await feed.append(account.id, 'order', second)
    expect(await feed.readFeed(account.id, cursor, 10)).toEqual([])
    await slow.query('commit')
  } finally {
    await slow.end()
  }
  expect((await feed.readFeed(account.id, cursor, 10)).map(keyOf)).toEqual([first, second])
})

const append = async (accountId: string, count = 1): Promise<string[]> => {
  const ids = Array.from({ length: count }, () => deps.ids.uuid())
  await opened.database.pool.query(
    `insert into live_change (merchant_account_id, subject, subject_id) select $1, 'order', unnest($2::uuid[])`,
    [accountId, ids],
  )
  deps.wake('live')
  return ids
}

const itemsOf = ({ batches }: Step<FeedItem>): FeedItem[] => batches.flatMap(({ items }) => items)

/** A hub whose reads are counted, and a way to follow it to the end of what a test wrote. */
function openHub() {
  const { liveChanges } = deps.store
  let reads = 0
  const hub = createLiveHub<FeedItem>({
    source: {
      currentCursor: () => liveChanges.currentCursor(),
      readFeed: (...asked) => {
        reads += 1
        return liveChanges.readFeed(...asked)
      },
    },
    wakeups,
    log: deps.log,
  })
  const follow = (accountId: string, cursor: string | null, stop = new AbortController()) => {
    const steps = hub.follow({ accountId, cursor, events: true, signal: stop.signal })
    let at = cursor
    return {
      stop: () => stop.abort(),
      steps,
      at: () => at,
      /** Reads steps until `count` more items have come. */
      async take(count: number): Promise<string[]> {
        const seen: string[] = []
        while (seen.length < count) {
          const { value, done } = await steps.next()
          if (done) throw new Error(`the feed ended after ${seen.length} of ${count} items`)
          seen.push(...itemsOf(value).map(keyOf))
          at = value.cursor
        }
        return seen
      },
    }
  }
  return { hub, follow, reads: () => reads }
}

test('a feed wakes on new items, resumes after its cursor, and ends when aborted', async () => {
  const { follow, hub } = openHub()
  const stream = follow(account.id, null)
  expect((await stream.steps.next()).value).toMatchObject({ batches: [] })
  const [a = ''] = await append(account.id)
  expect(await stream.take(1)).toEqual([a])
  const waiting = stream.steps.next()
  stream.stop()
  expect((await waiting).done).toBe(true)
  expect(hub.tails()).toBe(0)

  const missed = [...(await append(account.id)), ...(await append(account.id))]
  const resumed = follow(account.id, stream.at())
  expect(await resumed.take(2)).toEqual(missed)
  resumed.stop()
  expect((await resumed.steps.next()).done).toBe(true)
})

test('a hundred streams at the end cost the reads of one', async () => {
  const other = await createAccount(opened.database)
  const { follow, hub, reads } = openHub()
  const streams = Array.from({ length: 100 }, () => follow(other.id, null))
  await Promise.all(streams.map(({ steps }) => steps.next()))
  const before = reads()
  const taken = Promise.all(streams.map((stream) => stream.take(30)))
  const ids: string[] = []
  for (let round = 0; round < 10; round += 1) ids.push(...(await append(other.id, 3)))
  for (const seen of await taken) expect(seen).toEqual(ids)
  // Each write wakes one read at most; the rest is the reader's own looking.
  expect(reads() - before).toBeLessThan(40)
  expect(hub.tails()).toBe(1)
  for (const { stop, steps } of streams) {
    stop()
    await steps.return()
  }
  expect(hub.tails()).toBe(0)
})

test('a stream that did not read falls out of what is kept, catches up by itself and joins again', async () => {
  const other = await createAccount(opened.database)
  const { follow } = openHub()
  const quick = follow(other.id, null)
  const slow = follow(other.id, null)
  await Promise.all([quick.steps.next(), slow.steps.next()])
  const count = KEPT_ITEMS + 3 * PAGE_ITEMS
  const ids: string[] = []
  while (ids.length < count) {
    const written = await append(other.id, PAGE_ITEMS)
    ids.push(...written)
    expect(await quick.take(written.length)).toEqual(written)
  }
  const first = await slow.steps.next()
  expect(first.value).toMatchObject({ behind: true })
  const seen = first.value ? itemsOf(first.value).map(keyOf) : []
  seen.push(...(await slow.take(ids.length - seen.length)))
  expect(seen).toEqual(ids)
  const [last = ''] = await append(other.id)
  expect([await quick.take(1), await slow.take(1)]).toEqual([[last], [last]])
  quick.stop()
  slow.stop()
})

test('streams that come from anywhere while 20 writers commit late miss nothing and repeat nothing', async () => {
  const other = await createAccount(opened.database)
  const { follow } = openHub()
  const random = seededRandom(23)
  const start = await deps.store.liveChanges.currentCursor()
  const written: string[] = []
  let writing = true
  const writer = async (): Promise<void> => {
    for (let round = 0; round < 25; round += 1) {
      await deps.store.transaction(async (tx) => {
        const mine = Array.from({ length: 1 + Math.floor(random() * 12) }, () => deps.ids.uuid())
        for (const id of mine) await tx.liveChanges.append(other.id, 'order', id)
        for (let held = Math.floor(random() * 5); held > 0; held -= 1) await tx.accounts.byId(other.id)
        written.push(...mine)
      })
      deps.wake('live')
    }
  }
  /** Breaks off after some steps and comes back where it was, until nothing is left. */
  const reader = async (): Promise<string[]> => {
    const seen: string[] = []
    let cursor = start
    for (;;) {
      const last = !writing
      const stop = new AbortController()
      const { steps } = follow(other.id, cursor, stop)
      const before = seen.length
      let steady = 1 + Math.floor(random() * 6)
      for await (const step of steps) {
        seen.push(...itemsOf(step).map(keyOf))
        cursor = step.cursor
        steady -= 1
        if (steady <= 0) break
      }
      stop.abort()
      if (last && seen.length === before && seen.length >= written.length) return seen
    }
  }
  const [streams] = await Promise.all([
    Promise.all(Array.from({ length: 8 }, reader)),
    Promise.all(Array.from({ length: 20 }, writer)).finally(() => {
      writing = false
    }),
  ])
  for (const seen of streams) {
    expect(seen).toHaveLength(written.length)
    expect(new Set(seen)).toEqual(new Set(written))
  }
})

test('transaction ids sort as numbers: 9 before 10, whichever batch they fall in', async () => {
  const other = await createAccount(opened.database)
  const ids = ['8', '9', '10', '11', '99', '100', '101']
  for (const xid of ids)
    await opened.database.pool.query(
      `insert into live_change (merchant_account_id, subject, subject_id, xid)
       values ($1, 'order', gen_random_uuid(), $2::text::xid8)`,
      [other.id, xid],
    )
  const seen: string[] = []
  let position = '0:0'
  for (;;) {
    const items = await deps.store.liveChanges.readFeed(other.id, position, 3)
    if (items.length === 0) break
    seen.push(...items.map((item) => item.cursor.split(':')[0] ?? ''))
    position = items.at(-1)?.cursor ?? position
  }
  expect(seen).toEqual(ids)
})

test('a repeated delivery is told again, once, at its new place', async () => {
  const other = await createAccount(opened.database)
  const feed = deps.store.liveChanges
  const body = Buffer.from('{"id":"evt_repeat","event_name":"ORDER_SUCCEEDED"}')
  const start = await feed.currentCursor()
  const first = await deliver(deps, other.id, body)
  const second = await deliver(deps, other.id, Buffer.from('{"id":"evt_other"}'))
  const seen = await feed.readFeed(other.id, start, 10)
  expect(seen.map(keyOf)).toEqual([first, second])
  expect(await deliver(deps, other.id, body)).toBe(first)
  expect((await feed.readFeed(other.id, seen.at(-1)?.cursor ?? '', 10)).map(keyOf)).toEqual([first])
  expect((await feed.readFeed(other.id, start, 10)).map(keyOf)).toEqual([second, first])
  const [row] = await deps.store.webhookEvents.byIds(other.id, [first])
  expect(row).toMatchObject({ deliveryCount: 2, orderStatus: null, orderVersion: null })
})

test('only the account’s own items are read', async () => {
  const other = await createAccount(opened.database)
  const cursor = await deps.store.liveChanges.currentCursor()
  await deps.store.liveChanges.append(other.id, 'order', deps.ids.uuid())
  expect(await deps.store.liveChanges.readFeed(account.id, cursor, 10)).toEqual([])
})

test('a wake-up reaches another process, and again after its connection was cut', async () => {
  const elsewhere = createWakeups(opened.database.url, { warn: () => undefined })
  let heard = 0
  const off = elsewhere.on('refunds', () => {
    heard += 1
  })
  try {
    await expect.poll(() => heard).toBeGreaterThan(0)
    let before = heard
    wakeups.wake('refunds')
    await expect.poll(() => heard).toBeGreaterThan(before)
    const { rowCount } = await opened.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()`,
    )
    expect(rowCount).toBeGreaterThan(0)
    before = heard
    // Reconnecting rings by itself: something may have been missed.
    await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(before)
  } finally {
    off()
    await elsewhere.close()
  }
})

test('changes older than a day are pruned, newer ones stay', async () => {
  const id = deps.ids.uuid()
  await deps.store.liveChanges.append(account.id, 'order', id)
  await opened.database.pool.query(`update live_change set at = $2 where subject_id <> $1`, [
    id,
    new Date(deps.clock.now().getTime() - 25 * 60 * 60 * 1_000),
  ])
  expect(await pruneLiveChanges(deps)).toBeGreaterThan(0)
  // It deletes in bounded steps.
  while ((await pruneLiveChanges(deps)) > 0) continue
  const { rows } = await opened.database.pool.query<{ subject_id: string }>(
    'select subject_id from live_change',
  )
  expect(rows).toEqual([{ subject_id: id }])
})
