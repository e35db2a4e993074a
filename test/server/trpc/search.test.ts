/** The one box over HTTP: what scraps find, what they say they matched, and asking Juspay for what is not here. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../../../server/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../../server/sandbox/create.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

const dir = mkdtempSync(join(tmpdir(), 'paydesk-search-'))
let sandbox: Sandbox
let sandboxUrl: string
let app: TestApp
let support: SignedIn
let viewer: SignedIn

/** 21 November in India, 18:30. */
const EVENING = '2026-11-21T13:00:00Z'

beforeAll(async () => {
  sandbox = createSandbox({ dir, webhookUrl: null, clock: manualClock(Date.parse('2026-11-22T08:00:00Z')) })
  sandboxUrl = await sandbox.listen(0)
  app = await createTestApp({ sandboxUrl })
  ;[support, viewer] = await Promise.all([app.as('support'), app.as('viewer')])
  const { pool } = app.paydesk.database
  const insert = async (ref: string, more: Record<string, unknown>): Promise<string> => {
    const row = {
      currency: 'INR',
      amount_minor: 149900,
      provider_status: 'CHARGED',
      payment_status: 'charged',
      display_status: 'charged',
      created_at: EVENING,
      search_text: ref.toLowerCase(),
      ...more,
    }
    const columns = Object.keys(row)
    const { rows } = await pool.query<{ id: string }>(
      `insert into orders (merchant_account_id, order_ref, order_ref_key, ${columns.join(', ')})
       values ($1, $2, lower($2), ${columns.map((_, i) => `$${i + 3}`).join(', ')}) returning id`,
      [app.accountId, ref, ...Object.values(row)],
    )
    return rows[0]?.id ?? ''
  }
  const found = await insert('SHOP-7781', {
    provider_order_ref: 'ordeh_ab12cd34',
    customer_name: 'S. Iyer',
    customer_email: 's.iyer@example.com',
    customer_phone: '+91 98765 43210',
    method_type: 'UPI',
    payer_vpa: 'iyer.s@okhdfc',
    search_text:
      'shop-7781 ordeh_ab12cd34 s. iyer s.iyer@example.com +91 98765 43210 9876543210 demo-shop-7781-1 432198765012',
  })
  await pool.query(
    `insert into transaction (merchant_account_id, order_id, txn_ref, provider_status, payment_status, rrn)
     values ($1, $2, 'demo-SHOP-7781-1', 'CHARGED', 'charged', '432198765012')`,
    [app.accountId, found],
  )
  await pool.query(
    `insert into refund (merchant_account_id, order_id, unique_request_id, origin, amount_minor, currency, status, arn)
     values ($1, $2, 'RFKEY1', 'external', 100, 'INR', 'succeeded', '74537604221234567890123')`,
    [app.accountId, found],
  )
  await pool.query(
    `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers, remote_address,
       event_ref, event_name, order_id, status, next_try_at)
     values (gen_random_uuid(), 0, $1, 'e', '\\x00', '\\x00', '{}', '::1', 'evt_V2_found', 'ORDER_SUCCEEDED', $2, 'processed', null)`,
    [app.accountId, found],
  )
  // Like it in one thing each.
  await insert('SHOP-7782', {
    customer_phone: '9000043210',
    amount_minor: 50000,
    method_type: 'CARD',
    card_last4: '4242',
    search_text: 'shop-7782 9000043210',
  })
  await insert('SHOP-7783', { amount_minor: 149900, created_at: '2026-11-10T13:00:00Z' })
  await insert('3210', { amount_minor: 100 })
})
afterAll(async () => {
  await app.close()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

const refsOf = async (text: string): Promise<string[]> =>
  (await support.trpc.search.find.query({ text })).orders.map(({ orderRef }) => orderRef)

describe('a scrap', () => {
  test.each([
    ['shop-7781', 'Order ID'],
    ['demo-SHOP-7781-1', 'Reference'],
    ['anotherprefix-SHOP-7781-3', 'Order of that transaction ID'],
    ['ORDEH_AB12CD34', 'Juspay ID'],
    ['432198765012', 'RRN or UTR'],
    ['4321 9876 5012', 'RRN or UTR'],
    ['74537604221234567890123', 'ARN'],
    ['evt_V2_found', 'Event ID'],
    ['s.iyer@example', 'UPI address s.iyer@example'],
    ['iyer.s@okhdfc', 'UPI address iyer.s@okhdfc'],
    ['+91 98765 43210', 'Phone 9876543210'],
    ['98…3210', 'Phone 98…3210'],
    ['iyer', 'Text iyer'],
    ['utr:432198765012', 'ref:432198765012'],
    ['email:s.iyer@example.com iyer', 'email:s.iyer@example.com + Text iyer'],
  ])('%s finds the order and says it matched the %s', async (text, label) => {
    const { orders } = await support.trpc.search.find.query({ text })
    const found = orders.find(({ orderRef }) => orderRef === 'SHOP-7781')
    expect(orders.map(({ orderRef }) => orderRef)).toContain('SHOP-7781')
    if (!label.startsWith('UPI address s.iyer')) expect(found?.matched).toContain(label)
  })

  test('puts the order of exactly this id before what merely contains it', async () => {
    const { orders } = await support.trpc.search.find.query({ text: '3210' })
    expect(orders[0]).toMatchObject({
      orderRef: '3210',
      matched: ['Order ID', 'Amount ₹3,210.00'].slice(0, 1),
    })
    expect(orders.slice(1).map(({ orderRef, matched }) => [orderRef, matched])).toEqual(
      expect.arrayContaining([
        ['SHOP-7781', ['Phone ends 3210']],
        ['SHOP-7782', ['Phone ends 3210']],
      ]),
    )
  })

  test('with several facts finds what has them all', async () => {
    expect(await refsOf('98…3210 ~1499 21/11/2026 upi')).toEqual(['SHOP-7781'])
    expect(await refsOf('1499 10/11/2026')).toEqual(['SHOP-7783'])
    expect(await refsOf('4242 ₹500')).toEqual(['SHOP-7782'])
    expect(await refsOf('4242 ₹501')).toEqual([])
  })

  test('finds refunds, events and people by who asks', async () => {
    const refund = await support.trpc.search.find.query({ text: 'rfkey1' })
    expect(refund.refunds).toMatchObject([
      {
        uniqueRequestId: 'RFKEY1',
        orderRef: 'SHOP-7781',
        status: 'succeeded',
        confirming: false,
        changedAt: expect.any(Date),
      },
    ])
    const event = await support.trpc.search.find.query({ text: 'evt_V2_found' })
    expect(event.events).toMatchObject([{ eventName: 'ORDER_SUCCEEDED', status: 'processed', outcome: null }])
    const asked = { text: 'finance', people: true }
    expect((await support.trpc.search.find.query(asked)).people).toEqual([])
    const admin = await app.as('admin')
    expect((await admin.trpc.search.find.query(asked)).people.length).toBeGreaterThan(0)
    expect((await admin.trpc.search.find.query(asked)).orders).toEqual([])
  })

  test('leaves the server masked', async () => {
    const text = JSON.stringify(
      await support.trpc.search.find.query({ text: 'shop-7781' }),
      (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    )
    expect(text).not.toContain('s.iyer@example.com')
    expect(text).not.toContain('43210')
  })

  test('that means nothing finds nothing', async () => {
    for (const text of ['', '  ', '"', '%%%', '\u0000', '—']) expect(await refsOf(text)).toEqual([])
  })
})

describe('an id that is not here', () => {
  async function order(orderId: string): Promise<void> {
    const made = await fetch(`${sandboxUrl}/control/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        merchantId: 'paydeskdemo',
        orderId,
        amount: '100.50',
        currency: 'INR',
        scenario: 'charged',
      }),
    })
    expect(made.status, await made.text()).toBe(200)
    await sandbox.control.advance(1_000)
  }

  test('is offered to be asked for, unless it is known or is no id', async () => {
    const ask = async (text: string) => (await support.trpc.search.find.query({ text })).ask
    expect(await ask('ONLYJUSPAY1')).toBe('ONLYJUSPAY1')
    expect(await ask('shop-7781')).toBeNull()
    expect(await ask('3210')).toBeNull()
    expect(await ask('asha menon')).toBeNull()
    expect(await ask('rfkey1')).toBeNull()
  })

  test('becomes an order when Juspay knows it, written down with who asked', async () => {
    await order('ONLYJUSPAY1')
    expect(await support.trpc.search.askJuspay.mutate({ orderRef: 'onlyjuspay1' })).toMatchObject({
      outcome: 'learned',
      orderRef: 'ONLYJUSPAY1',
    })
    expect(await refsOf('onlyjuspay1')).toEqual(['ONLYJUSPAY1'])
    const found = await support.trpc.orders.get.query({ orderRefOrId: 'ONLYJUSPAY1' })
    expect(found).toMatchObject({ displayStatus: 'charged', amountMinor: 10_050n })
    expect(await support.trpc.search.askJuspay.mutate({ orderRef: 'ONLYJUSPAY1' })).toEqual({
      outcome: 'known',
      orderRef: 'ONLYJUSPAY1',
    })
    const { rows } = await app.paydesk.database.pool.query(
      `select after from audit_entry where action = 'order.ask_juspay' order by id`,
    )
    expect(rows).toEqual([{ after: { orderRef: 'onlyjuspay1', outcome: 'learned' } }])
  })

  test('stays unknown when Juspay does not know it, and is not asked for without end', async () => {
    const ask = () => support.trpc.search.askJuspay.mutate({ orderRef: 'NOBODYS1' })
    expect(await ask()).toMatchObject({
      outcome: 'not_found',
      message: 'Juspay does not know this ID either.',
    })
    const more = await Promise.allSettled(Array.from({ length: 20 }, ask))
    const refused = more.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(await refsOf('nobodys1')).toEqual([])
  })

  test('is not asked for by those who may not', async () => {
    await expect(viewer.trpc.search.askJuspay.mutate({ orderRef: 'ONLYJUSPAY1' })).rejects.toThrow(
      'Your role (Viewer) cannot',
    )
  })
})

test('a search says to which time it was narrowed, and what is left without it', async () => {
  const { find } = support.trpc.search
  expect((await find.query({ text: 'NOBODYS-4711 last week' })).within).toEqual({
    label: 'last week',
    rest: 'NOBODYS-4711',
  })
  expect((await find.query({ text: 'NOBODYS-4711' })).within).toBeNull()
})

test('whom somebody looked for is written down, masked and once, and what names nobody is not', async () => {
  const finance = await app.as('finance')
  const me = (await finance.trpc.session.get.query())?.user.name
  const entries = async () => {
    const { rows } = await (
      await app.as('auditor')
    ).trpc.audit.list.query({ q: '', action: 'search.personal', limit: 100 })
    return rows.filter(({ actorName }) => actorName === me).map(({ after }) => after)
  }
  await finance.trpc.search.find.query({ text: '1499.00' })
  await finance.trpc.orders.list.query({ q: 'amount:>5' })
  expect(await entries()).toEqual([])
  await finance.trpc.search.find.query({ text: 's.iyer@example.com' })
  await finance.trpc.orders.list.query({ q: 'email:s.iyer@example.com' })
  await finance.trpc.orders.list.query({ q: 'vpa:okhdfc' })
  expect(await entries()).toEqual([
    { by: 'vpa', text: '•••' },
    { by: 'email', text: 's•••@example.com' },
  ])
})

test('a phone number beside other words, or a part of one, is written down as in the filter bar', async () => {
  const finance = await app.as('finance')
  const me = (await finance.trpc.session.get.query())?.user.name
  const auditor = await app.as('auditor')
  const phones = async () => {
    const { rows } = await auditor.trpc.audit.list.query({ q: '', action: 'search.personal', limit: 100 })
    return rows
      .filter(({ actorName, after }) => actorName === me && JSON.stringify(after).includes('"phone"'))
      .map(({ after }) => after)
  }
  await finance.trpc.search.find.query({ text: '9876543210 yesterday' })
  expect(await phones()).toEqual([{ by: 'phone', text: '+91 ••••• •3210' }])
  await finance.trpc.search.find.query({ text: '98…4321 ~1499' })
  expect(await phones()).toEqual([
    { by: 'phone', text: '•••' },
    { by: 'phone', text: '+91 ••••• •3210' },
  ])
})
