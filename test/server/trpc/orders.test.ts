/** The dashboard's reads of one order that came in by webhook: what leaves the server, for whom, and live. */
import { TRPCClientError } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD, DEMO_WEBHOOK } from '../../../server/demo.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { applyProviderOrder } from '../../../server/services/orders/apply-order.ts'
import { createTestApp, signIn, type SignedIn, type TestApp } from '../../support/app.ts'
import { createAccount } from '../../support/factories.ts'

let app: TestApp
let finance: SignedIn
let viewer: SignedIn
let developer: SignedIn

const EMAIL = 'meera.krishnan@example.com'
const PHONE = '9876543210'

function eventBody(orderRef: string, eventName = 'ORDER_SUCCEEDED'): string {
  const at = '2026-11-20T06:30:00Z'
  return JSON.stringify({
    id: `evt_V2_${orderRef}_${eventName}`,
    event_name: eventName,
    date_created: at,
    content: {
      order: {
        merchant_id: 'paydeskdemo',
        order_id: orderRef,
        id: `ordeh_${orderRef}`,
        status: 'CHARGED',
        status_id: 21,
        amount: 1299.5,
        currency: 'INR',
        customer_id: 'cust_1',
        customer_email: EMAIL,
        customer_phone: PHONE,
        date_created: at,
        last_updated: at,
        txn_id: `paydeskdemo-${orderRef}-1`,
        gateway: 'RAZORPAY',
        payment_method_type: 'CARD',
        payment_method: 'VISA',
        card: { last_four_digits: '4242', card_brand: 'VISA', card_token: 'tok_secret' },
        txn_detail: {
          txn_id: `paydeskdemo-${orderRef}-1`,
          status: 'CHARGED',
          gateway: 'RAZORPAY',
          created: at,
        },
        refunds: [],
      },
    },
  })
}

async function deliver(orderRef: string): Promise<number> {
  const credentials = Buffer.from(`${DEMO_WEBHOOK.username}:${DEMO_WEBHOOK.password}`).toString('base64')
  const reply = await fetch(`${app.url}/webhooks/juspay/demo`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    body: eventBody(orderRef),
  })
  await drainEvents(app.paydesk.deps)
  return reply.status
}

beforeAll(async () => {
  app = await createTestApp()
  ;[finance, viewer, developer] = await Promise.all([
    app.as('finance'),
    app.as('viewer'),
    app.as('developer'),
  ])
  expect(await deliver('TRPCORDER1')).toBe(200)
})

afterAll(() => app.close())

