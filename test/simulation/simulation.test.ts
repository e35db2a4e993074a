import { expect, test } from 'vitest'
import { BROKEN_BUILDS } from './builds.ts'
import { runSeed } from './run-seed.ts'

const SEEDS = 300
const RUN_MS = 60_000

test('whatever happens, nothing is refunded twice, unapproved or unbooked', { timeout: RUN_MS }, async () => {
  let refunds = 0
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const outcome = await runSeed(seed)
    expect(outcome.violations, `seed ${seed}`).toEqual([])
    refunds += outcome.refunds
  }
  expect(refunds).toBeGreaterThan(SEEDS)
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

test.each(BROKEN_BUILDS)('finds out $name', { timeout: RUN_MS }, async ({ build }) => {
  let caughtBy: number | null = null
  for (let seed = 1; seed <= SEEDS && caughtBy === null; seed += 1)
    if ((await runSeed(seed, build)).violations.length > 0) caughtBy = seed
  expect(caughtBy).not.toBeNull()
})
