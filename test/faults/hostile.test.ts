import { expect, test } from 'vitest'
import { hostile, hostileBodies } from './hostile.ts'
import { CORPORA_MISSING } from './hostile-bodies.ts'
import { useBattery } from './short-tier.ts'

test(CORPORA_MISSING ?? 'the corpora are complete, beside our own hostile bodies', () => {
  const { suite, strings } = hostileBodies('short')
  const own = suite.filter(({ name }) => name.includes('_own_')).length
  expect(own).toBeGreaterThan(20)
  if (CORPORA_MISSING === null) expect([suite.length - own, strings.length]).toEqual([318, 515 + 29])
})

useBattery(hostile, { count: 1, events: 0 })
