import { expect, test } from 'vitest'
import { createPacer, inSample, oneInFor, ROWS_PER_SECOND_MAX } from '../../../server/live/pace.ts'
import { seededRandom } from '../../support/scenario.ts'

const START = Date.UTC(2026, 10, 20)
const at = (ms: number) => new Date(START + ms)
/** Times of `perSecond` rows in each of some seconds. */
const steady = (perSecond: number, seconds: number, from = 0) =>
  Array.from({ length: perSecond * seconds }, (_, i) => at(from + (i * 1_000) / perSecond))

test.each([
  [0, 1],
  [ROWS_PER_SECOND_MAX, 1],
  [ROWS_PER_SECOND_MAX + 1, 2],
  [412, 8],
  [1_000, 16],
  [20_000, 512],
])('%d rows a second are sent one in %d', (perSecond, oneIn) => {
  expect(oneInFor(perSecond)).toBe(oneIn)
})

test('what is sent stays within half as much again as the limit', () => {
  for (let perSecond = 1; perSecond < 5_000; perSecond += 7)
    expect(perSecond / oneInFor(perSecond)).toBeLessThanOrEqual(ROWS_PER_SECOND_MAX * 1.5)
})

test('the sample is uniform, and a sparser one lies within each denser one', () => {
  const random = seededRandom(5)
  const ids = Array.from({ length: 40_000 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  )
  for (const oneIn of [2, 8, 64]) {
    const taken = ids.filter((id) => inSample(id, oneIn))
    expect(taken.length).toBeGreaterThan((ids.length / oneIn) * 0.85)
    expect(taken.length).toBeLessThan((ids.length / oneIn) * 1.15)
    expect(taken.every((id) => inSample(id, oneIn / 2))).toBe(true)
  }
})

test('the rate is that of two seconds, by when the events were received', () => {
  const pacer = createPacer()
  expect(pacer.count(steady(400, 2))).toEqual({ oneIn: 8, perSecond: 400 })
  expect(pacer.idle(at(2_999))).toMatchObject({ perSecond: 200 })
  expect(pacer.idle(at(10_000))).toEqual({ oneIn: 1, perSecond: 0 })
})

test('a backlog of many minutes that is caught up with at once is not fast', () => {
  const pacer = createPacer()
  const times = steady(5, 600)
  for (let from = 0; from < times.length; from += 500)
    expect(pacer.count(times.slice(from, from + 500)).oneIn).toBe(1)
})

test('the factor does not flicker around a limit', () => {
  const pacer = createPacer()
  const factors: number[] = []
  for (let second = 0; second < 40; second += 1)
    factors.push(pacer.count(steady(second % 4 < 2 ? 46 : 56, 1, second * 1_000)).oneIn)
  // Without slack each of the slow stretches would send everything for a moment.
  expect(new Set(factors.slice(4))).toEqual(new Set([2]))
})

test('later versions of a row that was sent are sent too, whatever the sample', () => {
  const pacer = createPacer()
  const early = Array.from({ length: 40 }, (_, i) => ({ id: `x${i.toString(16).padStart(8, '0')}` }))
  expect(pacer.take(early)).toEqual(early)
  pacer.count(steady(3_200, 2))
  expect(pacer.take(early)).toEqual(early)
  const others = Array.from({ length: 640 }, (_, i) => ({
    id: `y${(i + 1_000).toString(16).padStart(8, '0')}`,
  }))
  expect(pacer.take(others).length).toBe(10)
})
