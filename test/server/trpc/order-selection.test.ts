/** "All matching" as a token: exact sums, pinned to the moment, of the account it was made on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let finance: SignedIn

async function insert(from: number, to: number): Promise<void> {
  await app.paydesk.database.pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
       refunded_minor, unconfirmed_since, provider_status, payment_status, display_status, created_at, changed_at)
     select $1, 'SEL-' || n, 'sel-' || n, case when n % 10 = 0 then 'USD' else 'INR' end, n * 100,
       case when n % 4 = 0 then 0 else n * 100 end, case when n % 4 = 1 then n * 100 when n % 4 = 2 then 50 else 0 end,
       case when n = 3 then now() end, 'CHARGED', 'charged', 'charged', now() - interval '1 hour', now()
     from generate_series($2::int, $3::int) as n`,
    [app.accountId, from, to],
  )
}

beforeAll(async () => {
  app = await createTestApp()
  finance = await app.as('finance')
  await insert(1, 40)
})
afterAll(() => app.close())

describe('the orders that somebody selected', () => {
  test('are asked about by whoever may ask about one of them, as a status check and not as reconciliation', async () => {
    const orderIds = ['00000000-0000-4000-8000-0000000000aa', '00000000-0000-4000-8000-0000000000ab']
    const support = await app.as('support')
    const results = await support.trpc.orders.checkMany.mutate({ orderIds })
    expect(results.map(({ outcome }) => outcome)).toEqual(['no_such_order', 'no_such_order'])
    const { rows } = await app.paydesk.database.pool.query<{ action: string }>(
      `select action from audit_entry where after::text like '%' || $1 || '%'`,
      [orderIds[0]],
    )
    expect(rows).toEqual([{ action: 'order.check_status' }])
    await expect(support.trpc.recon.run.mutate({ orderIds })).rejects.toThrow('cannot run reconciliation')
    const viewer = await app.as('viewer')
    await expect(viewer.trpc.orders.checkMany.mutate({ orderIds })).rejects.toThrow('cannot check status')
  })
})

describe('a selection', () => {
  test('counts, adds up by currency and says why how many cannot be refunded', async () => {
    const found = await finance.trpc.orders.selection.query({ q: 'order:sel-*' })
    const numbers = Array.from({ length: 40 }, (_, i) => i + 1)
    const sum = (rows: number[], of: (n: number) => number) =>
      BigInt(rows.reduce((total, n) => total + of(n), 0))
    const left = (n: number) => (n === 3 || n % 4 < 2 ? 0 : n * 100 - (n % 4 === 2 ? 50 : 0))
    const [rupees, dollars] = [numbers.filter((n) => n % 10 !== 0), numbers.filter((n) => n % 10 === 0)]
    expect(found).toMatchObject({ count: 40 })
    expect(found.sums).toEqual([
      {
        currency: 'INR',
        count: 36,
        amountMinor: sum(rupees, (n) => n * 100),
        refundable: rupees.filter((n) => left(n) > 0).length,
        refundableMinor: sum(rupees, left),
      },
      {
        currency: 'USD',
        count: 4,
        amountMinor: sum(dollars, (n) => n * 100),
        refundable: dollars.filter((n) => left(n) > 0).length,
        refundableMinor: sum(dollars, left),
      },
    ])
    expect(found.blocked).toEqual([
      { reason: 'not_charged', count: 10 },
      { reason: 'nothing_left', count: 10 },
      { reason: 'unconfirmed', count: 1 },
    ])
  })

  test('leaves out the same orders, and for the same reasons, as its rows say one by one', async () => {
    await app.paydesk.database.pool.query(
      `update orders set excess_minor = 5 where merchant_account_id = $1 and order_ref = 'SEL-7'`,
      [app.accountId],
    )
    const { token, blocked } = await finance.trpc.orders.selection.query({ q: 'order:sel-*' })
    const { rows } = await finance.trpc.orders.selected.query({ token, cursor: null, limit: 100 })
    const said = blocked.map(({ reason, count }) => [reason, count])
    expect(said.map(([reason]) => reason)).toEqual(['not_charged', 'overrun', 'nothing_left', 'unconfirmed'])
    expect(said).toEqual(
      blocked.map(({ reason }) => [reason, rows.filter((row) => row.unrefundable === reason).length]),
    )
  })

  test('does not take in what comes or changes later', async () => {
    const { token, count } = await finance.trpc.orders.selection.query({ q: 'order:sel-* amount:>=10' })
    await app.paydesk.database.pool.query(
      `update orders set amount_minor = 100000, changed_at = now() + interval '1 second'
       where merchant_account_id = $1 and order_ref = 'SEL-2'`,
      [app.accountId],
    )
    await insert(101, 110)
    await app.paydesk.database.pool.query(
      `update orders set changed_at = now() + interval '1 second'
       where merchant_account_id = $1 and order_ref_key like 'sel-1__'`,
      [app.accountId],
    )
    const refs: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof finance.trpc.orders.selected.query>> =
        await finance.trpc.orders.selected.query({ token, cursor, limit: 9 })
      refs.push(...page.rows.map((row) => row.orderRef))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(refs).toHaveLength(count)
    expect(new Set(refs)).toEqual(new Set(Array.from({ length: 31 }, (_, i) => `SEL-${i + 10}`)))
  })

  test.each(['nonsense', Buffer.from('{}').toString('base64url')])('%s is none', async (token) => {
    await expect(finance.trpc.orders.selected.query({ token })).rejects.toThrow('That is not a selection.')
  })

  test('of another account is refused', async () => {
    const foreign = {
      account: '00000000-0000-4000-8000-000000000000',
      q: '',
      from: null,
      to: null,
      asOf: new Date(),
    }
    const token = Buffer.from(JSON.stringify(foreign)).toString('base64url')
    await expect(finance.trpc.orders.selected.query({ token })).rejects.toThrow(
      'These orders were selected in another account.',
    )
  })

  test('of a filter that cannot be read is refused', async () => {
    await expect(finance.trpc.orders.selection.query({ q: 'status:chraged' })).rejects.toThrow(
      'status has no chraged. Did you mean charged?',
    )
  })
})
