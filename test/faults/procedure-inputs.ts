/** What is sent to the procedures that move money or power: inputs that fit but for one thing, and bodies that fit nothing. */
import superjson from 'superjson'
import { DEFAULT_POLICY } from '../../server/domain/approval-policy.ts'

const UUID = '00000000-0000-4000-8000-000000000001'
/** Inputs that fit the shapes; what is fuzzed is one field of them at a time. */
export const FITTING: Readonly<Record<string, Record<string, unknown>>> = {
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
  'refunds.rows': { ids: [UUID] },
  'refunds.get': { id: UUID },
  'approvals.list': { tab: 'waiting', cursor: null, limit: 50 },
  'approvals.decide': { requestId: UUID, decision: 'approve', note: null, approvalHash: 'ab'.repeat(32) },
  'approvals.withdraw': { requestId: UUID, note: null },
  'settings.setPolicy': { version: 0, ...DEFAULT_POLICY.rules },
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

export const HOSTILE_BODIES: readonly string[] = [
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

/** Statuses of declared codes; anything else that is not a yes is a fault of ours. */
export const DECLARED = new Set([400, 403, 404, 405, 409, 412, 413, 414, 415, 429, 431])

/** Bodies for one procedure: `count` with one thing wrong, and what breaks parsers and tables. */
export function badBodies(path: string, count: number, random: () => number): string[] {
  const fitting = FITTING[path] ?? {}
  const fields = Object.keys(fitting)
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const wrong = Array.from({ length: count }, () => {
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
