import { expect, test } from 'vitest'
import { connect } from '../../server/store/database.ts'
import { createTestDatabase } from '../support/database.ts'
import { createAccount } from '../support/factories.ts'
import { ordersOnDatabase } from './permutation-database.ts'
import { LAST_ARRIVAL_WINS } from './permutation-model.ts'
import { permutationBattery } from './permutation.ts'
import { SCENES } from './permutation-scenes.ts'

const SEED = 11
/** On PostgreSQL a sample is enough: the rules are the same code. */
const ON_POSTGRES = 300
const RUN_MS = 180_000

test('every order of arrival ends the same and leads nowhere back', { timeout: RUN_MS }, () => {
  expect(SCENES.length).toBeGreaterThanOrEqual(30)
  for (const { name, messages } of SCENES) expect(messages.length, name).toBe(6)
  const { violations, ...counts } = permutationBattery({ seed: SEED })
  expect(violations).toEqual([])
  console.info('permutations', counts)
  expect(counts.permutations).toBe(SCENES.length * 720 + 1_000)
})

test('so do the rows in PostgreSQL', { timeout: RUN_MS }, async () => {
  const created = await createTestDatabase()
  const database = connect(created.url, { poolSize: 1 })
  const { id: accountId } = await createAccount(database)
  await database.close()
  try {
    const target = { url: created.url, accountId, seed: SEED, count: ON_POSTGRES }
    const { violations, ...counts } = await ordersOnDatabase(SCENES, target)
    expect(violations).toEqual([])
    console.info('permutations on PostgreSQL', counts)
    expect(counts.permutations).toBe(ON_POSTGRES)
    expect(counts.events).toBeGreaterThan(ON_POSTGRES * 5)
  } finally {
    await created.drop()
  }
})

test('finds out a merge that believes whatever arrives last', { timeout: RUN_MS }, () => {
  const { violations } = permutationBattery({
    scenarios: SCENES.slice(0, 3),
    seed: SEED,
    merge: LAST_ARRIVAL_WINS,
  })
  expect(new Set(violations.map(({ rule }) => rule))).toEqual(new Set(['J4', 'J5', 'outcome']))
})
