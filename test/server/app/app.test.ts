/** The surface every route shares: headers, error shape, health, the page. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TRPCClientError } from '@trpc/client'
import { createBlankDatabase } from '../../support/database.ts'
import { createTestApp, TEST_SECRET, type TestApp } from '../../support/app.ts'
import { createPaydesk } from '../../../server/compose.ts'
import { createLog } from '../../../server/log.ts'

let app: TestApp
let dir = ''

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'paydesk-client-'))
  app = await createTestApp({ clientRoot: join(dir, 'client'), sandboxUrl: 'http://127.0.0.1:45999' })
})

afterAll(async () => {
  await app.close()
  rmSync(dir, { recursive: true, force: true })
})

function directives(policy: string | null): Record<string, string> {
  return Object.fromEntries(
    (policy ?? '').split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(' ')
      return [name, values.join(' ')]
    }),
  )
}

describe('the page', () => {
  test('says that it is being built, until it is', async () => {
    const before = await fetch(`${app.url}/orders/123`)
    expect([before.status, before.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await before.text()).toContain('being built')
    mkdirSync(join(dir, 'client/assets'), { recursive: true })
    writeFileSync(join(dir, 'client/index.html'), '<!doctype html><title>Paydesk</title>')
    writeFileSync(join(dir, 'client/assets/main-abc123.js'), 'export {}')
    writeFileSync(join(dir, 'secret.txt'), 'outside')
    const after = await fetch(`${app.url}/orders/123`)
    expect([after.status, after.headers.get('cache-control')]).toEqual([200, 'no-cache'])
    expect(await after.text()).toContain('<title>Paydesk</title>')
  })

  test('may load scripts from here and the sandbox only, and be framed by nobody', async () => {
    const reply = await fetch(`${app.url}/`)
    const policy = directives(reply.headers.get('content-security-policy'))
    expect(policy).toMatchObject({
      'default-src': "'self'",
      'script-src': "'self' http://127.0.0.1:45999 http://localhost:45999",
      'script-src-attr': "'none'",
      'style-src': "'self' 'unsafe-inline'",
      'connect-src': "'self' http://127.0.0.1:45999 http://localhost:45999",
      'font-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    })
    expect(policy).not.toHaveProperty('upgrade-insecure-requests')
    expect(reply.headers.get('x-frame-options')).toBe('DENY')
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
    expect(reply.headers.get('strict-transport-security')).toBeNull()
  })

  test('has files that are kept for good, and no file that is not its own', async () => {
    const asset = await fetch(`${app.url}/assets/main-abc123.js`)
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    for (const path of ['/assets/missing.js', '/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt', '/%00.js'])
      expect([path, (await fetch(`${app.url}${path}`)).status]).toEqual([path, 404])
  })
})

describe('errors', () => {
  test.each([
    ['GET', '/trpc', 404],
    ['GET', '/api/anything', 404],
    ['POST', '/orders', 404],
    ['GET', '/sdk/demo/session', 404],
    ['DELETE', '/webhooks/juspay/demo', 404],
  ])('%s %s is JSON in the contract’s shape', async (method, path, status) => {
    const reply = await fetch(`${app.url}${path}`, { method, headers: { 'sec-fetch-site': 'same-origin' } })
    expect(reply.status).toBe(status)
    expect(await reply.json()).toEqual({
      error: { code: 'not_found', message: expect.any(String), requestId: reply.headers.get('x-request-id') },
    })
  })

  test('an address that cannot be decoded is answered in the same shape', async () => {
    const reply = await fetch(`${app.url}/%ff`)
    expect([reply.status, await reply.json()]).toMatchObject([400, { error: { code: 'bad_request' } }])
  })

  test('the request id is ours, not the caller’s', async () => {
    const reply = await fetch(`${app.url}/healthz`, { headers: { 'x-request-id': 'chosen-by-caller' } })
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('health', () => {
  test('is alive and ready on a migrated database', async () => {
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${app.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  })

  test('is not ready, with the reason, on a database that is not migrated', async () => {
    const blank = await createBlankDatabase()
    const lines: string[] = []
    const paydesk = await createPaydesk({
      env: {
        mode: 'serve',
        publicUrl: 'https://paydesk.example.com',
        trustProxy: false,
        metricsToken: 'a-metrics-token-of-24-chars',
        secretKey: TEST_SECRET,
        webhookRetentionDays: 400,
      },
      databaseUrl: blank.url,
      log: createLog('error', { write: (line: string) => void lines.push(line) }),
      sandbox: null,
      demo: null,
    })
    const ready = await paydesk.app.inject('/readyz')
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      { status: 'not_ready', reason: 'The database is not migrated.' },
    ])
    const page = await paydesk.app.inject('/')
    const policy = directives(String(page.headers['content-security-policy']))
    expect(policy).toMatchObject({
      'script-src': "'self'",
      'frame-src': "'none'",
      'upgrade-insecure-requests': '',
    })
    expect(page.headers['strict-transport-security']).toContain('max-age=31536000')
    expect((await paydesk.app.inject('/metrics')).statusCode).toBe(401)
    const authorization = 'Bearer a-metrics-token-of-24-chars'
    const metrics = await paydesk.app.inject({ url: '/metrics', headers: { authorization } })
    expect([metrics.statusCode, metrics.body]).toEqual([
      200,
      expect.stringContaining('paydesk_http_request_seconds'),
    ])
    const broken = await paydesk.app.inject('/payments/return/demo')
    expect([broken.statusCode, broken.json()]).toMatchObject([500, { error: { code: 'internal' } }])
    const requestId: unknown = broken.headers['x-request-id']
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'request failed', reqId: requestId }])
    await paydesk.close()
    await blank.drop()
  })

  test('metrics in the demo are for this machine', async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    expect(text).toContain('paydesk_live_streams 0')
  })
})

test('a request whose body never comes is dropped, not kept', () => {
  expect(app.paydesk.app.server.requestTimeout).toBe(15_000)
  expect(app.paydesk.app.server.headersTimeout).toBe(10_000)
  expect(app.paydesk.app.server.timeout).toBe(60_000)
})

test('closing ends open live feeds at once and finishes', async () => {
  const own = await createTestApp()
  const viewer = await own.as('viewer')
  const stream = await viewer.fetch('/trpc/events.live', { headers: { accept: 'text/event-stream' } })
  expect(stream.status).toBe(200)
  const reader = stream.body?.getReader()
  await reader?.read()
  const started = performance.now()
  await own.close()
  expect(performance.now() - started).toBeLessThan(2_000)
  const port = Number(new URL(own.url).port)
  const refused = await new Promise<string>((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', (error) => done('code' in error ? String(error.code) : error.message))
    socket.on('connect', () => done('connected'))
  })
  expect(refused).toBe('ECONNREFUSED')
})

test('a fault of ours is in the log under the reference that people are given', async () => {
  const lines: string[] = []
  const log = createLog('error', { write: (line: string) => void lines.push(line) })
  const own = await createTestApp({ log })
  const viewer = await own.as('viewer')
  await own.paydesk.database.pool.query('alter table orders rename to gone')
  const error: unknown = await viewer.trpc.orders.list.query({}).catch((cause: unknown) => cause)
  if (!(error instanceof TRPCClientError)) throw new Error('the list was read')
  const { requestId }: { requestId: string } = error.data
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'procedure failed', path: 'orders.list', reqId: requestId },
  ])
  await own.close()
})

test('the log cuts secrets out by name', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  log.info(
    {
      password: 'p1',
      headers: { authorization: 'Basic p2', cookie: 'p3' },
      account: { apiKey: 'p4', secrets: { signingKey: 'p5' } },
    },
    'x',
  )
  for (const secret of ['p1', 'p2', 'p3', 'p4', 'p5']) expect(lines.join()).not.toContain(`"${secret}"`)
  expect(lines.join()).not.toContain('Basic p2')
})
