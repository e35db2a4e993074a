/** The payer's browser on its way back to the shop, against the real sandbox over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { returnSignature } from '../../../server/juspay/return-url.ts'
import type { TestApp } from '../../support/app.ts'
import { openShop, type Shop } from './shop.ts'

const RESPONSE_KEY = 'sandbox-response-key'

let shop: Shop
let app: TestApp
let post: Shop['post']

beforeAll(async () => {
  shop = await openShop()
  app = shop.app
  post = (path, body, key) => shop.post(path, body, key)
})

afterAll(() => shop.close())

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
    await shop.control(`/control/orders/${orderRef}/attempts`, { outcome: 'success' })
  }

  const CLAIM = { status: 'CHARGED', status_id: '21' }

  test.each(['GET', 'POST'] as const)('by %s tells the shop what Juspay confirmed', async (method) => {
    const order_id = `RETURN${method}`
    await paidOrder(order_id)
    const to = await landing(signed({ order_id, ...CLAIM }), method)
    expect(`${to.origin}${to.pathname}`).toBe(`${app.url}/checkout/return`)
    expect(Object.fromEntries(to.searchParams)).toEqual({ order_id, status: 'charged' })
  })

  /** How a signature may look when it arrives (API reference §7): as it is, encoded once, encoded twice. */
  const WRITTEN = [
    ['as it is', (signature: string) => signature],
    ['encoded once more', encodeURIComponent],
    ['encoded twice more', (signature: string) => encodeURIComponent(encodeURIComponent(signature))],
  ] as const
  const CASES = WRITTEN.flatMap(([how, write]) =>
    (['GET', 'POST'] as const).map((method) => ({ how, write, method })),
  )

  test.each(CASES)('by $method with its signature $how', async ({ write, method }) => {
    await post('/sdk/demo/session', { order_id: 'RETURNCODED', amount: '75.00', customer_id: 'c1' })
    const good = signed({ order_id: 'RETURNCODED', ...CLAIM })
    good.set('signature', write(good.get('signature') ?? ''))
    expect((await landing(good, method)).searchParams.get('status')).toBe('created')
    const forged = signed({ order_id: 'RETURNCODED', ...CLAIM }, 'another key')
    forged.set('signature', write(forged.get('signature') ?? ''))
    expect((await landing(forged, method)).searchParams.get('status')).toBe('unverified')
    good.delete('signature')
    expect((await landing(good, method)).searchParams.get('status')).toBe('unverified')
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

  test('passes on what is confirmed when Juspay may not be asked just now, and no claim of a webhook', async () => {
    const order_id = 'RETURNBUSY'
    await paidOrder(order_id)
    const query = signed({ order_id, ...CLAIM })
    expect((await landing(query)).searchParams.get('status')).toBe('charged')
    const { pool } = app.paydesk.database
    // As after many calls at once; by a clock that is behind, nothing is refilled.
    await pool.query(`update status_budget set tokens = -1000, refilled_at = now() + interval '1 day'`)
    expect((await landing(query)).searchParams.get('status')).toBe('charged')
    await pool.query('update orders set unconfirmed_since = now() where order_ref = $1', [order_id])
    expect((await landing(query)).searchParams.get('status')).toBe('unverified')
    await pool.query('delete from status_budget')
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
