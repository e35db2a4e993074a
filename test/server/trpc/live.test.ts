/** Live streams over HTTP: which events a stream is sent, at what pace, for how long, and at what cost. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { PAGE_ITEMS } from '../../../server/live/pages.ts'
import { ROWS_PER_SECOND_MAX } from '../../../server/live/pace.ts'
import { KEPT_ITEMS } from '../../../server/live/tail.ts'
import { createAccessWatch, type AccessAnswer } from '../../../server/trpc/live-access.ts'
import { createTestApp, signIn, type SignedIn, type TestApp } from '../../support/app.ts'
import { orderBody, webhookBody } from '../../support/factories.ts'
import { deliver } from '../../support/harness.ts'
import { openLiveStream, type LiveInput, type LiveReader } from '../../support/live-client.ts'

/** What reliability G13 allows. */
const REVOKED_WITHIN_MS = 5_000

let app: TestApp
let viewer: SignedIn
const opened: LiveReader[] = []

beforeAll(async () => {
  app = await createTestApp()
  viewer = await app.as('viewer')
})
afterEach(() => {
  for (const stream of opened.splice(0)) stream.close()
})
afterAll(() => app.close())

function open(input: LiveInput, person: SignedIn = viewer, onEnd?: (why: string) => void): LiveReader {
  const stream = openLiveStream({ url: app.url, cookie: person.cookie, input, ...(onEnd ? { onEnd } : {}) })
  opened.push(stream)
  return stream
}

/** Waits for a stream's state instead of for a time. */
function until(what: string, isSo: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(isSo(), what).toBe(true), { timeout: 20_000, interval: 20 })
}

const greeted = (stream: LiveReader) =>
  until('the stream says hello', () => stream.messages.some(({ kind }) => kind === 'hello'))
const eventsOf = (stream: LiveReader) =>
  stream.messages.flatMap((message) => (message.kind === 'batch' ? message.events : []))
const renewedOf = (stream: LiveReader) =>
  stream.messages.flatMap((message) => (message.kind === 'batch' ? message.renewed : []))
const changesOf = (stream: LiveReader) =>
  stream.messages.flatMap((message) => (message.kind === 'batch' ? message.changes : []))

let made = 0
async function arrive(name: string): Promise<string> {
  made += 1
  const at = new Date().toISOString()
  const order = orderBody({ orderId: `LIVE${made}`, status: 'CHARGED', amount: 100, at })
  const body = webhookBody({ id: `evt_live_${made}`, name, at, order })
  const id = await deliver(app.paydesk.deps, app.accountId, body)
  app.paydesk.deps.wake('events')
  return id
}

/** Commits many events at once, with one statement. */
async function flood(count: number): Promise<void> {
  await app.paydesk.database.pool.query(
    `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers,
       remote_address, event_name, next_try_at)
     select gen_random_uuid(), 0, $1, gen_random_uuid()::text, '', '', '{}', '127.0.0.1', 'ORDER_FLOOD', null
     from generate_series(1, $2)`,
    [app.accountId, count],
  )
  app.paydesk.deps.wake('events')
}

async function changed(): Promise<string> {
  const id = randomUUID()
  await app.paydesk.deps.store.liveChanges.append(app.accountId, 'order', id)
  app.paydesk.deps.wake('live')
  return id
}

