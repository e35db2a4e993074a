import { describe, expect, test } from 'vitest'
import { addTo, type Earlier } from './results.ts'

function resultOf(change: Partial<Earlier>): Earlier {
  return {
    commit: 'aaa',
    dirty: false,
    startedAt: '2026-11-26T00:00:00.000Z',
    seconds: 10,
    seed: 1,
    counts: { seeds: 500, steps: 9 },
    violations: [],
    control: { caught: true },
    parts: [],
    ...change,
  }
}

describe('a result that went on from another', () => {
  const first = resultOf({})
  const second = resultOf({ commit: 'bbb', seconds: 5, seed: 501, counts: { seeds: 300, steps: 4 } })

  test('counts both, and lists each with its own commit', () => {
    const sum = addTo(first, second)
    expect(sum).toMatchObject({ seconds: 15, seed: 1, counts: { seeds: 800, steps: 13 } })
    expect(sum.parts.map(({ commit, counts }) => [commit, counts['seeds']])).toEqual([
      ['aaa', 500],
      ['bbb', 300],
    ])
    const third = addTo({ ...second, ...sum }, resultOf({ commit: 'ccc', seed: 801 }))
    expect(third.counts['seeds']).toBe(1_300)
    expect(third.parts.map(({ commit }) => commit)).toEqual(['aaa', 'bbb', 'ccc'])
  })

  test('keeps what any part found, and a control that any part did not catch', () => {
    const found = resultOf({ violations: [{ rule: 'I1' }], control: { caught: false } })
    expect(addTo(found, second)).toMatchObject({ violations: [{ rule: 'I1' }], control: { caught: false } })
    expect(addTo(first, found)).toMatchObject({ violations: [{ rule: 'I1' }], control: { caught: false } })
  })
})
