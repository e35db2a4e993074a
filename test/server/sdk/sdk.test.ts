/** What a merchant's server and the payer's browser use, against the real sandbox over HTTP. */
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerDemoKey } from '../../../server/demo-signing-key.ts'
import { hashApiKey } from '../../../server/http/api-key.ts'
import { returnSignature } from '../../../server/juspay/return-url.ts'
import { createSandboxControl } from '../../../server/sandbox-control.ts'
import { createSandbox, type Sandbox } from '../../../server/sandbox/create.ts'
import { openSecrets } from '../../../server/store/sealing.ts'
import { createTestApp, TEST_SECRET, type TestApp } from '../../support/app.ts'

const RESPONSE_KEY = 'sandbox-response-key'

let app: TestApp
let sandbox: Sandbox
let sandboxUrl = ''
let dir = ''

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'paydesk-sdk-'))
  sandbox = createSandbox({ dir, webhookUrl: null })
  sandboxUrl = await sandbox.listen(0)
  app = await createTestApp({ sandboxUrl })
})

afterAll(async () => {
  await app.close()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

type Answer = { status: number; body: Record<string, unknown>; text: string }

async function post(path: string, body: unknown, key: string | null = app.apiKey): Promise<Answer> {
  const reply = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  })
  const text = await reply.text()
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`not an object: ${text}`)
  return { status: reply.status, body: { ...parsed }, text }
}

async function addKey(key: string, scopes: string[], revoked = false): Promise<void> {
  await app.paydesk.database.pool.query(
    `insert into api_key (merchant_account_id, name, prefix, secret_hash, scopes, revoked_at)
     values ($1, 'test', 'pd_', $2, $3, $4)`,
    [app.accountId, hashApiKey(key), scopes, revoked ? new Date() : null],
  )
}

describe('POST /sdk/:account/session', () => {
  test('creates the order at Juspay and hands its sdk_payload on unchanged', async () => {
    const { status, body } = await post('/sdk/demo/session', {
      order_id: 'SDKORDER1',
      amount: '499.50',
      customer_id: 'cust_9',
      customer_email: 'asha@example.com',
      first_name: 'Asha',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      order_id: 'SDKORDER1',
      sdk_payload: {
        service: 'in.juspay.hyperpay',
        payload: { orderId: 'SDKORDER1', clientId: 'paydeskdemo' },
      },
    })
    const order = await app.paydesk.deps.store.orders.byRef(app.accountId, 'SDKORDER1')
    expect(order).toMatchObject({ amountMinor: 49_950n, paymentStatus: 'created', customerName: 'Asha' })
  })

  test('of an order that exists gives a fresh session of the same order', async () => {
    const order = { order_id: 'SDKORDER2', amount: '10.00', customer_id: 'cust_9' }
    const first = await post('/sdk/demo/session', order)
    const second = await post('/sdk/demo/session', order)
    expect([first.status, second.status]).toEqual([200, 200])
    expect(first.body['id']).toBe(second.body['id'])
  })

  test.each<[string, unknown]>([
    ['a number as amount', { order_id: 'SDKBAD1', amount: 499.5 }],
    ['more decimals than the currency has', { order_id: 'SDKBAD1', amount: '1.005' }],
    ['nothing', { order_id: 'SDKBAD1', amount: '0.00' }],
    ['less than nothing', { order_id: 'SDKBAD1', amount: '-5' }],
    ['an order id Juspay would refuse', { order_id: 'with spaces and much too long', amount: '5' }],
    ['a member we do not know', { order_id: 'SDKBAD1', amount: '5', payment_page_client_id: 'other' }],
    ['no body of fields', []],
  ])('refuses %s before Juspay is asked', async (_name, body) => {
    const answer = await post('/sdk/demo/session', body)
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'invalid_input' } }])
    expect(await app.paydesk.deps.store.orders.byRef(app.accountId, 'SDKBAD1')).toBeNull()
  })

  test('needs a living key of this account with the scope', async () => {
    await addKey('pd_test_without_any_scope_00', [])
    await addKey('pd_test_revoked_key_00000000', ['sdk'], true)
    const order = { order_id: 'SDKAUTH1', amount: '5.00' }
    const statuses = await Promise.all([
      post('/sdk/demo/session', order, null),
      post('/sdk/demo/session', order, 'pd_test_a_key_that_is_not_there'),
      post('/sdk/demo/session', order, 'pd_test_revoked_key_00000000'),
      post('/sdk/other/session', order),
      post('/sdk/demo/session', order, 'pd_test_without_any_scope_00'),
    ])
    expect(statuses.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 403])
    expect(await app.paydesk.deps.store.orders.byRef(app.accountId, 'SDKAUTH1')).toBeNull()
  })

  test('is not reachable with a session cookie alone', async () => {
    const finance = await app.as('finance')
    const reply = await finance.fetch('/sdk/demo/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ order_id: 'SDKAUTH2', amount: '5.00' }),
    })
    expect(reply.status).toBe(401)
  })

  test('is audited with the key’s name', async () => {
    const page = await app.paydesk.deps.store.audit.list(app.accountId, {
      q: '',
      action: 'order.create_session',
      outcome: 'done',
      cursor: null,
      limit: 10,
    })
    expect(page.rows[0]).toMatchObject({ actorKind: 'machine', actorName: 'Demo shop' })
  })
})

