/**
 * The simulation is worth as much as its database in memory is like PostgreSQL: what runs of the simulation asked of the
 * one is asked of the other, and the answers must be the same.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect, type Database } from '../../../server/store/database.ts'
import { applyProviderOrder } from '../../../server/services/orders/apply-order.ts'
import { createStore, type Store, type StoreTx } from '../../../server/store/store.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createAccount } from '../../support/factories.ts'
import { recordingBuild, type RecordedCall, type RecordedWork } from '../../simulation/recording.ts'
import { runSeed } from '../../simulation/run-seed.ts'
import { ACCOUNT, createWorld, firstMessages, SIMULATED_STAFF, type World } from '../../simulation/world.ts'

const SEEDS = Array.from({ length: 15 }, (_, index) => index + 1)
const RUN_MS = 120_000

/** What only other parts of Paydesk read; the database in memory keeps nothing of it. */
const NOT_KEPT = new Set<string>(['liveChanges', 'webhookGaps', 'statusChecks', 'disputes', 'mandates'])

let created: TestDatabase
let database: Database
let store: Store
beforeEach(async () => {
  created = await createTestDatabase()
  database = connect(created.url, { poolSize: 2 })
  store = createStore(database)
  await createAccount(database, { ...ACCOUNT })
  for (const { userId, name, email, role } of SIMULATED_STAFF) {
    await store.staff.create({ userId, name, email, passwordHash: 'x' })
    await store.staff.setRole(ACCOUNT.id, userId, role)
  }
})
afterEach(async () => {
  await database.close()
  await created.drop()
})

test.each(SEEDS)(
  'PostgreSQL answers what the database in memory answered in seed %i',
  { timeout: RUN_MS },
  async (seed) => {
    const works: RecordedWork[] = []
    const { violations } = await runSeed(seed, recordingBuild(works))
    expect(violations).toEqual([])
    expect(works.length).toBeGreaterThan(20)
    const ids = await storeOrders(createWorld(seed, recordingBuild([]), null))
    for (const { transaction, calls } of works) {
      if (transaction) await store.transaction((tx) => askAgain(tx, calls, ids))
      else await askAgain(store, calls, ids)
    }
  },
)

/** The orders of a run, stored the way the product stores what it hears of; their ids by those of the simulation. */
async function storeOrders(world: World): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const [index, simulated] of world.orderIds.entries()) {
    for (const message of firstMessages(world, index)) {
      const { orderId } = await store.transaction((tx) => applyProviderOrder(tx, message))
      if (orderId !== null) ids.set(simulated, orderId)
    }
  }
  return ids
}

async function askAgain(
  tx: StoreTx,
  calls: readonly RecordedCall[],
  ids: Map<string, string>,
): Promise<void> {
  for (const { part, name, args, result } of calls) {
    const called: unknown = Reflect.get(tx[part], name)
    if (typeof called !== 'function') throw new Error(`the store has no ${part}.${name}`)
    const answer: unknown = await called.apply(tx[part], translated(args, ids))
    if (NOT_KEPT.has(part)) continue
    learn(result, answer, ids)
    expect(shown(answer, answer), `${part}.${name}`).toEqual(shown(translated(result, ids), answer))
  }
}

/** Ids that the database gave: remembered as what the database in memory gave for the same. */
function learn(ours: unknown, theirs: unknown, ids: Map<string, string>): void {
  if (typeof ours === 'string' && typeof theirs === 'string') {
    if (ours.startsWith('00000000-') && ours !== theirs) ids.set(ours, theirs)
  } else if (Array.isArray(ours) && Array.isArray(theirs)) {
    for (const [index, item] of inOrder(ours).entries()) learn(item, inOrder(theirs)[index], ids)
  } else if (isPlain(ours) && isPlain(theirs)) {
    for (const key of ['id', 'refunds']) if (key in ours && key in theirs) learn(ours[key], theirs[key], ids)
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !ArrayBuffer.isView(value)
}

/** With our ids in place of those of the simulation. */
function translated<T>(value: T, ids: ReadonlyMap<string, string>): T
function translated(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value
  if (Array.isArray(value)) return value.map((item: unknown) => translated(item, ids))
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, translated(item, ids)]))
}

/** Rows without an order of their own are compared in that of what names them. */
function inOrder(rows: readonly unknown[]): readonly unknown[] {
  const name = (row: unknown): string => {
    const named = isPlain(row) ? (row['uniqueRequestId'] ?? row['kind'] ?? row['orderId']) : null
    return typeof named === 'string' ? named : ''
  }
  return rows.toSorted((a, b) => name(a).localeCompare(name(b)))
}

/** Set by the database's own clock, or by nobody here. */
const NOT_COMPARED = new Set(['lastSeenAt', 'hasSecondFactor'])

/** A value as far as PostgreSQL's answer goes: the rows in memory have more columns than some queries ask for. */
function shown(value: unknown, like: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Buffer.isBuffer(value)) return value.toString('hex')
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) {
    const likes = Array.isArray(like) ? inOrder(like) : []
    return inOrder(value).map((item, index) => shown(item, likes[index]))
  }
  if (!isPlain(value)) return value ?? null
  const keys = Object.keys(isPlain(like) ? like : value)
  const isOld = keys.includes('hasSecondFactor') || keys.includes('juspayMerchantId')
  return Object.fromEntries(
    keys
      .filter((key) => !NOT_COMPARED.has(key) && !(isOld && key === 'createdAt'))
      .map((key) => [key, shown(value[key], isPlain(like) ? like[key] : undefined)]),
  )
}