describe('what a stream is sent', () => {
  test('rows only of the events its filter takes, changes in any case, and nothing twice', async () => {
    const all = open({ events: {} })
    const failed = open({ events: { names: ['ORDER_FAILED'] } })
    const text = open({ events: { text: 'live2' } })
    const none = open({})
    await Promise.all([all, failed, text, none].map(greeted))
    const a = await arrive('ORDER_SUCCEEDED')
    const b = await arrive('ORDER_FAILED')
    const change = await changed()
    const streams = [all, failed, text, none]
    for (const stream of streams)
      await until('the change comes', () => changesOf(stream).some(({ subjectId }) => subjectId === change))
    expect(streams.map((stream) => eventsOf(stream).map(({ id }) => id))).toEqual([[a, b], [b], [b], []])
  })

  test('the row of an event once more when it was processed, as it is then', async () => {
    const stream = open({ events: { names: ['ORDER_AUTHORIZED'] } })
    const others = open({ events: { names: ['ORDER_REFUNDED'] } })
    await Promise.all([stream, others].map(greeted))
    const id = await arrive('ORDER_AUTHORIZED')
    await until('it arrives', () => eventsOf(stream).some((row) => row.id === id))
    expect(eventsOf(stream)).toMatchObject([{ id, status: 'received' }])
    await drainEvents(app.paydesk.deps)
    await until('it is told again', () => renewedOf(stream).some((row) => row.id === id))
    expect(renewedOf(stream).find((row) => row.id === id)?.status).not.toBe('received')
    expect(eventsOf(stream)).toHaveLength(1)
    expect(renewedOf(others)).toEqual([])
  })

  test('after a change of the filter: what came meanwhile, by the new filter, and every change', async () => {
    const first = open({ events: { names: ['ORDER_SUCCEEDED'] } })
    await greeted(first)
    const a = await arrive('ORDER_SUCCEEDED')
    await until('it arrives', () => eventsOf(first).length === 1)
    first.close()
    const b = await arrive('TXN_CHARGED')
    const change = await changed()
    const second = open({ lastEventId: first.lastId(), events: { names: ['TXN_CHARGED'] } })
    await until('the missed change comes', () => changesOf(second).some((one) => one.subjectId === change))
    expect(second.messages[0]).toMatchObject({ kind: 'hello', resumed: true })
    expect(eventsOf(second).map(({ id }) => id)).toEqual([b])
    expect(eventsOf(first).map(({ id }) => id)).toEqual([a])
  })

  test('its place, although nothing of what happens is for it', async () => {
    const stream = open({ events: { names: ['NOTHING'] } })
    await greeted(stream)
    const before = stream.lastId()
    await flood(1_200)
    await until('it is told its place', () => stream.lastId() !== before)
    expect(eventsOf(stream)).toEqual([])
  })

  test('a sample with its factor when events come too fast, and all of them when it may not be sampled', async () => {
    const sampled = open({ events: {}, sample: true })
    const whole = open({ events: {} })
    await Promise.all([sampled, whole].map(greeted))
    await flood(1_000)
    await until('all come', () => eventsOf(whole).length === 1_000)
    await until('the pace is told', () =>
      sampled.messages.some((message) => message.kind === 'pace' && message.perSecond === 500),
    )
    expect(sampled.messages).toContainEqual({ kind: 'pace', oneIn: 8, perSecond: 500 })
    await until('all is sent again', () =>
      sampled.messages.some((message) => message.kind === 'pace' && message.oneIn === 1),
    )
    const after = await arrive('ORDER_SUCCEEDED')
    await until('the next one comes', () => eventsOf(sampled).some(({ id }) => id === after))
    expect(eventsOf(sampled).length).toBeLessThan(1_000 / 8 + 3 * ROWS_PER_SECOND_MAX)
    expect(whole.messages.some(({ kind }) => kind === 'pace')).toBe(false)
  })

  test('how much is still to come, until it has caught up', async () => {
    const start = await app.paydesk.deps.store.liveChanges.currentCursor()
    const early = open({ events: {} })
    await greeted(early)
    await flood(KEPT_ITEMS + 1_000)
    await until('the others have it', () => eventsOf(early).length === KEPT_ITEMS + 1_000)
    const stream = open({ lastEventId: start, events: {} })
    await until('all come', () => eventsOf(stream).length === KEPT_ITEMS + 1_000)
    const words = stream.messages.filter((message) => message.kind === 'behind')
    expect(words).toMatchObject([{ about: KEPT_ITEMS + 1_000 - PAGE_ITEMS }, { about: 0 }])
    expect(new Set(eventsOf(stream).map(({ id }) => id)).size).toBe(KEPT_ITEMS + 1_000)
  })

  test('from a cursor that is none of ours: what comes from now on', async () => {
    for (const lastEventId of ['x', '99999999999999999999:1', '1:9223372036854775808']) {
      const stream = open({ lastEventId, events: {} })
      await greeted(stream)
      expect(stream.messages[0]).toMatchObject({ kind: 'hello', resumed: false })
      stream.close()
    }
  })
})

describe('a tab that does not read', () => {
  test('gets everything once when it reads again', async () => {
    const stream = open({ events: { names: ['ORDER_FLOOD'] } })
    await greeted(stream)
    stream.pause()
    for (let round = 0; round < 20; round += 1) await flood(1_000)
    stream.resume()
    await until('all come', () => eventsOf(stream).length >= 20_000)
    const ids = eventsOf(stream).map(({ id }) => id)
    expect(new Set(ids).size).toBe(20_000)
    expect(ids).toHaveLength(20_000)
  })
})

