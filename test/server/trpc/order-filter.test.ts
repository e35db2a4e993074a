/** The filter as it travels: text that the server reads itself, refused when it cannot be read or costs too much. */
import { TRPCClientError } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SEARCH_TIMEOUT_MS } from '../../../server/store/database.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let viewer: SignedIn

beforeAll(async () => {
  app = await createTestApp()
  viewer = await app.as('viewer')
  await app.paydesk.database.pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, provider_status,
       payment_status, display_status, created_at)
     select $1, 'FILTER-' || n, 'filter-' || n, 'INR', n * 100, 'NEW', 'created', 'pending',
       timestamptz '2026-11-20 00:00Z' + n * interval '1 hour'
     from generate_series(1, 30) as n`,
    [app.accountId],
  )
})
afterAll(() => app.close())

async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(
    () => 'answered',
    (reason: unknown) => reason,
  )
  return error instanceof TRPCClientError ? error.data?.refusal : error
}

describe('a filter', () => {
  const orders = new Proxy({} as SignedIn['trpc']['orders'], {
    get: (_, key) => Reflect.get(viewer.trpc.orders, key),
  })

  test('that cannot be read is refused by every procedure that takes one', async () => {
    const input = { q: 'amout:>5' }
    for (const call of [
      orders.list.query(input),
      orders.total.query(input),
      orders.count.query(input),
      orders.facets.query(input),
      orders.wayOut.query(input),
    ])
      expect(await refusalOf(call)).toMatchObject({
        code: 'invalid_input',
        message: 'amout is not a filter. Did you mean amount?',
      })
  })

  test('with a field that Paydesk has no data for is refused, not ignored', async () => {
    expect(await refusalOf(orders.list.query({ q: 'status:pending issuer:hdfc' }))).toMatchObject({
      code: 'invalid_input',
      message: 'issuer cannot be filtered: Paydesk does not keep the bank that issued a card.',
    })
  })

  test('with a time in it narrows the range it is asked for', async () => {
    const asked = { from: new Date('2026-11-20T10:00:00Z'), to: null }
    const both = await orders.list.query({ q: 'created:<2026-11-21', ...asked })
    expect(both.rows.map((row) => row.orderRef)).toEqual(
      [18, 17, 16, 15, 14, 13, 12, 11, 10].map((n) => `FILTER-${n}`),
    )
    expect(await orders.count.query({ q: 'created:>=2026-11-21', from: null, to: asked.from })).toEqual({
      count: 0,
      more: false,
    })
  })

  test('pages both ways and opens at an order', async () => {
    const first = await orders.list.query({ limit: 10 })
    expect(first.previousCursor).toBeNull()
    const second = await orders.list.query({ limit: 10, cursor: first.nextCursor })
    const back = await orders.list.query({ limit: 10, cursor: second.previousCursor })
    expect(back.rows).toEqual(first.rows)
    const at = await orders.list.query({ limit: 5, at: second.rows[0]?.id ?? null, sort: '-amount' })
    expect(at.rows.map((row) => row.orderRef)).toContain(second.rows[0]?.orderRef)
  })

  test('has more rows on further pages when asked, and none twice or not at all', async () => {
    const sizes = { limit: 4, furtherLimit: 9 }
    const first = await orders.list.query(sizes)
    const second = await orders.list.query({ ...sizes, cursor: first.nextCursor })
    expect([first.rows.length, second.rows.length]).toEqual([4, 9])
    const plain = await orders.list.query({ limit: 13 })
    expect([...first.rows, ...second.rows]).toEqual(plain.rows)
    await expect(orders.list.query({ furtherLimit: 501 })).rejects.toThrow('at most 500')
  })

  test('says how many there are, exactly when asked', async () => {
    expect(await orders.total.query({ q: 'order:filter-*' })).toEqual({ count: 30, exact: true, within: 0 })
    expect(await orders.total.query({ q: 'order:filter-*', exactly: true })).toMatchObject({ count: 30 })
  })

  test('has facets that are at most a minute old', async () => {
    const ask = async (q: string) => (await orders.facets.query({ q })).counted
    expect(await ask('order:filter-*')).toBe(30)
    await app.paydesk.database.pool.query(
      `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, provider_status,
         payment_status, display_status, created_at)
       values ($1, 'FILTER-31', 'filter-31', 'INR', 100, 'NEW', 'created', 'pending', now())`,
      [app.accountId],
    )
    expect(await ask('order:filter-*')).toBe(30)
    expect(await ask('order:filter-3*')).toBe(3)
    await app.paydesk.database.pool.query(`delete from orders where order_ref = 'FILTER-31'`)
  })

  test('that finds nothing names the clause that keeps out most, and what a longer time has', async () => {
    const day = { from: new Date('2026-11-20T10:00:00Z'), to: new Date('2026-11-20T20:00:00Z') }
    const wayOut = (q: string, wider: { from: Date | null; to: Date | null } | null = null) =>
      orders.wayOut.query({ q, ...day, wider })
    // Without the amount 10 of that day, without the status or the order none.
    expect(await wayOut('status:pending amount:>500 order:filter-*')).toEqual({
      clause: { text: 'amount:>500', q: 'status:pending order:filter-*', count: 10, more: false },
      wider: null,
    })
    expect(await wayOut('status:failed', { from: null, to: null })).toEqual({
      clause: { text: 'status:failed', q: '', count: 10, more: false },
      wider: { count: 0, more: false },
    })
    expect(await wayOut('amount:>25', { from: null, to: null })).toMatchObject({ wider: { count: 5 } })
    // Two clauses that each find nothing: no single one is at fault.
    expect(await wayOut('status:failed amount:>5000')).toEqual({ clause: null, wider: null })
  })

  test('that finds nothing tries the last five of many clauses', async () => {
    const without = async (q: string) => (await orders.wayOut.query({ q })).clause?.text
    expect(await without('status:failed -currency:usd -gateway:payu -method:upi -code:x')).toBe(
      'status:failed',
    )
    expect(
      await without(`status:failed -currency:usd -gateway:payu -method:upi -code:x -bank:hdfc`),
    ).toBeUndefined()
  })

  test('that takes too long is stopped with what to do, and others go on', async () => {
    const { pool } = app.paydesk.database
    const client = await pool.connect()
    try {
      // Nobody can read the table now: the search waits for longer than it may.
      await client.query('begin')
      await client.query('lock table orders in access exclusive mode')
      const began = performance.now()
      const refusal = refusalOf(orders.list.query({ q: 'error:declined' }))
      const wayOut = orders.wayOut.query({ q: 'error:declined status:failed' })
      expect(await viewer.trpc.session.get.query()).toMatchObject({ user: { email: 'viewer@demo.test' } })
      expect(await refusal).toEqual({
        code: 'limit_exceeded',
        message: 'This filter has to look through too many orders.',
        hint: 'Narrow the time range, or add a status, a gateway or an ID.',
      })
      // A hint that cannot be had in time is none, and no reason for an error.
      expect(await wayOut).toEqual({ clause: null, wider: null })
      expect(performance.now() - began).toBeGreaterThan(SEARCH_TIMEOUT_MS - 100)
    } finally {
      await client.query('rollback')
      client.release()
    }
    expect((await orders.list.query({})).rows.length).toBeGreaterThan(0)
  })
})
