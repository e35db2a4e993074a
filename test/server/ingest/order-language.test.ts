/** Every field of the filter language on a real database: SQL finds what the meaning in memory says, and nothing else. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { timeRangeOf } from '../../../server/domain/time-range.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { NO_FILTER } from '../../../server/store/orders-where.ts'
import { createAccount, createStaff } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'
import { clauseText, modelOrders, NOW, queryText } from '../../support/order-arbitraries.ts'
import { matchesOrder, type ModelOrder } from '../../support/order-model.ts'
import { storeModelOrders } from '../../support/order-model-store.ts'

const ORDERS = 240

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let userId: string
let orders: ModelOrder[]

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
  userId = (await createStaff(opened.database, account, 'support')).userId
  const other = await createAccount(opened.database)
  ;[orders = []] = fc.sample(modelOrders(ORDERS), { numRuns: 1, seed: 7 })
  await storeModelOrders(opened.database.pool, account.id, userId, orders)
  // The same orders on another account: nothing of them may ever be found.
  const stranger = await createStaff(opened.database, other, 'support')
  await storeModelOrders(opened.database.pool, other.id, stranger.userId, orders)
}, 60_000)
afterAll(() => opened.close())

/** References that the database and the model find; null when the query is refused. */
async function both(text: string): Promise<{ stored: string[]; meant: string[] } | null> {
  const parsed = parseQuery(text, { currency: 'INR' })
  if (!parsed.ok) return null
  const range = timeRangeOf(parsed.time ?? 'all', NOW)
  if (range === null) throw new Error(`no range: ${text}`)
  const filter = { ...NO_FILTER, ...range, query: parsed.query, now: NOW, userId }
  const found = await deps.store.orders.list(account.id, filter, {
    sort: '-created',
    cursor: null,
    limit: ORDERS,
  })
  return {
    stored: found.rows.map((row) => row.orderRef).toSorted(),
    meant: orders
      .filter((order) => matchesOrder(order, parsed.query, { now: NOW, range, currency: 'INR' }))
      .map((order) => order.orderRef)
      .toSorted(),
  }
}

describe('the language on a database', () => {
  test('every clause finds what it means', async () => {
    const fields = new Set<string>()
    await fc.assert(
      fc.asyncProperty(clauseText, async (clause) => {
        const found = await both(clause)
        if (found === null) return
        expect(found.stored, clause).toEqual(found.meant)
        if (found.meant.length > 0) fields.add(/^-?(\w+):/.exec(clause)?.[1] ?? 'text')
      }),
      { numRuns: 800, seed: 11 },
    )
    // A field that never found anything would have shown nothing.
    expect([...fields].toSorted()).toEqual([
      'amount',
      'attempts',
      'bank',
      'charged_at',
      'code',
      'created',
      'currency',
      'customer',
      'email',
      'error',
      'event',
      'gateway',
      'has',
      'is',
      'last4',
      'method',
      'name',
      'network',
      'note',
      'order',
      'pay',
      'pg',
      'phone',
      'ref',
      'refund',
      'refundable',
      'refunded',
      's',
      'status',
      'tag',
      'text',
      'txn',
      'udf1',
      'udf10',
      'updated',
      'vpa',
    ])
  }, 120_000)

  test('several clauses find what they mean together, and no more than the first ones', async () => {
    let narrowed = 0
    await fc.assert(
      fc.asyncProperty(queryText, async (text) => {
        const found = await both(text)
        if (found === null) return
        expect(found.stored, text).toEqual(found.meant)
        if (found.stored.length > 0 && found.stored.length < ORDERS) narrowed += 1
      }),
      { numRuns: 500, seed: 12 },
    )
    expect(narrowed).toBeGreaterThan(60)
  }, 120_000)

  test.each([
    ['batch:1', ['ORD-1', 'ORD-2']],
    ['batch:2', []],
    ['-batch:1 order:ORD-1,ORD-2,ORD-3', ['ORD-3']],
    ['order:"%"', []],
    ['order:ord-1,ORD-1', ['ORD-1']],
    ['event:00000000-0000-0000-0000-000000000001', []],
    ['refund:00000000-0000-0000-0000-000000000001', []],
  ])('%s', async (text, refs) => {
    expect((await both(text))?.stored).toEqual(refs)
  })

  test('five hundred orders at once', async () => {
    const refs = Array.from({ length: 500 }, (_, i) => `ORD-${i + 1}`)
    expect((await both(`order:${refs.join(',')}`))?.stored).toHaveLength(ORDERS)
  })
})
