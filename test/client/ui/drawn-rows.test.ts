import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawnIndexes, nextSlots, type RowSlots } from '../../../client/ui/use-drawn-rows.ts'

const ids = fc.uniqueArray(
  fc.integer({ min: 0, max: 60 }).map((n) => `ord_${n}`),
  { maxLength: 30 },
)

describe('slots', () => {
  test('every drawn row has one of its own, and what stays drawn keeps it, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 12 }), (drawings) => {
        let slots: RowSlots = new Map()
        for (const drawing of drawings) {
          const next = nextSlots(slots, drawing, undefined)
          expect([...next.keys()]).toEqual(drawing)
          expect(new Set(next.values()).size).toBe(drawing.length)
          for (const [id, slot] of slots) if (next.has(id)) expect(next.get(id)).toBe(slot)
          slots = next
        }
      }),
    )
  })

  test('a window that moves over the rows needs no more of them than it has rows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 20 }), (places) => {
        let slots: RowSlots = new Map()
        for (const first of places) {
          const drawing = Array.from({ length: 30 }, (_, i) => `ord_${first + i}`)
          slots = nextSlots(slots, drawing, undefined)
          expect(Math.max(...slots.values())).toBe(29)
        }
      }),
    )
  })

  test('that of a focused row which left goes to no other in that drawing', () => {
    const before = nextSlots(new Map(), ['ord_1', 'ord_2', 'ord_3'], undefined)
    const after = nextSlots(before, ['ord_1', 'ord_3', 'ord_4'], 'ord_2')
    expect([...after.values()]).not.toContain(before.get('ord_2'))
    expect(nextSlots(before, ['ord_1', 'ord_3', 'ord_4'], 'ord_1').get('ord_4')).toBe(before.get('ord_2'))
  })
})

describe('which rows are drawn', () => {
  const range = { startIndex: 100, endIndex: 120, overscan: 1, count: 1_000, lanes: 1 }

  test('as many at rest as on the way, most of them where the grid is going', () => {
    const counts = [null, 'forward', 'backward'] as const
    expect(counts.map((direction) => drawnIndexes(range, direction, -1).length)).toEqual([35, 35, 35])
    expect(drawnIndexes(range, 'forward', -1)).toEqual(expect.arrayContaining([98, 132]))
    expect(drawnIndexes(range, 'backward', -1)).toEqual(expect.arrayContaining([88, 122]))
  })

  test('none that is not there, and always the focused one, in order', () => {
    expect(drawnIndexes({ ...range, startIndex: 0, endIndex: 2, count: 4 }, null, -1)).toEqual([0, 1, 2, 3])
    for (const focused of [3, 110, 700]) {
      const indexes = drawnIndexes(range, 'forward', focused)
      expect(indexes).toContain(focused)
      expect(indexes).toEqual([...new Set(indexes)].toSorted((a, b) => a - b))
    }
  })
})
