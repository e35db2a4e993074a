/** What the page of an order and the page of a refund say of one that a stop keeps from being sent. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { insertOrders } from '../../support/many-orders.ts'

let app: TestApp
let finance: SignedIn
let refundId: string
let orderRef: string

beforeAll(async () => {
  // Without jobs: what is approved stays to be sent.
  app = await createTestApp()
  finance = await app.as('finance')
  const { pool } = app.paydesk.database
  await insertOrders(pool, app.accountId, { from: 1, to: 1 })
  await pool.query(
    `update orders set amount_minor = 50000, charged_minor = 50000, charged_at = now(), base_provider_status = 'CHARGED',
       stated_at = '{"amountMinor": 1}'`,
  )
  const { rows } = await pool.query<{ ref: string }>('select order_ref as ref from orders')
  orderRef = rows[0]?.ref ?? ''
  const { id: orderId, version } = await page()
  const asked = await finance.trpc.refunds.request.mutate({
    orderId,
    version,
    clientKey: crypto.randomUUID(),
    amountMinor: 2_500n,
    currency: 'INR',
    reason: 'item_returned',
    note: null,
    confirmSameAmount: false,
  })
  refundId = asked.refund?.refundId ?? ''
})

afterAll(() => app.close())

const page = () => finance.trpc.orders.get.query({ orderRefOrId: orderRef })

async function stop(gateway: string | null): Promise<string> {
  const reason = 'Refunds look wrong today'
  const set = await finance.trpc.stops.set.mutate({ gateway, reason, expiresAt: null })
  if (set === null) throw new Error('a person always sets a stop')
  return set.id
}

/** What both pages say, in English. */
async function said() {
  const [{ explanation }, { tellCustomer }] = await Promise.all([
    page(),
    finance.trpc.refunds.get.query({ id: refundId }),
  ])
  const { situation, sentence, next, customer } = explanation
  const texts = [customer.en.sms.text, customer.en.whatsapp.text, customer.en.email.text]
  return { situation, sentence, at: next.at, texts: [...texts, tellCustomer?.en ?? ''] }
}

test('while a stop holds it back nobody is told that it was started, and everybody after it', async () => {
  const started = /^We have started your refund of (₹|Rs )25\.00\. It should be in your account by /m
  const free = { situation: 'refund_queued', at: expect.any(Date) }
  await stop('ANOTHER_GATEWAY')
  expect(await said()).toMatchObject({ ...free, texts: Array(4).fill(expect.stringMatching(started)) })

  for (const [gateway, words] of [
    ['RAZORPAY', 'Refunds through Razorpay are stopped.'],
    [null, 'Refunds are stopped.'],
  ] as const) {
    const stopId = await stop(gateway)
    const held = await said()
    expect(held).toMatchObject({
      situation: 'refund_held',
      sentence: `A refund of ₹25.00 is approved and has not been sent. ${words}`,
      at: null,
    })
    for (const text of held.texts) {
      expect(text).toMatch(/is approved and has not been sent yet/)
      expect(text).not.toMatch(/started|in your account by/)
    }
    const admin = await app.as('admin')
    await admin.trpc.stops.lift.mutate({ stopId, note: 'Looked into, all is well' })
    expect(await said()).toMatchObject(free)
  }
})
