/**
 * Nobody's personal data on the wire: an order with a recognisable person in every place is asked for through every read
 * there is, by every role, and the bytes of the answers are looked through. A new procedure fails until it is in the
 * table.
 */
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clientTransformer } from '../../../client/lib/transformer.ts'
import { ROLES, roleCan, type Role } from '../../../server/domain/permission.ts'
import { isQuery } from '../../../server/http/trpc-queries.ts'
import { appRouter } from '../../../server/trpc/router.ts'
import { ORDER_COLUMNS } from '../../../server/domain/order-columns.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { askFile, bytesOf, listFile } from '../../support/export-files.ts'
import { openLiveStream } from '../../support/live-client.ts'
import {
  fillPersonalOrder,
  HIDDEN,
  NAMES,
  ORDER_REF,
  SAID,
  type PersonalOrder,
} from '../../support/personal-order.ts'

let app: TestApp
let made: PersonalOrder
let logged = ''

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => (logged += line) })
  app = await createTestApp({ log })
  made = await fillPersonalOrder(app)
}, 60_000)

afterAll(() => app.close())

const q = `order:${ORDER_REF}`

/** What every read is asked; a function that answers nothing for those that hold no word about an order. */
const READS: Readonly<Record<string, () => readonly unknown[]>> = {
  'session.get': () => [undefined],
  'session.demo': () => [undefined],
  'session.counts': () => [undefined],
  'session.running': () => [undefined],
  'secondFactor.state': () => [undefined],
  'overview.summary': () => [{}],
  'overview.series': () => [{}],
  'overview.gateways': () => [undefined],
  'overview.methods': () => [{}],
  'overview.needs': () => [undefined],
  'overview.steps': () => [undefined],
  'orders.list': () => [{}, { q }, { at: made.orderId }, { sort: 'updated' }],
  'orders.total': () => [{ q }],
  'orders.count': () => [{ q }],
  'orders.wayOut': () => [{ q, wider: null }],
  'orders.facets': () => [{ q }],
  'orders.selection': () => [{ q }],
  'orders.selected': () => [{ token: selection() }],
  'orders.rows': () => [{ orderIds: [made.orderId] }],
  'orders.extras': () => [{ orderIds: [made.orderId] }],
  'orders.get': () => [{ orderRefOrId: ORDER_REF }, { orderRefOrId: made.orderId }],
  'orders.timeline': () => [
    { orderId: made.orderId },
    { orderId: made.orderId, order: 'oldest' },
    { orderId: made.orderId, filter: 'people' },
  ],
  'orders.related': () => [{ orderId: made.orderId }],
  'orders.attempts': () => [{ orderId: made.orderId }],
  'orders.events': () => [{ orderId: made.orderId }],
  'orders.messages': () => [{ orderId: made.orderId }],
  'orders.side': () => [
    { orderId: made.orderId, side: { kind: 'record' } },
    ...made.eventIds.map((id) => ({ orderId: made.orderId, side: { kind: 'event', id } })),
  ],
  'search.find': () => [{ text: ORDER_REF }, { text: `${ORDER_REF} 1299.50` }],
  'notes.list': () => [{ orderId: made.orderId }],
  'notes.people': () => [undefined],
  'notes.forMe': () => [{}],
  'tags.list': () => [{ orderId: made.orderId }],
  'tags.known': () => [undefined],
  'views.list': () => [undefined],
  'views.alerts': () => [undefined],
  'views.preference': () => [undefined],
  'exports.list': () => [undefined],
  'refunds.preview': () => [{ orderId: made.orderId }],
  'refunds.byKey': () => [{ clientKey: 'a-key-of-a-gesture-1' }],
  'refunds.byOrder': () => [{ orderId: made.orderId }],
  'refunds.list': () => [{}, { q: ORDER_REF }],
  'refunds.rows': () => [{ ids: [made.requestId, made.refundId] }],
  'refunds.ageing': () => [undefined],
  'refunds.calls': () => [{ refundId: made.refundId }],
  'refunds.callBody': () => [{ callId: made.callId }],
  'refunds.get': () => [{ id: made.requestId }, { id: made.refundId }],
  'approvals.list': () => [{}, { tab: 'mine' }, { tab: 'decided' }],
  'approvals.get': () => [{ requestId: made.requestId }],
  'approvals.comments': () => [{ requestId: made.requestId }],
  'stops.inForce': () => [undefined],
  'stops.history': () => [{}],
  'bulk.list': () => [{}],
  'bulk.get': () => [{ batchId: made.batchId }],
  'bulk.rows': () => [{ batchId: made.batchId }],
  'bulk.review': () => [{ batchId: made.batchId }],
  'bulk.sample': () => [{ batchId: made.batchId }],
  'bulk.waiting': () => [undefined],
  'events.list': () => [{}],
  'events.facets': () => [{}],
  'events.wayOut': () => [{ wider: null }],
  'events.get': () => made.eventIds.map((id) => ({ id })),
  'events.body': () => [...made.eventIds, made.unreadableId].map((id) => ({ id })),
  'events.related': () => made.eventIds.map((id) => ({ id })),
  'events.side': () => made.eventIds.map((id) => ({ id, side: { kind: 'record' } })),
  'events.health': () => [undefined],
  'health.webhooks': () => [{ dayStart: new Date(Date.now() - 3_600_000) }],
  'health.safety': () => [undefined],
  'health.provider': () => [undefined],
  'rates.strip': () => [{}],
  'rates.silence': () => [undefined],
  'gaps.list': () => [{}],
  'gaps.counts': () => [{ from: new Date(0), to: new Date() }],
  'failedEvents.groups': () => [undefined],
  'failedEvents.list': () => [{}, { among: 'set_aside' }],
  'replays.preview': () => [{ scope: { kind: 'events', ids: made.eventIds } }],
  'replays.get': () => [{ jobId: made.jobId }],
  'replays.items': () => [{ jobId: made.jobId }],
  'replays.list': () => [{}],
  'recon.list': () => [{}, { kind: 'stale' }],
  'users.list': () => [undefined],
  'audit.list': () => [{}],
  'audit.actions': () => [undefined],
  'keys.list': () => [undefined],
  'keys.apiKeys': () => [undefined],
  'integration.overview': () => [undefined],
  'settings.account': () => [undefined],
  'settings.policy': () => [undefined],
  'settings.policyHistory': () => [{}],
  'settings.limitPeople': () => [undefined],
  'sandbox.info': () => [undefined],
  // Nobody answers as the sandbox here, and what it says is about no order.
  'sandbox.simulations': () => [],
}

