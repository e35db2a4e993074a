/**
 * Searching tells a role without personal data nothing that its lists do not: a whole value that somebody knows finds its
 * orders, as does what a mask leaves; a part of what is masked does not, or the rest would be guessed letter by letter.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { fillPersonalOrder, ORDER_REF, PERSON, SAID } from '../../support/personal-order.ts'

let app: TestApp
let viewer: SignedIn
let support: SignedIn

beforeAll(async () => {
  app = await createTestApp()
  await fillPersonalOrder(app)
  ;[viewer, support] = await Promise.all([app.as('viewer'), app.as('support')])
}, 60_000)

afterAll(() => app.close())

const list = async (person: SignedIn, q: string): Promise<string[]> =>
  (await person.trpc.orders.list.query({ q })).rows.map(({ orderRef }) => orderRef)

const NAME = `${PERSON.name} ${PERSON.hindi}`

/** Parts of what is masked: whoever may see it finds the order by them, and nobody else. */
const PARTS = [
  'name:ashal',
  'name:"venkata"',
  'customer:ashal',
  'customer:ashalata.v*',
  '"ashalata venk"',
  'ashalata',
  '"lata.v@mail"',
  '"@mailhost.example ashal"',
  '987650',
  '"आशालता"',
  'error:98765',
  'udf1:"call 9876"',
  'udf1:ashalata',
  `note:${SAID.phone}`,
  `note:${SAID.email.slice(2)}`,
]
/** What is refused with a reason rather than found to be nothing. */
const REFUSED = [
  'email:ashalata',
  `email:${PERSON.email.slice(1, 12)}`,
  'vpa:ashalata98',
  'phone:98765',
  'phone:987650123',
  'phone:98*34',
  '-phone:98765',
]
const WHOLE = [
  `email:${PERSON.email}`,
  `email:${PERSON.email.toUpperCase()}`,
  'email:@mailhost.example',
  `phone:${PERSON.phone}`,
  'phone:1234',
  '"@mailhost.exam"',
  `"@${PERSON.vpa.split('@')[1]}"`,
  `vpa:${PERSON.vpa}`,
  `name:"${NAME}"`,
  `"${NAME}"`,
  `"${PERSON.email}"`,
  PERSON.phone,
  `customer:"=${PERSON.email}"`,
  'udf1:call',
  'note:"nobody named"',
  ORDER_REF.slice(0, 6),
  '433612345678',
]

describe('a part of what is masked', () => {
  test.each(PARTS)('%s finds nothing for a viewer', async (q) => {
    if (!q.startsWith('error')) expect(await list(support, q)).toEqual([ORDER_REF])
    expect(await list(viewer, q)).toEqual([])
    expect(await viewer.trpc.orders.total.query({ q })).toMatchObject({ count: 0 })
    expect(await viewer.trpc.orders.count.query({ q })).toMatchObject({ count: 0 })
    expect((await viewer.trpc.orders.facets.query({ q })).counted).toBe(0)
    expect(await viewer.trpc.orders.selection.query({ q })).toMatchObject({ count: 0 })
    // Nor does leaving it out leave anything out.
    expect(await list(viewer, `-${q}`)).toEqual([ORDER_REF])
  })

  test.each(REFUSED)('%s is refused to a viewer, everywhere', async (q) => {
    const { orders, views } = viewer.trpc
    const state = { q, t: '-7d', sort: '-created', cols: null, widths: {}, density: null }
    const { id } = await views.create.mutate({ name: q, shared: false, state })
    const asked = [
      () => orders.list.query({ q }),
      () => orders.total.query({ q }),
      () => orders.count.query({ q }),
      () => orders.facets.query({ q }),
      () => orders.selection.query({ q }),
      () => orders.wayOut.query({ q, wider: null }),
      () => views.setAlert.mutate({ view: id, rule: { kind: 'more_than', threshold: 0 } }),
    ]
    for (const ask of asked) await expect(ask()).rejects.toThrow(/Your role can search by a whole/)
  })
})

test.each(WHOLE)('%s finds the order for a viewer too', async (q) => {
  expect(await list(viewer, q)).toEqual([ORDER_REF])
})

describe('the search box', () => {
  const find = async (person: SignedIn, text: string): Promise<string[]> =>
    (await person.trpc.search.find.query({ text })).orders.map(({ orderRef }) => orderRef)

  test.each(['ashalata', 'ashalata.v@', '987650', '987650123', 'lata.v@mailhost.example'])(
    '%s finds the order for support alone',
    async (text) => {
      expect(await find(support, text)).toEqual([ORDER_REF])
      expect(await find(viewer, text)).toEqual([])
    },
  )

  test.each([PERSON.phone, PERSON.email, PERSON.vpa, '1234', ORDER_REF])(
    '%s finds it for a viewer',
    async (text) => {
      expect(await find(viewer, text)).toEqual([ORDER_REF])
    },
  )
})

test('the list of refunds is searched by references, and by no person', async () => {
  const found = async (q: string) => (await support.trpc.refunds.list.query({ q })).rows.length
  for (const q of [PERSON.name, PERSON.email, PERSON.phone, 'ashalata'])
    expect([q, await found(q)]).toEqual([q, 0])
  expect(await found(ORDER_REF)).toBe(2)
})

test('a shared view that looks for a person is shown to those who may see personal data', async () => {
  const named = async (person: SignedIn) =>
    (await person.trpc.views.list.query()).filter(({ shared }) => shared)
  expect(await named(support)).toHaveLength(1)
  expect(await named(viewer)).toEqual([])
})
