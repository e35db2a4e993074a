/** Reads have a short way of their own. What it answers is what the library answers, which whatever is unusual still gets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readQueries } from '../../../server/http/trpc-queries.ts'
import { BATCH_MAX } from '../../../server/trpc/init.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let people: Record<'admin' | 'developer' | 'nobody', Pick<SignedIn, 'cookie'>>

beforeAll(async () => {
  app = await createTestApp()
  people = { admin: await app.as('admin'), developer: await app.as('developer'), nobody: { cookie: '' } }
})

afterAll(() => app.close())

const encoded = (value: unknown): string => encodeURIComponent(JSON.stringify(value))
const EARLIER = { json: '2026-01-01T00:00:00.000Z', meta: { values: ['Date'] } }
const NO_ORDER = { json: { orderRefOrId: 'NOBODY-KNOWS' } }

/** Addresses of every kind of ending, for good and bad callers. */
const ADDRESSES = [
  'session.get',
  'session.get?batch=1',
  `orders.list?input=${encoded({ json: { limit: 5 } })}`,
  `orders.list?batch=1&input=${encoded({ 0: { json: { limit: 5 } } })}`,
  `orders.list?input=${encoded({ json: { from: EARLIER.json }, meta: { values: { from: ['Date'] } } })}`,
  `orders.list,orders.get?batch=1&input=${encoded({ 0: { json: {} }, 1: NO_ORDER })}`,
  `orders.get?input=${encoded(NO_ORDER)}`,
  `orders.get,orders.get?batch=1&input=${encoded({ 0: NO_ORDER, 1: NO_ORDER })}`,
  `orders.list?input=${encoded({ json: { limit: 'many' } })}`,
  `orders.list?batch=1&input=${encoded({ 1: { json: {} } })}`,
  'users.list',
  'settings.policy,users.list?batch=1',
  'orders.nothing',
  'session.get,orders.nothing?batch=1',
  'toString',
  '__proto__',
  'session.switchAccount',
  'session.get,session.switchAccount?batch=1',
  'orders.list?input=%7Bbroken',
  `orders.list?batch=1&input=${encoded([{ json: {} }])}`,
  `orders.list?batch=1&input=${encoded('text')}`,
  `orders.list?input=${encoded({ json: { from: 'x' }, meta: { values: { from: ['no such kind'] } } })}`,
  `orders.list?input=&input=${encoded({ json: {} })}`,
  'orders%252Elist',
  'session.get?batch=2',
  'session.get?batch=1&batch=1',
  `${Array.from({ length: BATCH_MAX }, () => 'session.get').join(',')}?batch=1`,
  `${Array.from({ length: BATCH_MAX + 1 }, () => 'session.get').join(',')}?batch=1`,
]

async function ask(who: keyof typeof people, address: string, headers: Record<string, string>) {
  const reply = await fetch(`${app.url}/trpc/${address}`, {
    headers: { cookie: people[who].cookie, 'sec-fetch-site': 'same-origin', ...headers },
  })
  const { status, headers: answered } = reply
  const text = (await reply.text())
    .replaceAll(/"(?:asOf|now|serverTime)":"[^"]*"/g, '"at":"then"')
    .replaceAll(/"requestId":"[^"]*"/g, '"requestId":"one"')
  return { status, type: answered.get('content-type'), vary: answered.get('vary'), text }
}

describe('the short way of queries', () => {
  test.each(ADDRESSES)('%s: is answered as the library does it', async (address) => {
    for (const who of ['admin', 'developer', 'nobody'] as const) {
      const short = await ask(who, address, {})
      // A GET that names the type of a body it does not have is not plain.
      const library = await ask(who, address, { 'content-type': 'application/json' })
      expect(short, `${who} asks ${address}`).toEqual(library)
    }
  })

  test('what is plain goes it', () => {
    const input = JSON.stringify({ 0: { json: { limit: 5 } } })
    expect(readQueries('orders.list,session.get', { batch: '1', input }, {})).toEqual({
      isBatch: true,
      calls: [
        { path: 'orders.list', input: { limit: 5 } },
        { path: 'session.get', input: undefined },
      ],
    })
    expect(readQueries('session.get', {}, { accept: '*/*' })).toEqual({
      isBatch: false,
      calls: [{ path: 'session.get', input: undefined }],
    })
  })

  test.each([
    ['a mutation', 'session.switchAccount', {}, {}],
    ['a feed', 'events.live', {}, {}],
    ['a stream', 'session.get', { batch: '1' }, { 'trpc-accept': 'application/jsonl' }],
    ['a stream by its usual name', 'session.get', { batch: '1' }, { accept: 'application/jsonl' }],
    ['a parameter nobody sends', 'session.get', { connectionParams: '{}' }, {}],
    ['input that is no JSON', 'orders.list', { input: '{broken' }, {}],
  ])('%s is left to the library', (_what, path, parameters, headers) => {
    expect(readQueries(path, parameters, headers)).toBeNull()
  })
})
