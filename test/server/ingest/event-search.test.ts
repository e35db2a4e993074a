/** The list's SQL and the live stream's predicate must take the same events. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ANY_EVENT, matchesEvent, type EventFilter } from '../../../server/domain/event-filter.ts'
import { parseEventQuery } from '../../../server/domain/event-query.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import { isTimeout } from '../../../server/store/database.ts'
import { isIndexed } from '../../../server/store/event-search.ts'
import { eventWayOut, eventWayOutInput } from '../../../server/trpc/event-way-out.ts'
import { eventRowView, type EventRowView } from '../../../server/trpc/views/event.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'

const NAMES = ['ORDER_SUCCEEDED', 'ORDER_FAILED', 'TXN_CREATED', 'SOMETHING_NEW']
const STATES = [
  ['processed', 'applied'],
  ['processed', 'no_change'],
  ['processed', 'stale'],
  ['ignored', 'unknown_event'],
  ['failed', 'no_order_yet'],
  ['dead', 'parse_failed'],
  ['received', null],
] as const
const ALL = { from: null, to: null }
const PAGE = { cursor: null, limit: 100 }

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let all: EventRowView[]

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
  for (let n = 0; n < 28; n += 1) await receive(n)
  all = (await list(ANY_EVENT)).map(eventRowView)
})
afterAll(() => opened.close())

/** Four orders with seven events each, in every state, some late, some slow, some delivered again. */
async function receive(n: number): Promise<void> {
  deps.clock.advance(1_000)
  const at = deps.clock.now().toISOString()
  const name = NAMES[Math.floor(n / 4) % NAMES.length] ?? ''
  const status = n % 4 === 0 ? 'CHARGED' : 'NEW'
  const order = orderBody({ orderId: `PD-${n % 4}`, status, amount: 10, at })
  const id = await deliver(deps, account.id, webhookBody({ id: `evt_${n}`, name, at, order }))
  await processEvent(deps, id)
  const [state, outcome] = STATES[n % STATES.length] ?? STATES[0]
  const matched = state === 'processed' || n % 3 === 0
  await opened.database.sql.run(
    `update webhook_event set status = $2, outcome = $3, delivery_count = $4, remote_address = $5,
       occurred_at = received_at - $6 * interval '1 second',
       processed_at = case when $2 = 'received' then null else received_at + $7 * interval '1 millisecond' end,
       order_id = case when $8 then order_id else null end,
       order_key = lower(order_ref),
       next_try_at = case when $2 in ('received', 'failed') then received_at else null end
     where id = $1`,
    [id, state, outcome, 1 + (n % 3), n % 2 ? '52.66.1.9' : '10.0.0.1', n % 5 ? 2 : 90, n * 10, matched],
  )
}

async function list(filter: EventFilter) {
  const page = await deps.store.webhookEvents.list(account.id, { filter, ...ALL }, PAGE)
  return page.rows
}