describe('signed payloads', () => {
  async function publicKey() {
    const sealed = await app.paydesk.deps.store.accounts.secretsOf(app.accountId)
    if (!sealed) throw new Error('no secrets')
    return createPublicKey(openSecrets(TEST_SECRET, sealed).signingKey ?? '')
  }

  test('of Process verify over the exact text that is sent', async () => {
    const { status, body } = await post('/sdk/demo/process-payload', {
      order_id: 'SIGNED1',
      amount: '1250.00',
      customer_id: 'cust_9',
    })
    const text = String(body['orderDetails'])
    const signature = Buffer.from(String(body['signature']), 'base64')
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({
      order_id: 'SIGNED1',
      amount: '1250.00',
      merchant_id: 'paydeskdemo',
    })
    expect(body).toMatchObject({ merchantKeyId: '2980', clientId: 'paydeskdemo', environment: 'sandbox' })
    expect(verify('RSA-SHA256', Buffer.from(text), await publicKey(), signature)).toBe(true)
    expect(verify('RSA-SHA256', Buffer.from(`${text} `), await publicKey(), signature)).toBe(false)
  })

  test('of Initiate carry merchant, customer and time', async () => {
    const { body } = await post('/sdk/demo/initiate-payload', { customer_id: 'cust_9' })
    const text = String(body['signaturePayload'])
    expect(JSON.parse(text)).toMatchObject({ merchant_id: 'paydeskdemo', customer_id: 'cust_9' })
    const signature = Buffer.from(String(body['signature']), 'base64')
    expect(verify('RSA-SHA256', Buffer.from(text), await publicKey(), signature)).toBe(true)
  })

  test('are checked by the sandbox once the demo’s key is there, which is tried until the sandbox runs', async () => {
    const log = app.paydesk.deps.log
    let tries = 0
    const control = createSandboxControl(sandboxUrl)
    const sandboxControl = {
      ...control,
      registerKey: (key: Parameters<typeof control.registerKey>[0]) => {
        tries += 1
        return tries === 1 ? Promise.reject(new Error('not there yet')) : control.registerKey(key)
      },
    }
    const deps = { store: app.paydesk.deps.store, sandboxControl, log }
    const { signal } = new AbortController()
    const { accountId } = app
    await registerDemoKey(deps, { accountId, secretKey: TEST_SECRET, signal, againMs: 1 })
    expect(tries).toBe(2)

    const { trpc } = await app.as('developer')
    const signed = await trpc.sandbox.signInitiate.mutate({ customerRef: 'shopper_1' })
    expect(JSON.parse(signed.signaturePayload)).toMatchObject({ customer_id: 'shopper_1' })
    const ask = async (change: Partial<typeof signed>) => {
      const reply = await fetch(`${sandboxUrl}/payment-page/sdk/initiate`, {
        method: 'POST',
        body: new URLSearchParams({ ...signed, ...change }),
      })
      return [reply.status, await reply.json()]
    }
    expect(await ask({})).toEqual([200, { problem: null }])
    const forged = signed.signaturePayload.replace('shopper_1', 'shopper_2')
    expect(await ask({ signaturePayload: forged })).toEqual([
      200,
      { problem: 'The signature does not match what was signed.' },
    ])
    expect(await ask({ merchantKeyId: '1' })).toEqual([200, { problem: 'The merchant key id 1 is unknown.' }])
    expect(await ask({ merchantId: 'another' })).toEqual([
      200,
      { problem: 'signaturePayload is of another merchant.' },
    ])
  })

  test('for the checkout are only for sandbox accounts', async () => {
    const { pool } = app.paydesk.database
    const move = (environment: string) =>
      pool.query('update merchant_account set environment = $2 where id = $1', [app.accountId, environment])
    const { trpc } = await app.as('developer')
    await move('production')
    try {
      await expect(trpc.sandbox.signInitiate.mutate({ customerRef: 'c' })).rejects.toMatchObject({
        data: { refusal: { code: 'sandbox_only' } },
      })
    } finally {
      await move('sandbox')
    }
  })

  test('never contain the key', async () => {
    const answers = [
      await post('/sdk/demo/initiate-payload', {}),
      await post('/sdk/demo/process-payload', { order_id: 'S2', amount: '1.00' }),
    ]
    for (const answer of answers) expect(answer.text).not.toContain('PRIVATE KEY')
  })
})

