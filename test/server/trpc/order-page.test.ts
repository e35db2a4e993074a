/** The page of one order on the wire: its timeline in stretches, notes, other orders of the customer, and what is masked. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { DEMO_WEBHOOK } from '../../../server/demo.ts'
import { NOTE_EDIT_MINUTES, NOTE_MAX_LENGTH, NOTES_PER_ORDER } from '../../../server/domain/order-note.ts'
import { ROLES, roleCan, type Role } from '../../../server/domain/permission.ts'
import { REVEAL_MS } from '../../../server/domain/reveal.ts'
import { isQuery } from '../../../server/http/trpc-queries.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { appRouter } from '../../../server/trpc/router.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { testClock, type TestClock } from '../../support/harness.ts'

let app: TestApp
let clock: TestClock
let support: SignedIn
let finance: SignedIn
let viewer: SignedIn

const NAME = 'Meera Krishnan'
const EMAIL = 'meera.krishnan@example.com'
const PHONE = '9876543210'
const VPA = 'meera.k@okaxis'
const PERSONAL = [EMAIL, PHONE, VPA]
const SECONDS = 1_000

function order(orderRef: string, more: object = {}) {
  const at = clock.now().toISOString().slice(0, 19) + 'Z'
  const txn = `paydeskdemo-${orderRef}-1`
  return {
    merchant_id: 'paydeskdemo',
    order_id: orderRef,
    id: `ordeh_${orderRef}`,
    status: 'AUTHORIZATION_FAILED',
    status_id: 27,
    amount: 1299.5,
    currency: 'INR',
    customer_id: 'cust_meera',
    customer_email: EMAIL,
    customer_phone: PHONE,
    description: `Gift, call ${PHONE} before delivery`,
    udf1: `ask ${EMAIL}`,
    date_created: at,
    last_updated: at,
    txn_id: txn,
    gateway: 'RAZORPAY',
    payment_method_type: 'UPI',
    payment_method: 'UPI',
    payer_vpa: VPA,
    upi: { payer_vpa: VPA },
    customer: { first_name: 'Meera', last_name: 'Krishnan' },
    txn_detail: { txn_id: txn, status: 'AUTHORIZATION_FAILED', gateway: 'RAZORPAY', created: at },
    bank_error_code: 'U30',
    bank_error_message: `Debit of ${EMAIL} failed`,
    ...more,
  }
}

let sent = 0

async function tell(orderRef: string, more: object = {}, eventName = 'ORDER_FAILED'): Promise<void> {
  sent += 1
  const body = {
    id: `evt_${sent}`,
    event_name: eventName,
    date_created: clock.now().toISOString(),
    content: { order: order(orderRef, more) },
  }
  const credentials = Buffer.from(`${DEMO_WEBHOOK.username}:${DEMO_WEBHOOK.password}`).toString('base64')
  const reply = await fetch(`${app.url}/webhooks/juspay/demo`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(reply.status).toBe(200)
  await drainEvents(app.paydesk.deps)
}

const idOf = async (orderRef: string) => (await finance.trpc.orders.get.query({ orderRefOrId: orderRef })).id

beforeAll(async () => {
  clock = testClock(new Date())
  app = await createTestApp({ clock })
  support = await app.as('support')
  finance = await app.as('finance')
  viewer = await app.as('viewer')
  await tell('PAGE1')
})

afterAll(() => app.close())

describe('the timeline in stretches', () => {
  test('tells everything once, newest or oldest first, however often it is cut', async () => {
    for (let i = 0; i < 130; i += 1) {
      clock.advance(2 * SECONDS)
      await tell('LONG1', { description: `delivery ${i}` }, 'ORDER_UPDATED')
    }
    const orderId = await idOf('LONG1')
    const read = async (direction: 'newest' | 'oldest') => {
      const ids: string[] = []
      let cursor: string | null = null
      let pages = 0
      do {
        const page: Awaited<ReturnType<typeof viewer.trpc.orders.timeline.query>> =
          await viewer.trpc.orders.timeline.query({ orderId, cursor, order: direction })
        ids.push(...page.entries.map(({ id }) => id))
        cursor = page.nextCursor
        pages += 1
      } while (cursor !== null)
      return { ids, pages }
    }
    const [newest, oldest] = [await read('newest'), await read('oldest')]
    expect(newest.pages).toBeGreaterThan(1)
    expect(oldest.pages).toBeGreaterThan(1)
    expect(new Set(newest.ids).size).toBe(newest.ids.length)
    expect(oldest.ids.toReversed()).toEqual(newest.ids)
    expect(newest.ids.length).toBeGreaterThanOrEqual(130)
  })

  test('narrowed to what people did, reads on until it finds something', async () => {
    const orderId = await idOf('LONG1')
    await support.trpc.notes.write.mutate({ orderId, text: 'Customer called' })
    const { entries } = await viewer.trpc.orders.timeline.query({ orderId, filter: 'people' })
    expect(entries.map(({ title }) => title)).toEqual(
      ['Divya Nair wrote a note'].map(() => entries[0]?.title),
    )
    expect(entries[0]).toMatchObject({ kind: 'note', source: 'person', detail: 'Customer called' })
  })

  test('a webhook’s line says when it happened, when it came, and its event', async () => {
    const orderId = await idOf('PAGE1')
    const { entries } = await viewer.trpc.orders.timeline.query({ orderId, filter: 'events' })
    expect(entries[0]).toMatchObject({
      source: 'webhook',
      eventId: expect.any(String),
      receivedAt: expect.any(Date),
      occurredAt: expect.any(Date),
    })
  })
})

describe('the parts of an order', () => {
  test('are read once for all that one request asks for, and anew for the next', async () => {
    await tell('PARTS1')
    const orderId = await idOf('PARTS1')
    const { orders, refunds } = app.paydesk.deps.store.pages
    const reads = [vi.spyOn(orders, 'pageOf'), vi.spyOn(orders, 'attempts')]
    const needless = [vi.spyOn(orders, 'pageById'), vi.spyOn(refunds, 'byOrder')]
    try {
      const input = {
        0: { json: { orderRefOrId: 'PARTS1' } },
        1: { json: { orderId } },
        2: { json: { orderId } },
      }
      const path = `/trpc/orders.get,orders.timeline,orders.attempts?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`
      for (const times of [1, 2]) {
        expect((await support.fetch(path)).status).toBe(200)
        for (const read of reads) expect(read).toHaveBeenCalledTimes(times)
        for (const read of needless) expect(read).not.toHaveBeenCalled()
      }
    } finally {
      for (const read of [...reads, ...needless]) read.mockRestore()
    }
  })
})

test('what there is about an order is known with the order', async () => {
  const { pages } = app.paydesk.deps.store
  const has = async () => (await pages.orders.pageOf(app.accountId, 'HAS1'))?.has
  await tell('HAS1')
  const orderId = await idOf('HAS1')
  const before = await has()
  expect(before).toMatchObject({ events: true, refunds: false, notes: false, deeds: false, checks: false })
  await support.trpc.notes.write.mutate({ orderId, text: 'Customer called' })
  await support.trpc.orders.reveal.mutate({ orderId, field: 'phone', reason: 'Calling back about it' })
  await support.trpc.orders.checkStatus.mutate({ orderId })
  expect(await has()).toEqual({ ...before, notes: true, deeds: true, checks: true })
})

describe('notes', () => {
  test('name people of the account, who find them and are told once', async () => {
    const orderId = await idOf('PAGE1')
    const people = await support.trpc.notes.people.query()
    const asha = people.find(({ name }) => name === 'Asha Menon')
    await support.trpc.notes.write.mutate({ orderId, text: 'Please look, @asha menon: paid twice?' })
    const [note] = await finance.trpc.notes.list.query({ orderId })
    expect(note?.parts).toEqual([
      { text: 'Please look, ', userId: null },
      { text: '@asha menon', userId: asha?.id },
      { text: ': paid twice?', userId: null },
    ])
    const mine = await finance.trpc.notes.forMe.query({})
    expect(mine.rows.map(({ orderRef, seenAt }) => [orderRef, seenAt])).toEqual([['PAGE1', null]])
    expect((await finance.trpc.session.counts.query()).mentions).toBe(1)
    expect((await viewer.trpc.notes.forMe.query({})).rows).toEqual([])
    expect(await finance.trpc.notes.markSeen.mutate({ orderId })).toEqual({ seen: 1 })
    expect(await finance.trpc.notes.markSeen.mutate({ orderId })).toEqual({ seen: 0 })
    expect((await finance.trpc.session.counts.query()).mentions).toBe(0)
  })

  test('are put right by their author within minutes, and by nobody else', async () => {
    const orderId = await idOf('PAGE1')
    const { noteId } = await support.trpc.notes.write.mutate({ orderId, text: 'Teh card expired' })
    await expect(finance.trpc.notes.edit.mutate({ noteId, text: 'Mine now' })).rejects.toMatchObject({
      data: { refusal: { code: 'permission_denied' } },
    })
    await support.trpc.notes.edit.mutate({ noteId, text: 'The card expired' })
    clock.advance(NOTE_EDIT_MINUTES * 60 * SECONDS + SECONDS)
    await expect(support.trpc.notes.edit.mutate({ noteId, text: 'Later' })).rejects.toMatchObject({
      data: { refusal: { code: 'conflict' } },
    })
    const note = (await viewer.trpc.notes.list.query({ orderId })).find(({ id }) => id === noteId)
    expect(note).toMatchObject({
      parts: [{ text: 'The card expired', userId: null }],
      editedAt: expect.any(Date),
    })
  })

  test('taken back stay, struck; every act is audited and none deletes', async () => {
    const orderId = await idOf('PAGE1')
    const before = await noteCount('PAGE1')
    const { noteId } = await support.trpc.notes.write.mutate({ orderId, text: 'Wrong order' })
    expect(await noteCount('PAGE1')).toBe(before + 1)
    await support.trpc.notes.strike.mutate({ noteId })
    await support.trpc.notes.strike.mutate({ noteId })
    expect(await noteCount('PAGE1')).toBe(before)
    const note = (await viewer.trpc.notes.list.query({ orderId })).find(({ id }) => id === noteId)
    expect(note?.struckAt).toBeInstanceOf(Date)
    const audit = await app.paydesk.deps.store.audit.bySubject(app.accountId, 'order', orderId)
    const acts = audit.map(({ action }) => action).filter((action) => action.startsWith('order_note.'))
    expect(acts.slice(-2)).toEqual(['order_note.write', 'order_note.strike'])
    const { rows } = await query(`select text from order_note where id = $1`, [noteId])
    expect(rows).toEqual([{ text: 'Wrong order' }])
    await expect(query('delete from order_note where id = $1', [noteId])).rejects.toThrow(/frozen|foreign/)
    await expect(query(`update order_note set text = 'x' where id = $1`, [noteId])).rejects.toThrow(/frozen/)
  })

  test('have limits, and need a role that writes', async () => {
    const orderId = await idOf('PAGE1')
    for (const text of ['', '   ', 'x'.repeat(NOTE_MAX_LENGTH + 1)])
      await expect(support.trpc.notes.write.mutate({ orderId, text })).rejects.toMatchObject({
        data: { refusal: { code: 'invalid_input' } },
      })
    await expect(viewer.trpc.notes.write.mutate({ orderId, text: 'no' })).rejects.toMatchObject({
      data: { refusal: { code: 'permission_denied' } },
    })
    await tell('FULL1')
    const full = await idOf('FULL1')
    await query(
      `insert into order_note (merchant_account_id, order_id, author_id, text, at)
       select $1, $2, $3, 'n', now() from generate_series(1, $4)`,
      [app.accountId, full, support.userId, NOTES_PER_ORDER],
    )
    await expect(support.trpc.notes.write.mutate({ orderId: full, text: 'one more' })).rejects.toMatchObject({
      data: { refusal: { code: 'limit_exceeded' } },
    })
  })
})

test('the refunds list says when it was read', async () => {
  expect((await viewer.trpc.refunds.list.query({})).asOf).toEqual(clock.now())
})

describe('other orders of the customer', () => {
  test('are found by reference, address and number, newest first, and never the order itself', async () => {
    await tell('REL1', {
      customer_id: 'cust_meera',
      customer_email: 'other@example.com',
      customer_phone: '9000000001',
    })
    clock.advance(SECONDS)
    await tell('REL2', {
      customer_id: 'cust_2',
      customer_email: EMAIL.toUpperCase(),
      customer_phone: '9000000002',
    })
    clock.advance(SECONDS)
    await tell('REL3', {
      customer_id: 'cust_3',
      customer_email: 'third@example.com',
      customer_phone: `+91${PHONE}`,
    })
    clock.advance(SECONDS)
    await tell('REL4', {
      customer_id: 'cust_4',
      customer_email: 'x@example.com',
      customer_phone: '9000000004',
    })
    const { rows } = await viewer.trpc.orders.related.query({ orderId: await idOf('PAGE1') })
    const found = rows.map(({ orderRef, matchedBy }) => [orderRef, matchedBy])
    expect(found).toEqual(
      expect.arrayContaining([
        ['REL3', 'phone'],
        ['REL2', 'email'],
        ['REL1', 'customer'],
      ]),
    )
    const refs = rows.map(({ orderRef }) => orderRef)
    expect(refs).not.toContain('REL4')
    expect(refs).not.toContain('PAGE1')
    expect(refs.indexOf('REL3')).toBeLessThan(refs.indexOf('REL1'))
    expect(rows.every(({ near }) => near)).toBe(true)
  })
})

describe('personal data', () => {
  test('is revealed one field at a time, for a reason, for five minutes, and audited', async () => {
    const orderId = await idOf('PAGE1')
    const reason = 'Customer called about the parcel'
    expect(await support.trpc.orders.reveal.mutate({ orderId, field: 'phone', reason })).toEqual({
      value: PHONE,
      until: new Date(clock.now().getTime() + REVEAL_MS),
    })
    expect(REVEAL_MS).toBe(5 * 60_000)
    const shown = await support.trpc.orders.reveal.mutate({ orderId, field: 'vpa', reason })
    expect(shown.value).toBe(VPA)
    await expect(
      support.trpc.orders.reveal.mutate({ orderId, field: 'email', reason: ' .. ' }),
    ).rejects.toMatchObject({ data: { refusal: { code: 'invalid_input' } } })
    await expect(viewer.trpc.orders.reveal.mutate({ orderId, field: 'email', reason })).rejects.toMatchObject(
      {
        data: { refusal: { code: 'permission_denied' } },
      },
    )
    const audit = await app.paydesk.deps.store.audit.bySubject(app.accountId, 'order', orderId)
    expect(audit.filter(({ action }) => action === 'order.reveal_customer')).toMatchObject([
      { reason, after: { field: 'phone' } },
      { reason, after: { field: 'vpa' } },
    ])
    const { entries } = await viewer.trpc.orders.timeline.query({ orderId, filter: 'people' })
    expect(entries.map(({ title }) => title).join()).toContain('revealed personal data of the customer')
  })

  test('leaves the server masked from every procedure of orders and notes, whoever asks', async () => {
    const orderId = await idOf('PAGE1')
    await support.trpc.notes.write.mutate({ orderId, text: `Call ${PHONE} or write to ${EMAIL}` })
    const { trpc: dev } = await app.as('developer')
    const messages = await dev.orders.messages.query({ orderId })
    const selection = await dev.orders.selection.query({})
    const inputs: Readonly<Record<string, unknown>> = {
      'orders.list': { q: 'PAGE1' },
      'orders.count': {},
      'orders.facets': {},
      'orders.wayOut': { q: 'PAGE1 status:voided' },
      'orders.extras': { orderIds: [orderId] },
      'orders.total': {},
      'orders.rows': { orderIds: [orderId] },
      'orders.selection': {},
      'orders.selected': { token: selection.token },
      'orders.get': { orderRefOrId: 'PAGE1' },
      'orders.timeline': { orderId },
      'orders.related': { orderId },
      'orders.attempts': { orderId },
      'orders.events': { orderId },
      'orders.messages': { orderId },
      'orders.side': { orderId, side: { kind: messages[0]?.kind, id: messages[0]?.id } },
      'notes.list': { orderId },
      'notes.people': undefined,
      'tags.list': { orderId },
      'tags.known': undefined,
      'notes.forMe': {},
    }
    const queries = Object.entries<unknown>(appRouter._def.procedures).flatMap(([path, procedure]) =>
      /^(orders|notes|tags)\./.test(path) && isQuery(procedure) ? [path] : [],
    )
    expect(queries.filter((path) => !(path in inputs))).toEqual([])
    for (const role of ROLES) for (const path of queries) await expectMasked(role, path, inputs[path])
    await expectMasked('developer', 'orders.side', { orderId, side: { kind: 'record' } })
  })
})

/** Asks over the wire, as a browser does, and looks at the bytes of the answer. */
async function expectMasked(role: Role, path: string, input: unknown): Promise<void> {
  const json = encodeURIComponent(JSON.stringify(input === undefined ? {} : { json: input }))
  const reply = await (await app.as(role)).fetch(`/trpc/${path}?input=${json}`)
  const text = await reply.text()
  const personal = roleCan(role, 'order:pii')
  // A note is what somebody chose to write: those who may reveal personal data read it as it is.
  const ofNotes = path.startsWith('notes.') || path === 'orders.timeline'
  for (const secret of personal && ofNotes ? [VPA] : PERSONAL)
    expect(text, `${path} as ${role} shows ${secret}`).not.toContain(secret)
  if (!personal) expect(text, `${path} as ${role} shows a name`).not.toMatch(new RegExp(`${NAME}|Krishnan`))
}

const query = (text: string, values: readonly unknown[]) => app.paydesk.database.pool.query(text, [...values])

async function noteCount(orderRef: string): Promise<number> {
  const { rows } = await query('select note_count from orders where order_ref = $1', [orderRef])
  const [row] = rows as { note_count: number }[]
  return row?.note_count ?? -1
}