describe('permission, while a stream is open', () => {
  const account = () => app.paydesk.database.pool

  test('is asked again once for all streams of a session', async () => {
    const asked: string[] = []
    const answers: AccessAnswer[] = []
    const watch = createAccessWatch({
      log: { warn: () => undefined },
      actorOf: (sessionId) => {
        asked.push(sessionId)
        return Promise.resolve(null)
      },
    })
    const stops = Array.from({ length: 100 }, () => watch.watch('one', (answer) => answers.push(answer)))
    await until('all hear of two checks', () => answers.length >= 200)
    for (const stop of stops) stop()
    expect(asked).toEqual(['one', 'one'])
  })

  test('that cannot be asked for is none: no answer, and an error', async () => {
    const startedAt = performance.now()
    const endOf = (actorOf: () => Promise<null>) =>
      new Promise<AccessAnswer>((resolve) => {
        const stop = createAccessWatch({ log: { warn: () => undefined }, actorOf }).watch('s', (answer) => {
          stop()
          resolve(answer)
        })
      })
    const mute = new Promise<null>(() => undefined)
    const answers = await Promise.all([endOf(() => mute), endOf(() => Promise.reject(new Error('away')))])
    expect(answers).toEqual(['unknown', 'unknown'])
    expect(performance.now() - startedAt).toBeLessThan(REVOKED_WITHIN_MS)
  })

  test('goes over to the session that a step-up brought: the stream ends without a word of being signed out', async () => {
    const person = await signIn(app.url, 'developer@demo.test', DEMO_PASSWORD)
    const stream = open({}, person)
    await greeted(stream)
    const reply = await person.fetch('/api/auth/step-up', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: DEMO_PASSWORD }),
    })
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    // As if the seconds had passed in which the old one still serves.
    await app.paydesk.database.pool.query(
      `update staff_session set replaced_at = now() - interval '11 seconds' where replaced_at is not null`,
    )
    await until('the old stream ends', () => stream.ended() !== null)
    expect(stream.ended()).toBe('returned')
    await greeted(open({}, { ...person, cookie }))
  })

  test('ends the stream within 5 s of being taken, with the reason', async () => {
    const people = await Promise.all(
      ['ops', 'finance', 'approver', 'support'].map((role) =>
        signIn(app.url, `${role}@demo.test`, DEMO_PASSWORD),
      ),
    )
    const [disabled, signedOut, removed, kept] = people
    if (!disabled || !signedOut || !removed || !kept) throw new Error('nobody is signed in')
    const admin = await app.as('admin')
    const ends = new Map<string, number>()
    const streams = people.map((person) =>
      open({ events: {} }, person, () => ends.set(person.userId, performance.now())),
    )
    await Promise.all(streams.map(greeted))
    // Past the first check, so that the next one is as far off as it can be.
    const { access } = app.paydesk.live
    const checks = access.checks()
    await until('the next checks have begun', () => access.checks() >= checks + people.length)
    const takenAt = performance.now()
    await Promise.all([
      admin.trpc.users.setDisabled.mutate({ userId: disabled.userId, disabled: true }),
      signedOut.fetch('/api/auth/sign-out', { method: 'POST' }),
      account().query('delete from membership where user_id = $1', [removed.userId]),
    ])
    await until('the three end', () => ends.size === 3)
    for (const person of [disabled, signedOut, removed]) {
      const ended = ends.get(person.userId) ?? Number.POSITIVE_INFINITY
      expect(ended - takenAt).toBeLessThan(REVOKED_WITHIN_MS)
    }
    expect(streams.map((stream) => stream.ended())).toEqual([
      'UNAUTHORIZED',
      'UNAUTHORIZED',
      'UNAUTHORIZED',
      null,
    ])
  })

  test('taken from somebody whose tab does not read ends that stream and nothing else', async () => {
    const person = await signIn(app.url, 'developer@demo.test', DEMO_PASSWORD)
    const stalled = open({ events: {} }, person)
    await greeted(stalled)
    stalled.pause()
    for (let round = 0; round < 20; round += 1) await flood(1_000)
    const before = app.paydesk.live.streams()
    const admin = await app.as('admin')
    await admin.trpc.users.setDisabled.mutate({ userId: person.userId, disabled: true })
    stalled.resume()
    await until('it ends', () => stalled.ended() !== null)
    expect(stalled.ended()).toBe('UNAUTHORIZED')
    await until('its place is free', () => app.paydesk.live.streams() < before)
  })
})
