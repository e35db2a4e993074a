/**
 * T14 for what moves money or power: whatever is sent to these procedures, the answer is one of the declared codes, never
 * a fault of ours, and a refusal has changed nothing. New procedures of these routers are fuzzed from the day they exist.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import superjson from 'superjson'
import { appRouter } from '../../../server/trpc/router.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { seededRandom } from '../../support/scenario.ts'

const ROUTERS = /^(?:refunds|approvals|bulk\w*|settings|limits|stops|users)\./
const PER_PROCEDURE = 24
const SEED = 14

const UUID = '00000000-0000-4000-8000-000000000001'
/** Inputs that fit the shapes; what is fuzzed is one field of them at a time. */
const FITTING: Readonly<Record<string, Record<string, unknown>>> = {
  'refunds.preview': { orderId: UUID },
  'refunds.request': {
    orderId: UUID,
    version: 1,
    clientKey: 'a-key-of-a-gesture-1',
    amountMinor: 2_500n,
    currency: 'INR',
    reason: 'item_returned',
    note: null,
    confirmSameAmount: true,
  },
  'refunds.byKey': { clientKey: 'a-key-of-a-gesture-1' },
  'refunds.byOrder': { orderId: UUID },
  'refunds.list': { view: 'all', q: '', cursor: null, limit: 50 },
  'refunds.get': { id: UUID },
  'approvals.list': { tab: 'waiting', cursor: null, limit: 50 },
  'approvals.decide': { requestId: UUID, decision: 'approve', note: null, approvalHash: 'ab'.repeat(32) },
  'approvals.withdraw': { requestId: UUID, note: null },
  'settings.setPolicy': {
    version: 0,
    approvalAboveMinor: 200_000n,
    alwaysApproveRoles: ['support'],
    expiresAfterHours: 48,
    sameAmountWindowMinutes: 10,
    noteRequiredReasons: ['other'],
  },
  'stops.history': { cursor: null, limit: 50 },
  'stops.set': { gateway: null, reason: 'Something looks wrong here', expiresAt: null },
  'stops.lift': { stopId: UUID, note: 'It was a mistake of ours' },
  'users.create': { name: 'A', email: 'a@example.test', role: 'viewer', password: 'long enough for it' },
  'users.setRole': { userId: UUID, role: 'viewer' },
  'users.setDisabled': { userId: UUID, disabled: true },
}

/** Values that no field of these inputs may take, or that once broke somebody's server. */
const BAD: readonly unknown[] = [
  null,
  undefined,
  -1,
  0,
  0.1,
  1e21,
  Number.MAX_SAFE_INTEGER + 1,
  -2_500n,
  0n,
  2n ** 63n,
  -(2n ** 63n),
  '',
  'NaN',
  '25.00',
  '\u0000',
  '\ud800',
  "' or 1=1 --",
  'x'.repeat(100_000),
  true,
  [],
  [UUID],
  {},
  { equals: UUID },
  { not: null },
  { toString: 'x' },
  new Date(NaN),
  new Map([['a', 1]]),
]

const EXTRA: readonly Record<string, unknown>[] = [
  { status: 'approved' },
  { decidedBy: UUID },
  { needsApproval: false },
  { accountId: UUID },
  { merchantAccountId: UUID },
  { role: 'admin' },
]

const HOSTILE_BODIES: readonly string[] = [
  '',
  'null',
  '[]',
  '"x"',
  '{"json":{"__proto__":{"role":"admin"}}}',
  '{"json":{"constructor":{"prototype":{"role":"admin"}}}}',
  '{"json":null,"meta":{"values":["bigint"]}}',
  '{"json":{"amountMinor":"1e3"},"meta":{"values":{"amountMinor":["bigint"]}}}',
  '{"json":{"a":1},"meta":{"values":{"__proto__.x":["Date"]}}}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  '{"json":{',
]

const ALLOWED = new Set([400, 403, 404, 405, 409, 412, 413, 414, 415, 429, 431])

let app: TestApp
let admin: SignedIn
beforeAll(async () => {
  app = await createTestApp()
  admin = await app.as('admin')
})
afterAll(() => app.close())

/** A digest of every row that money or power hangs on. */
async function digest(): Promise<string> {
  const tables = [
    'orders',
    'refund_request',
    'refund',
    'refund_policy',
    'refund_stop',
    'membership',
    'staff_user',
    'staff_credential',
  ]
  const parts = tables.map(
    (name) => `select md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from ${name} t`,
  )
  const { rows } = await app.paydesk.database.pool.query(parts.join(' union all '))
  return JSON.stringify(rows)
}

async function send(path: string, type: unknown, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const reply =
    type === 'query'
      ? await admin.fetch(`/trpc/${path}?input=${encodeURIComponent(body)}`)
      : await admin.fetch(`/trpc/${path}`, { method: 'POST', headers, body })
  await reply.text()
  return reply.status
}

function badInputs(path: string, random: () => number): string[] {
  const fitting = FITTING[path] ?? {}
  const fields = Object.keys(fitting)
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const wrong = Array.from({ length: PER_PROCEDURE }, () => {
    const field = one(fields) ?? 'id'
    const chance = random()
    if (chance < 0.2) return { ...fitting, ...one(EXTRA) }
    if (chance < 0.3) return Object.fromEntries(Object.entries(fitting).filter(([name]) => name !== field))
    return { ...fitting, [field]: one(BAD) }
  })
  // What PostgreSQL cannot keep, in every text there is.
  const unstorable = fields.flatMap((field) =>
    typeof fitting[field] === 'string' || fitting[field] === null
      ? ['half a pair \ud800', 'NUL \u0000'].map((text) => ({ ...fitting, [field]: text }))
      : [],
  )
  return [
    ...[...wrong, ...unstorable].map((input) => JSON.stringify(superjson.serialize(input))),
    ...HOSTILE_BODIES,
  ]
}

/** Flat at run time, by path; the library's type says otherwise. */
const procedures = Object.entries<unknown>(appRouter._def.procedures)
  .filter(([path]) => ROUTERS.test(path))
  .map(([path, procedure]) => [path, typeOf(procedure)] as const)

function typeOf(procedure: unknown): unknown {
  const definition: unknown = typeof procedure === 'function' ? Reflect.get(procedure, '_def') : null
  return typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'type') : null
}

describe('whatever is sent to what moves money or power', () => {
  test('covers the procedures there are', () => {
    expect(procedures.map(([path]) => path)).toEqual(expect.arrayContaining(Object.keys(FITTING)))
  })

  test.each(procedures)('%s', async (path, type) => {
    const random = seededRandom(SEED)
    let before = await digest()
    let refused = 0
    for (const body of badInputs(path, random)) {
      const status = await send(path, type, body)
      const after = await digest()
      const told = `${path} answered ${status} to ${body.slice(0, 300)}`
      expect(status < 300 || ALLOWED.has(status), told).toBe(true)
      if (status >= 300) {
        refused += 1
        expect(after, `${told} and changed something`).toBe(before)
      }
      before = after
    }
    // Most of it must be refused, or nothing was tested.
    if (FITTING[path] !== undefined) expect(refused).toBeGreaterThan(HOSTILE_BODIES.length / 2)
  })
})

// The control: the digest sees what the other tests trust it to see.
test('a change that was allowed is seen', async () => {
  const before = await digest()
  const body = JSON.stringify(superjson.serialize(FITTING['settings.setPolicy']))
  const { version } = await admin.trpc.settings.policy.query()
  expect(
    await send('settings.setPolicy', 'mutation', body.replace('"version":0', `"version":${version}`)),
  ).toBe(200)
  expect(await digest()).not.toBe(before)
})