function filterOf(text: string): EventFilter {
  const parsed = parseEventQuery(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.query
}

describe('the list and the stream agree', () => {
  test.each([
    'event_name:ORDER_FAILED',
    'event_name:ORDER_FAILED,TXN_CREATED',
    '-event_name:ORDER_FAILED',
    'outcome:applied',
    'outcome:confirmed,stale',
    'outcome:duplicate',
    'outcome:held',
    'outcome:failed,given-up',
    'outcome:waiting',
    '-outcome:applied,duplicate',
    'outcome:applied -outcome:duplicate',
    'status:charged',
    'status:unknown',
    '-status:charged',
    'order:pd-1',
    'order:PD-2 outcome:failed',
    'event:evt_7',
    'sender:52.66.',
    'took:>100',
    'took:50..120',
    'is:late',
    'failed',
    'PD-3',
    'evt_9',
    '%',
    'order:nobody',
  ])('%s', async (text) => {
    const filter = filterOf(text)
    const expected = all.filter((row) => matchesEvent(row, filter)).map(({ id }) => id)
    expect((await list(filter)).map(({ id }) => id)).toEqual(expected)
    if (text !== '%' && text !== 'order:nobody') expect(expected.length).toBeGreaterThan(0)
  })

  test('by our own id of an event', async () => {
    const wanted = all[3]?.id ?? ''
    expect((await list(filterOf(`event:${wanted.toUpperCase()}`))).map(({ id }) => id)).toEqual([wanted])
    expect((await list(filterOf(wanted))).map(({ id }) => id)).toEqual([wanted])
  })
})

test('an order is found by an index whatever became of its events', async () => {
  const plan = await opened.database.pool.query<{ 'QUERY PLAN': string }>(
    `explain select id from webhook_event where merchant_account_id = '${account.id}' and order_key = 'pd-1'
       and order_id is null and status in ('failed', 'dead', 'ignored')`,
  )
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('order_key')
})

test('a time range ends before its end, and pages go on where the last one stopped', async () => {
  const [first, , third] = all
  if (!first || !third) throw new Error('there are events')
  const range = { from: third.receivedAt, to: first.receivedAt }
  const page = await deps.store.webhookEvents.list(
    account.id,
    { filter: ANY_EVENT, ...range },
    { cursor: null, limit: 1 },
  )
  expect(page.rows.map(({ id }) => id)).toEqual([all[1]?.id])
  const next = await deps.store.webhookEvents.list(
    account.id,
    { filter: ANY_EVENT, ...range },
    { cursor: page.nextCursor, limit: 1 },
  )
  expect(next.rows.map(({ id }) => id)).toEqual([third.id])
})

test('a clause that no index answers is read within a limit of time', async () => {
  expect(isIndexed({ filter: ANY_EVENT, ...ALL })).toBe(true)
  expect(isIndexed({ filter: filterOf('order:x took:>5'), ...ALL })).toBe(true)
  expect(isIndexed({ filter: filterOf('took:>5'), ...ALL })).toBe(false)
  const slow = deps.store.transaction(async (tx) => {
    await tx.webhookEvents.limitTime(20)
    await opened.database.sql.run('select 1')
    return tx.webhookEvents.list(account.id, { filter: filterOf('took:>5'), ...ALL }, PAGE)
  })
  expect((await slow).rows.length).toBeGreaterThan(0)
  const tooSlow = opened.database.transaction(async (sql) => {
    await sql.run(`select set_config('statement_timeout', '20', true)`)
    await sql.run('select pg_sleep(5)')
  })
  await expect(tooSlow).rejects.toSatisfy(isTimeout)
})

test('the counts divide the newest events by name and outcome', async () => {
  const rows = await deps.store.webhookEvents.countsBy(account.id, ALL)
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(28)
  const named = rows.filter(({ eventName }) => eventName === 'TXN_CREATED')
  expect(named.reduce((sum, { count }) => sum + count, 0)).toBe(8)
})

describe('a list that finds nothing', () => {
  const NEVER = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-01-02T00:00:00Z') }
  const wayOutOf = (q: string, time: object = {}) => {
    const asked = { filter: filterOf(q), ...time }
    return eventWayOut(deps, { accountId: account.id }, eventWayOutInput.parse(asked))
  }
  const matching = (q: string) => all.filter((event) => matchesEvent(event, filterOf(q))).length

  test('names the clause that keeps out most, with what is left of the filter', async () => {
    expect(matching('outcome:held')).toBeGreaterThan(0)
    expect(await wayOutOf('event_name:NONE outcome:held')).toEqual({
      clause: { text: 'event_name:NONE', q: 'outcome:held', count: matching('outcome:held'), more: false },
      wider: null,
    })
    expect(await wayOutOf('order:none')).toEqual({
      clause: { text: 'order:none', q: '', count: all.length, more: false },
      wider: null,
    })
  })

  test('names none where no single one is at fault', async () => {
    expect(await wayOutOf('event_name:NONE order:none')).toEqual({ clause: null, wider: null })
  })

  test('says what a longer time has', async () => {
    const wider = { from: null, to: null }
    expect(await wayOutOf('status:charged', { ...NEVER, wider })).toEqual({
      clause: null,
      wider: { count: matching('status:charged'), more: false },
    })
    expect(await wayOutOf('', { ...NEVER, wider: NEVER })).toMatchObject({ wider: { count: 0 } })
  })

  test('stops counting at the most that is asked for', async () => {
    const search = { filter: ANY_EVENT, ...ALL }
    const count = (max: number) => deps.store.webhookEvents.countUpTo(account.id, search, max)
    expect(await count(5)).toEqual({ count: 5, more: true })
    expect(await count(all.length)).toEqual({ count: all.length, more: false })
  })

  test('knows nothing, and not that there is none, of what cannot be counted in time', async () => {
    const client = await opened.database.pool.connect()
    try {
      // Nobody can read the table now: a count waits for longer than it may.
      await client.query('begin')
      await client.query('lock table webhook_event in access exclusive mode')
      expect(await wayOutOf('outcome:held sender:none', { ...NEVER, wider: ALL })).toEqual({
        clause: null,
        wider: null,
      })
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