/** Acts that tell something of an order in their answer. */
const ACTS: Readonly<Record<string, () => unknown>> = {
  'orders.checkStatus': () => ({ orderId: made.orderId }),
  'orders.checkMany': () => ({ orderIds: [made.orderId] }),
  'recon.run': () => ({ orderIds: [made.orderId] }),
  'search.askJuspay': () => ({ orderRef: ORDER_REF }),
  'approvals.comment': () => ({ requestId: made.requestId, text: 'Nobody named' }),
}

const FILES: readonly (() => string)[] = [
  () => '/downloads/refunds.csv',
  () => `/downloads/replays/${made.jobId}.csv`,
  () =>
    `/downloads/event-bodies.ndjson?scope=${encodeURIComponent(JSON.stringify({ kind: 'events', ids: made.eventIds }))}`,
]

function selection(): string {
  const pinned = { account: app.accountId, q, from: null, to: null, asOf: new Date() }
  return Buffer.from(JSON.stringify(pinned)).toString('base64url')
}

async function read(person: SignedIn, path: string, input: unknown): Promise<string> {
  const text = encodeURIComponent(JSON.stringify(clientTransformer.serialize(input)))
  return (await person.fetch(`/trpc/${path}?input=${text}`)).text()
}

async function act(person: SignedIn, path: string, input: unknown): Promise<string> {
  const reply = await person.fetch(`/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(clientTransformer.serialize(input)),
  })
  return reply.text()
}

/** Where something stands that the role may not see, with what is around it. */
function leaksIn(answer: string, role: Role): string[] {
  const wanted = roleCan(role, 'order:pii') ? HIDDEN : [...HIDDEN, ...NAMES, ...Object.values(SAID)]
  return wanted.flatMap((value) => {
    const at = answer.indexOf(value)
    return at < 0 ? [] : [answer.slice(Math.max(0, at - 80), at + value.length + 20)]
  })
}

test('every read there is, is in the table', () => {
  const queries = Object.entries<unknown>(appRouter._def.procedures).filter(([, one]) => isQuery(one))
  expect(Object.keys(READS).toSorted()).toEqual(queries.map(([path]) => path).toSorted())
})

test('the person is in the order that is asked for', async () => {
  const { pool } = app.paydesk.database
  const { rows } = await pool.query(
    'select customer_email, customer_phone, payer_vpa, customer_name from orders',
  )
  expect(Object.values(rows[0] ?? {})).not.toContain(null)
})

describe.each(ROLES)('%s', (role) => {
  test('reads nobody’s address, number or name', async () => {
    const person = await app.as(role)
    const leaks: Record<string, string[]> = {}
    const refused: string[] = []
    for (const [path, inputs] of Object.entries(READS))
      for (const input of inputs()) {
        const answer = await read(person, path, input)
        if (answer.includes('"error":{')) refused.push(`${path} ${answer.slice(0, 200)}`)
        const found = leaksIn(answer, role)
        if (found.length > 0) leaks[path] = found
      }
    for (const [path, input] of Object.entries(ACTS)) {
      const found = leaksIn(await act(person, path, input()), role)
      if (found.length > 0) leaks[path] = found
    }
    for (const file of FILES) {
      const found = leaksIn(await (await person.fetch(file())).text(), role)
      if (found.length > 0) leaks[file()] = found
    }
    expect(refused.filter((one) => !one.includes('FORBIDDEN'))).toEqual([])
    expect(leaks).toEqual({})
  })
})

test.each(ROLES.filter((role) => roleCan(role, 'export:create')))(
  'the file of the list for %s has no more than the list',
  async (role) => {
    const person = await app.as(role)
    const columns = ORDER_COLUMNS.map(({ id }) => id)
    const file = await askFile(person, listFile({ q, columns }))
    const text = (await bytesOf(person, file.id)).toString()
    expect(text).toContain(ORDER_REF)
    expect(leaksIn(text, role)).toEqual([])
  },
)

test('the live feed tells of an event without whom it is about', async () => {
  const { cookie } = await app.as('viewer')
  const stream = openLiveStream({ url: app.url, cookie, input: { events: {} } })
  await vi.waitFor(() => expect(stream.messages).toHaveLength(1))
  await made.tell('evt_live', 'ORDER_FAILED', 1)
  await vi.waitFor(() => expect(JSON.stringify(stream.messages)).toContain(ORDER_REF))
  expect(leaksIn(JSON.stringify(stream.messages), 'viewer')).toEqual([])
  stream.close()
})

test('a search by an address leaves no trace of it in the log of the server', async () => {
  const person = await app.as('support')
  await read(person, 'orders.list', { q: `email:${HIDDEN[0]}` })
  await read(person, 'orders.list', { q: `amount:${HIDDEN[0]}` })
  await read(person, 'orders.list', `{${HIDDEN[0]}`)
  expect(leaksIn(logged, 'viewer')).toEqual([])
})
