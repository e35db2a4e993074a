import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccountAccess } from '../../../server/account-access.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { connect } from '../../../server/store/database.ts'
import { BODY_MAX_BYTES, webhookRoutes } from '../../../server/webhooks/receive.ts'
import { createAccount, TEST_SECRET_KEY, WEBHOOK_PASSWORD } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let app: FastifyInstance

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database, { previousWebhookPassword: 'the-old-one' })
  app = await receiver(deps)
})
afterAll(async () => {
  await app.close()
  await opened.close()
})

async function receiver(using: TestDeps): Promise<FastifyInstance> {
  const server = Fastify()
  const access = createAccountAccess(using.store, TEST_SECRET_KEY)
  await server.register(webhookRoutes({ deps: using, accountOf: access.webhookAccount }))
  return server
}

function basic(username = 'hook', password = WEBHOOK_PASSWORD): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function post(body: Buffer, headers: Record<string, string> = {}, slug = account.slug) {
  return app.inject({
    method: 'POST',
    url: `/webhooks/juspay/${slug}`,
    headers: { authorization: basic(), 'content-type': 'application/json', ...headers },
    payload: body,
  })
}

async function storedBody(body: Buffer): Promise<{ body: Buffer; deliveries: number } | null> {
  const sha = createHash('sha256').update(body).digest()
  const { rows } = await opened.database.pool.query<{ body: Buffer; delivery_count: number }>(
    'select body, delivery_count from webhook_event where merchant_account_id = $1 and body_sha256 = $2',
    [account.id, sha],
  )
  const [row] = rows
  return row === undefined ? null : { body: row.body, deliveries: row.delivery_count }
}

test('answers 200 with a constant body and has committed the bytes by then', async () => {
  const body = Buffer.from('{"id":"evt_1","event_name":"ORDER_SUCCEEDED","content":{}}')
  const reply = await post(body, { 'x-secret': 'no' })
  expect([reply.statusCode, reply.body]).toEqual([200, '{"status":"ok"}'])
  expect((await storedBody(body))?.body.equals(body)).toBe(true)
  const { rows } = await opened.database.pool.query(
    `select event_name, headers from webhook_event where dedupe_key = 'evt_1'`,
  )
  expect(rows).toEqual([
    {
      event_name: 'ORDER_SUCCEEDED',
      headers: expect.not.objectContaining({ authorization: expect.anything(), 'x-secret': 'no' }),
    },
  ])
  expect(deps.woken).toContain('events')
})

test('a repeated delivery is the same event; the same id with other bytes is kept beside it', async () => {
  const body = Buffer.from('{"id":"evt_2","event_name":"A"}')
  const variant = Buffer.from('{"id":"evt_2","event_name":"B"}')
  for (const sent of [body, body, variant]) expect((await post(sent)).statusCode).toBe(200)
  expect((await storedBody(body))?.deliveries).toBe(2)
  expect((await storedBody(variant))?.deliveries).toBe(1)
})

test('100 simultaneous deliveries of one event are 100 times 200 and one row', async () => {
  const body = Buffer.from('{"id":"evt_100","event_name":"ORDER_SUCCEEDED"}')
  const replies = await Promise.all(Array.from({ length: 100 }, () => post(body)))
  expect(new Set(replies.map((reply) => reply.statusCode))).toEqual(new Set([200]))
  const { rows } = await opened.database.pool.query(
    `select delivery_count from webhook_event where dedupe_key = 'evt_100'`,
  )
  expect(rows).toEqual([{ delivery_count: 100 }])
})

const hostile: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['cut short', Buffer.from('{"id":"evt_3","content":')],
  ['a NUL escape', Buffer.from('{"id":"a\\u0000b"}')],
  ['a lone surrogate', Buffer.from('{"id":"\\ud800"}')],
  ['a prototype key', Buffer.from('{"__proto__":{"x":1},"constructor":{"prototype":1}}')],
  ['raw bytes', randomBytes(4096)],
  ['deep nesting', Buffer.from('['.repeat(100_000))],
  ['a huge id', Buffer.from(`{"id":"${'x'.repeat(100_000)}"}`)],
  ['an id that is no string', Buffer.from('{"id":{"a":1}}')],
]

