/** Disputes, mandates and notices, from the delivery to the screens. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refundBlockOf } from '../../../server/domain/refund-block.ts'
import { timelineOf } from '../../../server/domain/timeline.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, fakeJuspay, openDatabase, type TestDeps } from '../../support/harness.ts'
import { seededRandom, shuffled } from '../../support/scenario.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeEach(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

const minute = (number: number): string => `2026-11-20T06:${String(number).padStart(2, '0')}:00Z`

function charged(orderId = 'O1', id = 'evt_c'): Buffer {
  const at = minute(1)
  const attempt = { txnId: `m-${orderId}-1`, status: 'CHARGED' }
  const order = orderBody({ orderId, status: 'CHARGED', amount: 500, at, attempt })
  return webhookBody({ id, name: 'ORDER_SUCCEEDED', at, order })
}

function side(name: string, at: number, content: Record<string, unknown>): Buffer {
  const id = `evt_${name}_${at}`
  return Buffer.from(JSON.stringify({ id, event_name: name, date_created: minute(at), content }))
}

function dispute(word: string, at: number, fields: Record<string, unknown> = {}): Buffer {
  const chargeback = { id: 'cb_1', amount: '500.00', order_id: 'O1', reason: 'Not received', ...fields }
  return side(`CHARGEBACK_${word}`, at, { chargeback })
}

function mandate(name: string, status: string, at: number, fields: Record<string, unknown> = {}): Buffer {
  const body = { mandate_id: 'M1', order_id: 'O1', status, max_amount: '399', ...fields }
  return side(name, at, { mandate: body })
}

async function take(...bodies: Buffer[]): Promise<string[]> {
  const outcomes: string[] = []
  for (const body of bodies) {
    const id = await deliver(deps, account.id, body)
    await drainEvents(deps)
    const event = await deps.store.webhookEvents.byId(account.id, id)
    outcomes.push(`${event?.status} ${event?.outcome}`)
  }
  return outcomes
}

const order = (ref = 'O1') => deps.store.orders.byRef(account.id, ref)

async function row(table: 'dispute' | 'mandate'): Promise<Record<string, unknown>> {
  const { rows } = await opened.database.pool.query(`select * from ${table}`)
  expect(rows).toHaveLength(1)
  return rows[0]
}

async function titles(): Promise<(readonly [string, string | null])[]> {
  const found = await order()
  if (found === null) throw new Error('there is no order')
  const changes = await deps.store.orderChanges.byOrder(account.id, found.id)
  const none = { attempts: [], refunds: [], events: [], checks: [], discrepancies: [], deeds: [], gaps: [] }
  const entries = timelineOf({ ...none, currency: 'INR', names: new Map(), changes })
  return entries.map(({ title, detail }) => [title, detail] as const).reverse()
}

describe('a dispute', () => {
  test('of a known order shows it as disputed until it is won, and the timeline tells it', async () => {
    const respond = { metadata: { respond_by: '2026-12-08T10:00:00Z' } }
    expect(await take(charged(), dispute('RECEIVED', 2), dispute('EVIDENCE_REQUIRED', 3, respond))).toEqual([
      'processed applied',
      'processed applied',
      'processed applied',
    ])
    expect(await order()).toMatchObject({
      disputed: true,
      displayStatus: 'disputed',
      paymentStatus: 'charged',
    })
    expect(await take(dispute('RESOLVED_IN_MERCHANT_FAVOUR', 9))).toEqual(['processed applied'])
    expect(await order()).toMatchObject({ disputed: false, displayStatus: 'charged', version: 4 })
    expect((await titles()).slice(-3)).toEqual([
      ['The customer’s bank disputes the payment', '₹500.00 · Not received'],
      ['The bank asks for evidence about the dispute', 'Answer by 8 Dec 2026'],
      ['Dispute won', 'You keep the money'],
    ])
  })

  test('that is lost leaves nothing of its money to refund, also when nothing was heard of it before', async () => {
    await take(charged(), dispute('RESOLVED_IN_CUSTOMER_FAVOUR', 9))
    const lost = await order()
    expect(lost).toMatchObject({ disputed: false, displayStatus: 'charged', disputedMinor: 50_000n })
    expect(lost === null ? null : refundBlockOf(lost)?.message).toBe(
      "₹500.00 of this order was taken back after a dispute by the customer's bank.",
    )
    await take(dispute('RESOLVED_IN_MERCHANT_FAVOUR', 12))
    expect(await order()).toMatchObject({ disputedMinor: 0n })
  })

  test('repeated says no change, and an older message is stale', async () => {
    await take(charged(), dispute('RECEIVED', 2), dispute('UNDER_REVIEW', 5))
    const again = Buffer.from(dispute('UNDER_REVIEW', 5).toString().replace('"id":"evt_', '"id":"evt_again_'))
    const older = Buffer.from(dispute('RECEIVED', 2).toString().replace('"id":"evt_', '"id":"evt_again_'))
    expect(await take(again, older)).toEqual(['processed no_change', 'processed stale'])
    expect((await order())?.version).toBe(3)
  })

  test('of an order nobody knows is kept, asked about, and linked when the order appears', async () => {
    expect(await take(dispute('RECEIVED', 2))).toEqual(['failed no_order_yet'])
    expect(await row('dispute')).toMatchObject({ status: 'received', order_ref: 'O1', order_id: null })
    expect(await take(charged('o1'))).toEqual(['processed applied'])
    expect(await order()).toMatchObject({ disputed: true, displayStatus: 'disputed' })
    expect((await titles()).at(-1)).toEqual([
      'The customer’s bank disputes the payment',
      '₹500.00 · Not received',
    ])
    deps.clock.advance(60 * 60 * 1_000)
    await drainEvents(deps)
    const { rows } = await opened.database.pool.query(
      `select event_name, outcome, order_id = (select id from orders) as of_order from webhook_event order by event_name`,
    )
    expect(rows).toEqual([
      { event_name: 'CHARGEBACK_RECEIVED', outcome: 'applied', of_order: true },
      { event_name: 'ORDER_SUCCEEDED', outcome: 'applied', of_order: true },
    ])
    expect((await order())?.version).toBe(2)
  })

  test('of an order that Juspay knows brings that order in', async () => {
    const at = minute(1)
    const juspay = fakeJuspay((orderId) =>
      orderBody({
        orderId,
        status: 'CHARGED',
        amount: 500,
        at,
        attempt: { txnId: 'm-O1-1', status: 'CHARGED' },
      }),
    )
    deps = buildDeps({ database: opened.database, juspay })
    expect(await take(dispute('RECEIVED', 2))).toEqual(['processed applied'])
    expect(juspay.asked).toEqual(['O1'])
    expect(await order()).toMatchObject({ disputed: true, chargedMinor: 50_000n })
  })

  test('that names only the attempt finds its order', async () => {
    await take(charged(), charged('O10', 'evt_other'))
    const named = { order_id: 'FILTERED', txn: { txn_id: 'm-O1-1' } }
    expect(await take(dispute('RECEIVED', 2, named))).toEqual(['processed applied'])
    expect([(await order())?.disputed, (await order('O10'))?.disputed]).toEqual([true, false])
  })

  test('that is over does not hide another that is open', async () => {
    await take(charged(), dispute('RECEIVED', 2), dispute('RECEIVED', 3, { id: 'cb_2' }))
    await take(dispute('CANCELED', 4))
    expect((await order())?.displayStatus).toBe('disputed')
    await take(dispute('EXPIRED', 5, { id: 'cb_2' }))
    expect((await order())?.displayStatus).toBe('charged')
  })

  test('without an id is kept as an event and changes nothing', async () => {
    expect(await take(charged(), dispute('RECEIVED', 2, { id: 'FILTERED' }))).toEqual([
      'processed applied',
      'ignored no_order',
    ])
    expect((await order())?.disputed).toBe(false)
  })

  test('in any order with the payment’s own messages ends the same', async () => {
    const ends = new Set<string>()
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      account = await createAccount(opened.database)
      const bodies = [
        charged(),
        dispute('RECEIVED', 2),
        dispute('UNDER_REVIEW', 3, { order_id: 'FILTERED' }),
        dispute('RESOLVED_IN_CUSTOMER_FAVOUR', 4),
        dispute('RECEIVED', 5, { id: 'cb_2', amount: 'FILTERED' }),
        mandate('MANDATE_CREATED', 'CREATED', 2),
        mandate('MANDATE_ACTIVATED', 'FILTERED', 3),
      ]
      await take(...shuffled([...bodies, ...bodies], seededRandom(seed)))
      deps.clock.advance(60 * 60 * 1_000)
      await drainEvents(deps)
      const { rows } = await opened.database.pool.query(
        `select o.display_status, o.disputed, o.charged_minor,
           (select jsonb_agg(to_jsonb(d) - '{id,merchant_account_id,order_id,event_id,first_seen_at,changed_at}'::text[] order by dispute_ref)
            from dispute d where d.order_id = o.id) as disputes,
           (select jsonb_agg(to_jsonb(m) - '{id,merchant_account_id,order_id,first_seen_at,changed_at}'::text[])
            from mandate m where m.merchant_account_id = o.merchant_account_id) as mandates
         from orders o where merchant_account_id = $1`,
        [account.id],
      )
      ends.add(
        JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      )
    }
    expect([...ends]).toHaveLength(1)
    expect([...ends][0]).toContain('"display_status":"disputed"')
    expect([...ends][0]).toContain('"status":"resolved_customer"')
    expect([...ends][0]).toContain('"status":"active"')
  })
})

describe('a mandate', () => {
  test('is kept with its status and last notice, with or without its order', async () => {
    const notification = {
      id: '19',
      status: 'SUCCESS',
      mandate: { mandate_id: 'M1' },
      source_info: { amount: '399', txn_date: '1796000000' },
    }
    expect(
      await take(
        mandate('MANDATE_CREATED', 'CREATED', 1),
        charged(),
        mandate('MANDATE_ACTIVATED', 'ACTIVE', 3, { order_id: 'FILTERED' }),
        side('NOTIFICATION_SUCCEEDED', 4, { notification }),
        mandate('MANDATE_CREATED', 'CREATED', 2),
      ),
    ).toEqual([
      'processed applied',
      'processed applied',
      'processed applied',
      'processed applied',
      'processed stale',
    ])
    expect(await row('mandate')).toMatchObject({
      mandate_ref: 'M1',
      status: 'active',
      provider_status: 'ACTIVE',
      order_id: (await order())?.id,
      notification_ref: '19',
      notification_status: 'SUCCESS',
      notification_at: new Date(minute(4)),
    })
    expect((await titles()).slice(-3)).toEqual([
      ['Mandate created', 'The customer has not approved it yet · At most ₹399.00 at a time'],
      ['Mandate active', 'The customer approved further debits'],
      ['The customer was told of the next debit', '₹399.00 on 30 Nov 2026'],
    ])
    expect((await order())?.disputed).toBe(false)
  })

  test('that comes before its order belongs to it when the order appears', async () => {
    await take(mandate('MANDATE_CREATED', 'CREATED', 1), charged('o1'))
    expect(await row('mandate')).toMatchObject({ order_id: (await order())?.id })
    expect((await titles()).map(([title]) => title)).toContain('Mandate created')
  })

  test('and a notice of one never heard of', async () => {
    const notification = { id: '19', status: 'FAILURE', mandate: { mandate_id: 'M7' } }
    expect(await take(side('NOTIFICATION_FAILED', 4, { notification }))).toEqual(['processed applied'])
    expect(await row('mandate')).toMatchObject({
      mandate_ref: 'M7',
      status: 'unknown',
      notification_status: 'FAILURE',
    })
  })

  test('a notice that names no mandate is kept as an event', async () => {
    const body = side('NOTIFICATION_FAILED', 4, { notification: { id: '19', mandate: 'FILTERED' } })
    expect(await take(body)).toEqual(['ignored no_order'])
  })
})

test('an event that carries an order beside a dispute applies both', async () => {
  const { content } = JSON.parse(charged().toString())
  const body = side('CHARGEBACK_RECEIVED', 2, { ...content, chargeback: { id: 'cb_1', order_id: 'O1' } })
  expect(await take(body)).toEqual(['processed applied'])
  expect(await order()).toMatchObject({ paymentStatus: 'charged', displayStatus: 'disputed' })
})

test('an event of another product is kept under its name and changes nothing', async () => {
  const body = side('TOKEN_STATUS_UPDATED', 1, { token: { order_id: 'O1' }, chargeback: { id: 'cb_9' } })
  expect(await take(charged(), body)).toEqual(['processed applied', 'ignored unknown_event'])
  const { rows } = await opened.database.pool.query('select count(*)::int as disputes from dispute')
  expect(rows).toEqual([{ disputes: 0 }])
})

test('many workers at once make one row of one mandate and one of one dispute', async () => {
  await take(charged())
  for (let copy = 0; copy < 12; copy += 1) {
    await deliver(deps, account.id, mandate('MANDATE_ACTIVATED', 'ACTIVE', 10 + copy))
    await deliver(deps, account.id, dispute('UNDER_REVIEW', 10 + copy))
  }
  await Promise.all(Array.from({ length: 6 }, () => drainEvents(deps)))
  expect((await row('mandate'))['status']).toBe('active')
  expect((await row('dispute'))['status']).toBe('under_review')
  expect((await order())?.displayStatus).toBe('disputed')
})
