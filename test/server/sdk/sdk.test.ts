/** Sessions and signed payloads for a merchant's app, against the real sandbox over HTTP. */
import { createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerDemoKey } from '../../../server/demo-signing-key.ts'
import { hashApiKey } from '../../../server/http/api-key.ts'
import { createSandboxControl } from '../../../server/sandbox-control.ts'
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
    expect([reply.status, await reply.json()]).toMatchObject([403, { error: { code: 'browser_call' } }])
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
    const [key] = await app.paydesk.deps.store.merchantKeys.list(app.accountId)
    return createPublicKey(key?.publicKey ?? '')
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
    const control = createSandboxControl(shop.sandboxUrl)
    const sandboxControl = {
      ...control,
      registerKeys: (keys: Parameters<typeof control.registerKeys>[0]) => {
        tries += 1
        return tries === 1 ? Promise.reject(new Error('not there yet')) : control.registerKeys(keys)
      },
    }
    const deps = { store: app.paydesk.deps.store, sandboxControl, log }
    const { signal } = new AbortController()
    const { accountId } = app
    await registerDemoKey(deps, { accountId, signal, againMs: 1 })
    expect(tries).toBe(2)

    const { trpc } = await app.as('developer')
    const signed = await trpc.sandbox.signInitiate.mutate({ customerRef: 'shopper_1' })
    expect(JSON.parse(signed.signaturePayload)).toMatchObject({ customer_id: 'shopper_1' })
    const ask = async (change: Partial<typeof signed>) => {
      const reply = await fetch(`${shop.sandboxUrl}/payment-page/sdk/initiate`, {
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