test.each(hostile)('stores %s byte for byte and answers 200', async (_name, body) => {
  expect((await post(body)).statusCode).toBe(200)
  expect((await storedBody(body))?.body.equals(body)).toBe(true)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense', ''])(
  'takes the bytes as they are with content type "%s"',
  async (type) => {
    const body = Buffer.from(`a=1&type=${encodeURIComponent(type)}`)
    const reply = await app.inject({
      method: 'POST',
      url: `/webhooks/juspay/${account.slug}`,
      headers: { authorization: basic(), ...(type === '' ? {} : { 'content-type': type }) },
      payload: body,
    })
    expect(reply.statusCode).toBe(200)
    expect((await storedBody(body))?.body.equals(body)).toBe(true)
  },
)

test('takes exactly 2 MiB and refuses one byte more with a JSON error', async () => {
  const largest = Buffer.alloc(BODY_MAX_BYTES, 'x')
  expect((await post(largest)).statusCode).toBe(200)
  const reply = await post(Buffer.alloc(3 * 1024 * 1024, 'y'))
  expect(reply.statusCode).toBe(413)
  expect(reply.json()).toEqual({
    error: { code: 'too_large', message: expect.any(String), requestId: expect.any(String) },
  })
})

test.each([
  ['no credentials', ''],
  ['a wrong password', basic('hook', 'guess')],
  ['a wrong user', basic('someone')],
  ['an empty pair', basic('', '')],
  ['another scheme', 'Bearer abc'],
  ['no base64', 'Basic %%%'],
])('refuses %s with 401 and stores nothing', async (name, authorization) => {
  const body = Buffer.from(`{"id":"evt_401_${name}"}`)
  const reply = await post(body, { authorization })
  expect(reply.statusCode).toBe(401)
  expect(reply.json().error.code).toBe('unauthorised')
  expect(await storedBody(body)).toBeNull()
})

test('both passwords are good while they are being changed', async () => {
  const body = Buffer.from('{"id":"evt_rotation"}')
  expect((await post(body, { authorization: basic('hook', 'the-old-one') })).statusCode).toBe(200)
})

test('an unknown account is 404, whatever the credentials', async () => {
  const reply = await post(Buffer.from('{}'), {}, 'nobody')
  expect([reply.statusCode, reply.json().error.code]).toEqual([404, 'not_found'])
})

test('with the database away: 503 with Retry-After within two seconds, and 200 again when it is back', async () => {
  // A listener that accepts and never answers is the worst kind of "away": nothing fails by itself.
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const dead = connect(`postgresql://x@127.0.0.1:${address.port}/x`)
  const flaky = { ...deps, store: { ...deps.store } }
  const real = deps.store.intake
  const away = buildDeps({ database: dead }).store.intake
  const server = await receiver(flaky)
  const send = () =>
    server.inject({
      method: 'POST',
      url: `/webhooks/juspay/${account.slug}`,
      headers: { authorization: basic() },
      payload: Buffer.from('{"id":"evt_outage"}'),
    })
  try {
    expect((await send()).statusCode).toBe(200)
    flaky.store.intake = away
    const startedAt = performance.now()
    const replies = await Promise.all(Array.from({ length: 30 }, send))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    for (const reply of replies) {
      expect([reply.statusCode, reply.headers['retry-after']]).toEqual([503, '30'])
      expect(reply.json().error.code).toBe('unavailable')
    }
    flaky.store.intake = real
    expect((await send()).statusCode).toBe(200)
  } finally {
    await server.close()
    silent.close()
    await dead.pool.end().catch(() => undefined)
  }
})

test('with nothing known about accounts and the database away, still 503', async () => {
  const dead = connect('postgresql://x@127.0.0.1:9/x')
  const server = await receiver(buildDeps({ database: dead }))
  const reply = await server.inject({
    method: 'POST',
    url: '/webhooks/juspay/any',
    payload: Buffer.from('{}'),
  })
  expect([reply.statusCode, reply.headers['retry-after']]).toEqual([503, '30'])
  await server.close()
  await dead.close()
})
