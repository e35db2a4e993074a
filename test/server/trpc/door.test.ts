/** What gets to the dashboard's API at all: our own page, JSON, small batches. Nothing else executes anything. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../server/domain/approval-policy.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let admin: SignedIn

beforeAll(async () => {
  app = await createTestApp()
  admin = await app.as('admin')
})

afterAll(() => app.close())

const CHANGE = {
  json: {
    version: 1,
    approvalAboveMinor: '1',
    alwaysApproveRoles: [],
    expiresAfterHours: 1,
    sameAmountWindowMinutes: 0,
    tiers: [],
    reasons: DEFAULT_POLICY.rules.reasons,
    limits: { roles: [], people: [], accountDayMinor: null, orderRefundsMax: 25 },
  },
  meta: { values: { approvalAboveMinor: ['bigint'] } },
}

async function policyVersion(): Promise<number> {
  return (await admin.trpc.settings.policy.query()).version
}

/** A request with exactly these headers: `fetch` would add some of its own. */
function send(
  path: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const call = request(
      `${app.url}${path}`,
      { method, headers: { cookie: admin.cookie, ...headers } },
      (reply) => {
        let text = ''
        reply.setEncoding('utf8').on('data', (part: string) => (text += part))
        reply.on('end', () => done({ status: reply.statusCode ?? 0, text }))
      },
    )
    call.on('error', fail)
    call.end(body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const OWN = { 'sec-fetch-site': 'same-origin' }
const BOUNDARY = 'xxBOUNDARYxx'
const FORM = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="json"\r\n\r\n${JSON.stringify(CHANGE)}\r\n--${BOUNDARY}--\r\n`

describe('a change that another site sends with our cookie is refused', () => {
  test.each<[string, Record<string, string>, string, number]>([
    [
      'a form with files, no preflight',
      { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      FORM,
      403,
    ],
    [
      'plain text',
      { 'content-type': 'text/plain', origin: 'https://evil.example' },
      JSON.stringify(CHANGE),
      403,
    ],
    ['a url-encoded form', { 'content-type': 'application/x-www-form-urlencoded' }, 'json=1', 403],
    [
      'JSON, marked cross-site',
      { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' },
      JSON.stringify(CHANGE),
      403,
    ],
    [
      'JSON, from a sibling site',
      { ...JSON_TYPE, 'sec-fetch-site': 'same-site' },
      JSON.stringify(CHANGE),
      403,
    ],
    [
      'JSON, from another origin',
      { ...JSON_TYPE, origin: 'https://evil.example' },
      JSON.stringify(CHANGE),
      403,
    ],
    ['JSON, from a sandboxed frame', { ...JSON_TYPE, origin: 'null' }, JSON.stringify(CHANGE), 403],
    ['JSON, without saying from where', { ...JSON_TYPE }, JSON.stringify(CHANGE), 403],
    [
      'a form, even from our own page',
      { ...OWN, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      FORM,
      415,
    ],
    [
      'plain text, even from our own page',
      { ...OWN, 'content-type': 'text/plain' },
      JSON.stringify(CHANGE),
      415,
    ],
    ['no content type', { ...OWN }, JSON.stringify(CHANGE), 415],
    ['a JSON look-alike', { ...OWN, 'content-type': 'application/jsonp' }, JSON.stringify(CHANGE), 415],
  ])('%s', async (_name, headers, body, status) => {
    const before = await policyVersion()
    const reply = await send('/trpc/settings.setPolicy', 'POST', headers, body)
    expect(reply.status).toBe(status)
    expect(JSON.parse(reply.text)).toMatchObject({
      error: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    })
    expect(await policyVersion()).toBe(before)
  })

  test('a link does not change anything', async () => {
    const before = await policyVersion()
    const reply = await send(
      `/trpc/settings.setPolicy?input=${encodeURIComponent(JSON.stringify(CHANGE))}`,
      'GET',
      OWN,
    )
    expect(reply.status).toBe(405)
    expect(await policyVersion()).toBe(before)
  })

  test('the same change from our own page is made: the vectors above fail for the right reason', async () => {
    const before = await policyVersion()
    const change = { ...CHANGE, json: { ...CHANGE.json, version: before } }
    const reply = await send(
      '/trpc/settings.setPolicy',
      'POST',
      { ...JSON_TYPE, ...OWN },
      JSON.stringify(change),
    )
    expect(reply.status).toBe(200)
    expect(await policyVersion()).toBe(before + 1)
    const again = { ...change, json: { ...change.json, version: before + 1 } }
    const origin = { ...JSON_TYPE, origin: app.url }
    expect((await send('/trpc/settings.setPolicy', 'POST', origin, JSON.stringify(again))).status).toBe(200)
  })
})

describe('reading', () => {
  test('from another site is refused, also as an event stream', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', accept: 'text/event-stream' }
    expect((await send('/trpc/events.live', 'GET', headers)).status).toBe(403)
    expect((await send('/trpc/settings.policy', 'GET', headers)).status).toBe(403)
  })

  test('is never stored by a cache', async () => {
    const reply = await admin.fetch('/trpc/settings.policy')
    expect(reply.headers.get('cache-control')).toContain('no-store')
  })
})

describe('limits', () => {
  test('eleven calls in one request execute none', async () => {
    const paths = Array.from({ length: 11 }, () => 'settings.policy').join(',')
    expect((await send(`/trpc/${paths}?batch=1`, 'GET', OWN)).status).toBe(400)
    const ten = Array.from({ length: 10 }, () => 'settings.policy').join(',')
    expect((await send(`/trpc/${ten}?batch=1`, 'GET', OWN)).status).toBe(200)
  })

  test('a body beyond 256 KiB is 413 in our words', async () => {
    const body = JSON.stringify({ json: { name: 'x'.repeat(300_000) } })
    const reply = await send('/trpc/users.create', 'POST', { ...JSON_TYPE, ...OWN }, body)
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([413, { error: { code: 'body_too_large' } }])
  })

  test('unknown members, wrong kinds and endless pages are refused by name', async () => {
    const { orders } = admin.trpc
    await expect(orders.list.query({ limit: 101 })).rejects.toMatchObject({
      data: {
        code: 'BAD_REQUEST',
        refusal: { code: 'invalid_input', message: 'Limit must be at most 100.' },
      },
    })
    const smuggled = { q: '', where: { id: { startsWith: 'a' } } }
    await expect(orders.list.query(smuggled)).rejects.toMatchObject({
      data: {
        code: 'BAD_REQUEST',
        refusal: { message: 'The request has a member that is not known here: where.' },
      },
    })
  })
})

describe('errors', () => {
  test('carry no stack, no SQL and no names of ours', async () => {
    const broken = await send(
      '/trpc/orders.get?input=%7B%22json%22%3A%7B%22orderRefOrId%22%3A%22%5Cu0000%22%7D%7D',
      'GET',
      OWN,
    )
    const missing = await send('/trpc/orders.nothing', 'GET', OWN)
    const malformed = await send('/trpc/users.create', 'POST', { ...JSON_TYPE, ...OWN }, '{"json":')
    for (const { text } of [broken, missing, malformed])
      expect(text).not.toMatch(/stack|\.ts:|node_modules|select |invalid byte|Prisma|zod/i)
    expect(broken.status).toBeGreaterThanOrEqual(400)
  })

  test('name the request, so that its log line can be found', async () => {
    await expect(admin.trpc.refunds.get.query({ id: crypto.randomUUID() })).rejects.toMatchObject({
      data: {
        code: 'NOT_FOUND',
        refusal: { code: 'not_found' },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    })
  })
})
