import { randomUUID } from 'node:crypto'
import type { JuspayClient, OrderResult } from '../../server/juspay/client.ts'
import type { CallFailure } from '../../server/juspay/door.ts'
import { parseJson } from '../../server/juspay/json.ts'
import { translateEvent, translateOrder } from '../../server/juspay/translate.ts'
import type { Deps, WakeTopic } from '../../server/services/deps.ts'
import { connect, type Database } from '../../server/store/database.ts'
import { createStore } from '../../server/store/store.ts'
import { readEnvelope } from '../../server/webhooks/envelope.ts'
import { createTestDatabase } from './database.ts'

/** A clock that stands still until the test moves it. */
export type TestClock = { now(): Date; advance(ms: number): void; set(to: Date): void }

export function testClock(start: string | Date = '2026-11-20T06:30:00.000Z'): TestClock {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms
    },
    set: (to) => {
      at = to.getTime()
    },
  }
}

/** Fifty calls at once wait for the pool, however slow the machine: that is not what these tests are about. */
const CONNECT_TIMEOUT_MS = 30_000

/** A migrated database of one's own with a pool; `close` drops it. */
export async function openDatabase(options: { poolSize?: number } = {}): Promise<{
  database: Database
  close(): Promise<void>
}> {
  const created = await createTestDatabase()
  const database = connect(created.url, { connectTimeoutMs: CONNECT_TIMEOUT_MS, ...options })
  return {
    database,
    async close() {
      await database.close()
      await created.drop()
    },
  }
}

/** Deps on a real database. Juspay cannot be reached unless the test gives a client. */
export type TestDeps = Deps & { database: Database; clock: TestClock; woken: WakeTopic[]; logged: string[] }

export function buildDeps(options: {
  database: Database
  juspay?: JuspayClient
  clock?: TestClock
  onWake?: (topic: WakeTopic) => void
}): TestDeps {
  const clock = options.clock ?? testClock()
  const client = options.juspay ?? unreachableJuspay()
  const woken: WakeTopic[] = []
  const logged: string[] = []
  const log = (_fields: Record<string, unknown>, message: string): void => {
    logged.push(message)
  }
  return {
    database: options.database,
    store: createStore(options.database),
    juspay: () => Promise.resolve(client),
    readEvent: translateEvent,
    webhookRetentionDays: 400,
    clock,
    ids: { uuid: randomUUID },
    wake: (topic) => {
      woken.push(topic)
      options.onWake?.(topic)
    },
    log: { info: log, warn: log, error: log },
    refundKeySecret: new Uint8Array(32).fill(7),
    woken,
    logged,
  }
}

/** What the fake provider answers to `getOrder`: an order body, or the kind of no answer. */
type NoAnswer = 'not_found' | 'unavailable' | 'unauthorised' | 'throttled'
export type OrderAnswerGiver = (orderRef: string) => object | NoAnswer

const ERRORS: Readonly<Record<NoAnswer, CallFailure['error']>> = {
  not_found: {
    kind: 'rejected',
    reason: 'not_found',
    httpStatus: 404,
    code: null,
    message: null,
    statusId: 40,
    providerRequestId: null,
  },
  unavailable: { kind: 'unavailable', cause: 'not_sent', code: 'ECONNREFUSED', retryAfterMs: null },
  unauthorised: { kind: 'unauthorised', httpStatus: 401, code: null, message: null },
  throttled: { kind: 'unavailable', cause: 'throttled', code: null, retryAfterMs: 42_000 },
}

/** A client whose `getOrder` answers what `give` says; other calls fail. `asked` lists the references. */
export function fakeJuspay(give: OrderAnswerGiver): JuspayClient & { asked: string[] } {
  const asked: string[] = []
  const getOrder = (orderRef: string): Promise<OrderResult> => {
    asked.push(orderRef)
    const body = give(orderRef)
    if (typeof body === 'string') return Promise.resolve({ ...failure, error: ERRORS[body] })
    const raw = Buffer.from(JSON.stringify(body))
    const parsed = parseJson(raw)
    const order = parsed.ok ? translateOrder(parsed.json) : null
    if (order === null) throw new Error('the fake provider was given a body that is not an order')
    return Promise.resolve({ ok: true, order, raw, httpStatus: 200, requestId: null, tookMs: 5 })
  }
  return {
    asked,
    merchantId: 'testmerchant',
    getOrder,
    createSession: () => Promise.resolve(failure),
    updateAmount: () => Promise.resolve(failure),
    refund: () => Promise.resolve(failure),
    close: () => Promise.resolve(),
  }
}

const failure: CallFailure = {
  ok: false,
  error: ERRORS.unavailable,
  httpStatus: null,
  raw: null,
  requestId: null,
  tookMs: 1,
}

/** A provider that cannot be reached. */
export function unreachableJuspay(): JuspayClient {
  return fakeJuspay(() => 'unavailable')
}

/** Stores a webhook body as the receiver does, without HTTP. Returns the event's id. */
export async function deliver(deps: Deps, accountId: string, body: Uint8Array): Promise<string> {
  const [stored] = await deps.store.intake.storeMany([
    {
      ...readEnvelope(body),
      accountId,
      body,
      headers: {},
      remoteAddress: '127.0.0.1',
      receivedAt: deps.clock.now(),
    },
  ])
  return stored?.eventId ?? ''
}