describe('one order', () => {
  test('is found by its reference in any case, with its money and method', async () => {
    const order = await viewer.trpc.orders.get.query({ orderRefOrId: 'trpcorder1' })
    expect(order).toMatchObject({
      orderRef: 'TRPCORDER1',
      displayStatus: 'charged',
      amountMinor: 129_950n,
      chargedMinor: 129_950n,
      leftMinor: 129_950n,
      gateway: 'RAZORPAY',
      methodLabel: 'Visa ··4242',
    })
    expect(order.figures).toMatchObject({
      chargedMinor: 129_950n,
      leftMinor: 129_950n,
      gapMinor: 0n,
      charges: [{ txnRef: 'paydeskdemo-TRPCORDER1-1', number: 1, amountMinor: 129_950n }],
    })
  })

  test('leaves the server masked, whoever asks', async () => {
    for (const person of [finance, viewer]) {
      const order = await person.trpc.orders.get.query({ orderRefOrId: 'TRPCORDER1' })
      const list = await person.trpc.orders.list.query({})
      const text = JSON.stringify([order, list], (_key, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      )
      expect(text).not.toContain(EMAIL)
      expect(text).not.toContain(PHONE)
      expect(order.customer).toMatchObject({
        emailMasked: 'm•••@example.com',
        phoneMasked: '+91 ••••• •3210',
      })
      // The merchant's own ID of the customer is no secret: rows are filtered by it where the name is masked.
      expect(list.rows[0]?.customerRef).toBe('cust_1')
    }
  })

  test('says why its Refund button is off with the sentence the server refuses with', async () => {
    const order = await viewer.trpc.orders.get.query({ orderRefOrId: 'TRPCORDER1' })
    expect(order.refundBlock).toBe('Your role (Viewer) cannot request refunds.')
    const asked = viewer.trpc.refunds.preview.query({ orderId: order.id })
    await expect(asked).rejects.toThrow('Your role (Viewer) cannot request refunds.')
    expect((await finance.trpc.orders.get.query({ orderRefOrId: 'TRPCORDER1' })).refundBlock).toBeNull()
  })

  test('shows its payloads without secrets and without personal data, to an admin too', async () => {
    const { id } = await developer.trpc.orders.get.query({ orderRefOrId: 'TRPCORDER1' })
    const [event] = await developer.trpc.orders.events.query({ orderId: id })
    const body = await developer.trpc.events.body.query({ id: event?.id ?? '' })
    const ask = { orderId: id, side: { kind: 'event' as const, id: event?.id ?? '' } }
    const raw = await developer.trpc.orders.side.query(ask)
    const admins = await (await app.as('admin')).trpc.orders.side.query(ask)
    for (const text of [JSON.stringify(body), JSON.stringify(raw), JSON.stringify(admins)]) {
      expect(text).toContain('TRPCORDER1')
      for (const secret of [EMAIL, PHONE, 'tok_secret']) expect(text).not.toContain(secret)
    }
  })

  test('of another account does not exist here', async () => {
    const foreign = await foreignOrder()
    const calls = [
      finance.trpc.orders.get.query({ orderRefOrId: foreign }),
      finance.trpc.orders.timeline.query({ orderId: foreign }),
      finance.trpc.orders.attempts.query({ orderId: foreign }),
      finance.trpc.orders.events.query({ orderId: foreign }),
      finance.trpc.orders.checkStatus.mutate({ orderId: foreign }),
      finance.trpc.orders.reveal.mutate({ orderId: foreign, field: 'email', reason: 'curious' }),
      finance.trpc.orders.related.query({ orderId: foreign }),
      finance.trpc.notes.write.mutate({ orderId: foreign, text: 'hello' }),
      finance.trpc.tags.add.mutate({ orderIds: [foreign], tags: ['mine'] }),
      finance.trpc.tags.remove.mutate({ orderIds: [foreign], tag: 'mine' }),
      finance.trpc.refunds.preview.query({ orderId: foreign }),
      developer.trpc.orders.messages.query({ orderId: foreign }),
      developer.trpc.orders.side.query({ orderId: foreign, side: { kind: 'record' } }),
    ]
    const codes = await Promise.all(
      calls.map((call) =>
        call.then(
          () => 'answered',
          (error: unknown) => refusalCode(error),
        ),
      ),
    )
    expect(codes).toEqual(calls.map(() => 'not_found'))
    expect(await finance.trpc.refunds.byOrder.query({ orderId: foreign })).toEqual([])
    expect(await finance.trpc.notes.list.query({ orderId: foreign })).toEqual([])
    expect(await finance.trpc.tags.list.query({ orderId: foreign })).toEqual([])
  })
})

function refusalCode(error: unknown): unknown {
  return error instanceof TRPCClientError ? error.data?.refusal?.code : error
}

/** An order that exists, on an account that nobody here belongs to. */
async function foreignOrder(): Promise<string> {
  const { database, deps } = app.paydesk
  const account = await createAccount(database, { juspayMerchantId: 'someoneelse' })
  const event: unknown = JSON.parse(eventBody('ELSEWHERE1').replaceAll('paydeskdemo', 'someoneelse'))
  const translated = deps.readEvent(Buffer.from(JSON.stringify(event)), { currency: 'INR' })
  const order = 'order' in translated ? translated.order : null
  if (!order) throw new Error('the event holds no order')
  const applied = await deps.store.transaction((tx) =>
    applyProviderOrder(tx, {
      account,
      order,
      source: { kind: 'webhook', id: null, occurredAt: null },
      now: new Date(),
    }),
  )
  return applied.orderId ?? ''
}

describe('the live feed', () => {
  /** Reads server-sent events until `until` is true of all that came, or the stream ends. */
  async function listen(
    person: SignedIn,
    lastEventId: string | null,
    until: (text: string) => boolean,
  ): Promise<{ text: string; ended: boolean }> {
    const input = encodeURIComponent(
      JSON.stringify({ json: { events: {}, ...(lastEventId === null ? {} : { lastEventId }) } }),
    )
    const stop = new AbortController()
    const reply = await person.fetch(`/trpc/events.live?input=${input}`, {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    })
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (;;) {
      const part = await reader?.read()
      if (!part || part.done) return { text, ended: true }
      text += part.value
      if (until(text)) {
        stop.abort()
        return { text, ended: false }
      }
    }
  }

  function idsOf(text: string): string[] {
    return [...text.matchAll(/^id: (.+)$/gm)].map((match) => match[1] ?? '')
  }

  function eventsIn(text: string): string[] {
    const batches = [...text.matchAll(/"events":\[(.*?)\],"renewed"/g)].map((match) => match[1] ?? '')
    return batches.flatMap((rows) => [...rows.matchAll(/\{"id":"([^"]+)"/g)].map((match) => match[1] ?? ''))
  }

  test('says hello, then tells of an event that arrives, and resumes after it without a repeat', async () => {
    const delivered: Promise<number>[] = []
    const first = await listen(viewer, null, (text) => {
      if (delivered.length === 0 && text.includes('"hello"')) delivered.push(deliver('LIVEORDER1'))
      return eventsIn(text).length > 0 && text.includes('"subject":"order"')
    })
    expect(await Promise.all(delivered)).toEqual([200])
    const last = idsOf(first.text).at(-1) ?? ''
    expect(last).toMatch(/^\d+:\d+$/)
    const second = await listen(viewer, last, (text) => {
      if (delivered.length === 1 && text.includes('"hello"')) delivered.push(deliver('LIVEORDER2'))
      return eventsIn(text).length > 0
    })
    await Promise.all(delivered)
    expect(eventsIn(second.text)).toHaveLength(1)
    expect(eventsIn(second.text)).not.toEqual(eventsIn(first.text))
  })

  test('replays what was missed while away', async () => {
    const first = await listen(viewer, null, (text) => text.includes('"hello"'))
    await deliver('MISSED1')
    await deliver('MISSED2')
    const { text } = await listen(viewer, idsOf(first.text).at(-1) ?? null, (seen) =>
      seen.includes('MISSED2'),
    )
    expect(text).toContain('MISSED1')
  })

  test('ends when its owner is switched off', async () => {
    const person = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    const admin = await app.as('admin')
    const disabled: Promise<unknown>[] = []
    const { text, ended } = await listen(person, null, (seen) => {
      if (disabled.length === 0 && seen.includes('"hello"'))
        disabled.push(admin.trpc.users.setDisabled.mutate({ userId: person.userId, disabled: true }))
      return seen.includes('You were signed out.')
    })
    await Promise.all(disabled)
    expect(ended || text.includes('You were signed out.')).toBe(true)
    expect(text).toContain('UNAUTHORIZED')
  })
})