describe('/payments/return/:account', () => {
  function signed(params: Record<string, string>, key = RESPONSE_KEY): URLSearchParams {
    const signature = returnSignature(Object.entries(params), key)
    return new URLSearchParams({ ...params, signature, signature_algorithm: 'HMAC-SHA256' })
  }

  async function landing(query: URLSearchParams, method: 'GET' | 'POST' = 'GET'): Promise<URL> {
    const address = `${app.url}/payments/return/demo`
    const reply =
      method === 'GET'
        ? await fetch(`${address}?${query}`, { redirect: 'manual' })
        : await fetch(address, { method: 'POST', body: query, redirect: 'manual' })
    expect(reply.status).toBe(303)
    return new URL(reply.headers.get('location') ?? '')
  }

  async function paidOrder(orderRef: string): Promise<void> {
    await post('/sdk/demo/session', { order_id: orderRef, amount: '75.00', customer_id: 'c1' })
    const reply = await fetch(`${sandboxUrl()}/control/orders/${orderRef}/attempts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: 'success' }),
    })
    expect(reply.status).toBe(200)
  }

  function sandboxUrl(): string {
    return app.paydesk.deps.facts.sandboxUrl ?? ''
  }

  const CLAIM = { status: 'CHARGED', status_id: '21' }

  test.each(['GET', 'POST'] as const)('by %s tells the shop what Juspay confirmed', async (method) => {
    const order_id = `RETURN${method}`
    await paidOrder(order_id)
    const to = await landing(signed({ order_id, ...CLAIM }), method)
    expect(`${to.origin}${to.pathname}`).toBe(`${app.url}/checkout/return`)
    expect(Object.fromEntries(to.searchParams)).toEqual({ order_id, status: 'charged' })
  })

  test('a signature proves who sent it, not that money moved: the status is Juspay’s answer', async () => {
    await post('/sdk/demo/session', { order_id: 'RETURNNEW', amount: '75.00', customer_id: 'c1' })
    const to = await landing(signed({ order_id: 'RETURNNEW', ...CLAIM }))
    expect(to.searchParams.get('status')).toBe('created')
  })

  test.each<[string, (order_id: string) => URLSearchParams]>([
    ['unsigned', (order_id) => new URLSearchParams({ order_id, ...CLAIM })],
    ['signed with another key', (order_id) => signed({ order_id, ...CLAIM }, 'another key')],
    [
      'changed after signing',
      (order_id) => {
        const query = signed({ order_id, status: 'AUTHORIZATION_FAILED', status_id: '27' })
        query.set('status', 'CHARGED')
        return query
      },
    ],
    [
      'with a second order_id',
      (order_id) => {
        const query = signed({ order_id: 'RETURNGET', ...CLAIM })
        query.append('order_id', order_id)
        return query
      },
    ],
    [
      'with an algorithm we do not know',
      (order_id) => {
        const query = signed({ order_id, ...CLAIM })
        query.set('signature_algorithm', 'none')
        return query
      },
    ],
  ])('%s is passed on as unverified, whatever it claims', async (_name, make) => {
    await post('/sdk/demo/session', { order_id: 'RETURNFORGED', amount: '75.00', customer_id: 'c1' })
    const to = await landing(make('RETURNFORGED'))
    expect(to.searchParams.get('status')).toBe('unverified')
  })

  test('of an order nobody knows is unverified, also when signed', async () => {
    const to = await landing(signed({ order_id: 'NEVERSEEN', ...CLAIM }))
    expect(to.searchParams.get('status')).toBe('unverified')
  })

  test('cannot be made to send people elsewhere', async () => {
    const to = await landing(
      signed({ order_id: '//evil.example', return_url: 'https://evil.example', ...CLAIM }),
    )
    expect(to.origin).toBe(app.url)
    expect(to.href).not.toContain('evil')
  })

  test('of an unknown account is 404', async () => {
    const reply = await fetch(`${app.url}/payments/return/nobody?order_id=X`, { redirect: 'manual' })
    expect([reply.status, await reply.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  })
})
