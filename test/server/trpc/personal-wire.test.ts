/**
 * Nobody's personal data on the wire: an order with a recognisable person in every place is asked for through every read
 * there is, by every role, and the bytes of the answers are looked through. A new procedure fails until it is in the
 * table.
 */
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ROLES } from '../../../server/domain/permission.ts'
import { createTestApp, type TestApp } from '../../support/app.ts'
import { actText, queryNames, readText } from '../../support/wire.ts'
import { readsOf } from '../../support/order-calls.ts'
import { openLiveStream } from '../../support/live-client.ts'
import {
  fillPersonalOrder,
  HIDDEN,
  leaksIn,
  ORDER_REF,
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

/** Acts that tell something of an order in their answer. */
const ACTS: Readonly<Record<string, () => unknown>> = {
  'orders.checkStatus': () => ({ orderId: made.orderId }),
  'orders.checkMany': () => ({ orderIds: [made.orderId] }),
  'recon.run': () => ({ orderIds: [made.orderId] }),
  'search.askJuspay': () => ({ orderRef: ORDER_REF }),
  'approvals.comment': () => ({ requestId: made.requestId, text: 'Nobody named' }),
}

test('every read there is, is in the table', () => {
  expect(Object.keys(readsOf(app, made)).toSorted()).toEqual(queryNames())
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
    for (const [path, inputs] of Object.entries(readsOf(app, made)))
      for (const input of inputs) {
        const answer = await readText(person, path, input)
        if (answer.includes('"error":{')) refused.push(`${path} ${answer.slice(0, 200)}`)
        const found = leaksIn(answer, role)
        if (found.length > 0) leaks[path] = found
      }
    for (const [path, input] of Object.entries(ACTS)) {
      const found = leaksIn(await actText(person, path, input()), role)
      if (found.length > 0) leaks[path] = found
    }
    expect(refused.filter((one) => !one.includes('FORBIDDEN'))).toEqual([])
    expect(leaks).toEqual({})
  })
})

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
  await readText(person, 'orders.list', { q: `email:${HIDDEN[0]}` })
  await readText(person, 'orders.list', { q: `amount:${HIDDEN[0]}` })
  await readText(person, 'orders.list', `{${HIDDEN[0]}`)
  expect(leaksIn(logged, 'viewer')).toEqual([])
})
