import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orderWatch } from '../../server/store/order-watch.ts'
import { NO_FILTER } from '../../server/store/orders-where.ts'
import type { Statement } from '../../server/store/sql.ts'
import { openDatabase } from '../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
beforeAll(async () => {
  opened = await openDatabase()
})
afterAll(() => opened.close())

test('a look reads one row more than the threshold, and the oldest alone', async () => {
  const limits: string[] = []
  const read = (statement: Statement) =>
    limits.push(...((typeof statement === 'string' ? statement : statement.text).match(/limit \d+/g) ?? []))
  const { sql } = opened.database
  const watch = orderWatch({
    ...sql,
    rows: (shape, statement, values) => (read(statement), sql.rows(shape, statement, values)),
    first: (shape, statement, values) => (read(statement), sql.first(shape, statement, values)),
  })
  for (const kind of ['more_than', 'oldest_over'] as const)
    await watch.look(randomUUID(), NO_FILTER, { kind, threshold: 5 })
  expect(limits).toEqual(['limit 6', 'limit 2'])
})
