import { afterAll, expect, test } from 'vitest'
import { BROKEN_BUILDS } from './builds.ts'
import { openPool, runSeeds } from './pool.ts'
import { runSeed } from './run-seed.ts'
import { REGRESSION_SEEDS } from './seeds.ts'

const SEEDS = 50_000
/** A broken build that needs more seeds than this is a matter of the long run. */
const CAUGHT_WITHIN = 12_000
const RUN_MS = 900_000

const pool = openPool()
afterAll(() => pool.close())

test('whatever happens, nothing is refunded twice, unapproved or unbooked', { timeout: RUN_MS }, async () => {
  const { seeds, refunds, failures } = await runSeeds(pool, { from: 1, count: SEEDS })
  expect(failures).toEqual([])
  expect(seeds).toBe(SEEDS)
  expect(refunds).toBeGreaterThan(SEEDS)
})

test.each(REGRESSION_SEEDS)('seed $seed: $why', async ({ seed }) => {
  expect((await runSeed(seed)).violations).toEqual([])
})

test('the same seed gives the same run', async () => {
  const steps = async (): Promise<string[]> => {
    const lines: string[] = []
    await runSeed(7, undefined, (at, host, label) => void lines.push(`${at} ${host} ${label}`))
    return lines
  }
  const first = await steps()
  expect(first.length).toBeGreaterThan(50)
  expect(await steps()).toEqual(first)
})

test('there are enough builds that are broken on purpose', () => {
  expect(BROKEN_BUILDS.length).toBeGreaterThanOrEqual(25)
  expect(COMMON.length).toBeGreaterThanOrEqual(25)
  expect(new Set(BROKEN_BUILDS.map(({ name }) => name)).size).toBe(BROKEN_BUILDS.length)
})

const COMMON = BROKEN_BUILDS.filter(({ rare }) => rare !== true)

test.concurrent.each(COMMON)('finds out $name: $what', { timeout: RUN_MS }, async ({ name }) => {
  const task = { build: name, from: 1, count: CAUGHT_WITHIN, untilCaught: true }
  expect((await pool.run(task)).failures).toHaveLength(1)
})
