import { expect, test } from 'vitest'
import { hostile, hostileBodies } from './hostile.ts'
import { useBattery } from './short-tier.ts'

test('the corpora are complete', () => {
  const { suite, strings } = hostileBodies('short')
  expect([suite.length, strings.length]).toEqual([318, 515])
})

useBattery(hostile, { count: 1, events: 0 })
