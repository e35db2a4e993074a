/** Who calls `/sdk`, how often, with what clock, and what happens when the same is asked again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashApiKey } from '../../../server/http/api-key.ts'
import type { TestApp } from '../../support/app.ts'
import { openShop, type Shop } from './shop.ts'

let shop: Shop
let app: TestApp
let post: Shop['post']

beforeAll(async () => {
  shop = await openShop()
  app = shop.app
  post = (path, body, key) => shop.post(path, body, key)
})

afterAll(() => shop.close())

describe('asking again about an order', () => {
  const ORDER = { order_id: 'AGAIN1', amount: '250.00', customer_id: 'cust_1', customer_phone: '9876543210' }

  test('the same question has the same answer, byte for byte, however the amount is written', async () => {
    const first = await post('/sdk/demo/session', ORDER)
    const again = await post('/sdk/demo/session', { ...ORDER, amount: '250' })
    expect([first.status, again.text]).toEqual([200, first.text])
    const signed = await post('/sdk/demo/process-payload', ORDER)
    expect((await post('/sdk/demo/process-payload', ORDER)).text).toBe(signed.text)
  })

  test('two at the same moment are given one answer', async () => {
    const order = { ...ORDER, order_id: 'AGAINTWICE' }
    const answers = await Promise.all([1, 2, 3].map(() => post('/sdk/demo/session', order)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  test.each<[string, string, Record<string, unknown>, string]>([
    ['another amount', 'session', { amount: '250.01' }, 'amount'],
    ['another customer', 'session', { customer_id: 'cust_2' }, 'customer_id'],
    ['another currency', 'process-payload', { currency: 'USD' }, 'currency'],
    ['more than before', 'session', { description: 'new', udf6: 'x' }, 'description, udf6'],
    ['the order id in capitals and another amount', 'session', { order_id: 'again1', amount: '9' }, 'amount'],
  ])('%s is a conflict that says so', async (_name, path, change, fields) => {
    await post('/sdk/demo/session', ORDER)
    const answer = await post(`/sdk/demo/${path}`, { ...ORDER, ...change })
    expect([answer.status, answer.body]).toMatchObject([409, { error: { code: 'conflict' } }])
    expect(answer.text).toContain(`other content (${fields})`)
    const order = await app.paydesk.deps.store.orders.byRef(app.accountId, 'AGAIN1')
    expect(order?.amountMinor).toBe(25_000n)
  })

  test('what Juspay refused may be asked in other words', async () => {
    const fault = { kind: 'status', route: 'session', status: 400, count: 1, body: REFUSED_BODY }
    await shop.control('/control/faults', fault)
    const order = { ...ORDER, order_id: 'AGAIN2' }
    expect((await post('/sdk/demo/session', order)).status).toBe(422)
    expect((await post('/sdk/demo/session', { ...order, amount: '1.00' })).status).toBe(200)
  })

  test('what is kept of it is sealed', async () => {
    await post('/sdk/demo/session', ORDER)
    const { rows } = await app.paydesk.database.pool.query(
      'select * from sdk_answer where order_ref_key = $1',
      ['again1'],
    )
    const stored = rows.map((row) => Buffer.from(row.sealed).toString('latin1')).join()
    expect(rows.length).toBeGreaterThan(0)
    expect(stored).not.toMatch(/9876543210|tkn_|cust_1/)
  })

  const REFUSED_BODY = { status: 'Bad Request', error_code: 'invalid_request', error_message: 'No.' }
})

describe('POST /sdk/:account/orders/:order/amount', () => {
  const amountOf = async (orderRef: string) =>
    (await app.paydesk.deps.store.orders.byRef(app.accountId, orderRef))?.amountMinor

  test('changes what an unpaid order costs, here and at Juspay, and signs the new details', async () => {
    await post('/sdk/demo/session', { order_id: 'PRICE1', amount: '100.00', customer_id: 'c1' })
    const changed = await post('/sdk/demo/orders/PRICE1/amount', { amount: '120.50' })
    expect([changed.status, changed.body]).toMatchObject([200, { order_id: 'PRICE1', amount: '120.50' }])
    expect(JSON.parse(String(changed.body['orderDetails']))).toMatchObject({
      amount: '120.50',
      customer_id: 'c1',
    })
    expect(await amountOf('PRICE1')).toBe(12_050n)
    expect((await post('/sdk/demo/orders/PRICE1/amount', { amount: '120.50' })).status).toBe(200)
    const old = await post('/sdk/demo/session', { order_id: 'PRICE1', amount: '100.00', customer_id: 'c1' })
    const now = await post('/sdk/demo/session', { order_id: 'PRICE1', amount: '120.50', customer_id: 'c1' })
    expect([old.status, now.status]).toEqual([409, 200])
  })

  test('is refused for a paid order and for one that is not here', async () => {
    await post('/sdk/demo/session', { order_id: 'PRICE2', amount: '100.00', customer_id: 'c1' })
    await shop.control('/control/orders/PRICE2/attempts', { outcome: 'success' })
    // Juspay knows before we do.
    expect((await post('/sdk/demo/orders/PRICE2/amount', { amount: '1.00' })).status).toBe(422)
    expect((await post('/sdk/demo/orders/NOTHERE/amount', { amount: '1.00' })).status).toBe(404)
    expect(await amountOf('PRICE2')).toBe(10_000n)
  })
})

describe('API keys', () => {
  const key = async (change: Record<string, unknown> = {}) => {
    const { trpc } = await app.as('admin')
    const made = {
      name: 'test',
      scopes: ['sdk' as const],
      ratePerMinute: 60 as const,
      days: 30 as const,
      ...change,
    }
    return (await trpc.keys.createApiKey.mutate(made)).key
  }
  const initiate = (apiKey: string) => post('/sdk/demo/initiate-payload', {}, apiKey)

  test('do what their scopes say and nothing else', async () => {
    const signing = await key({ scopes: ['sdk:sign'] })
    expect((await initiate(signing)).status).toBe(200)
    const session = await post('/sdk/demo/session', { order_id: 'SCOPE1', amount: '5.00' }, signing)
    expect([session.status, session.body]).toMatchObject([403, { error: { code: 'permission_denied' } }])
    expect(session.text).toContain('sdk:session')
  })

  test('end when they say, and whoever holds one is told', async () => {
    const ending = await key()
    await app.paydesk.database.pool.query(
      "update api_key set expires_at = '2026-01-31T00:00:00Z' where secret_hash = $1",
      [hashApiKey(ending)],
    )
    const answer = await initiate(ending)
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('ended on 2026-01-31')])
  })

  test('are let through a number of times in a minute, by all servers together', async () => {
    const limited = await key()
    await app.paydesk.database.pool.query(
      'update api_key set window_started_at = now(), window_calls = 59 where secret_hash = $1',
      [hashApiKey(limited)],
    )
    expect((await initiate(limited)).status).toBe(200)
    const reply = await fetch(`${app.url}/sdk/demo/initiate-payload`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${limited}` },
      body: '{}',
    })
    expect([reply.status, await reply.json()]).toMatchObject([429, { error: { code: 'rate_limited' } }])
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(50)
    await app.paydesk.database.pool.query(
      "update api_key set window_started_at = now() - interval '61 seconds' where secret_hash = $1",
      [hashApiKey(limited)],
    )
    expect((await initiate(limited)).status).toBe(200)
  })

  test('say when they were last used and are revoked at once; the secret is told once', async () => {
    const { trpc } = await app.as('admin')
    const secret = await key({ name: 'To be revoked' })
    await initiate(secret)
    const listed = await trpc.keys.apiKeys.query()
    const mine = listed.find(({ name }) => name === 'To be revoked')
    expect(mine).toMatchObject({ alive: true, lastUsedAt: expect.any(Date), prefix: secret.slice(0, 12) })
    expect(JSON.stringify(listed)).not.toContain(secret)
    await trpc.keys.revokeApiKey.mutate({ id: mine?.id ?? '' })
    expect((await initiate(secret)).status).toBe(401)
    await expect(trpc.keys.revokeApiKey.mutate({ id: mine?.id ?? '' })).rejects.toMatchObject({
      data: { refusal: { code: 'conflict' } },
    })
  })
})

describe('the caller', () => {
  test.each<[string, (now: number) => string, string]>([
    ['behind', (now) => String(now - 301_000), 's behind ours'],
    ['ahead', (now) => String(now + 301_000), 's ahead of ours'],
    ['in seconds', (now) => String(Math.floor(now / 1_000)), 'Send milliseconds'],
    ['nonsense', () => 'yesterday', 'epoch milliseconds as text'],
  ])('with a clock that is %s is told so', async (_name, make, words) => {
    const answer = await post('/sdk/demo/initiate-payload', { timestamp: make(Date.now()) })
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'clock_skew' } }])
    expect(answer.text).toContain(words)
  })

  test('whose clock is near enough is served', async () => {
    for (const off of [-290_000, 0, 290_000])
      expect((await post('/sdk/demo/initiate-payload', { timestamp: String(Date.now() + off) })).status).toBe(
        200,
      )
  })

  test('must not be a browser', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${app.apiKey}` }
    const reply = await fetch(`${app.url}/sdk/demo/initiate-payload`, {
      method: 'POST',
      headers: { ...headers, origin: 'https://shop.example' },
      body: '{}',
    })
    expect([reply.status, await reply.json()]).toMatchObject([403, { error: { code: 'browser_call' } }])
  })
})
