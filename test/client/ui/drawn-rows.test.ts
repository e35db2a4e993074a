import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawnIndexes, nextSlots, rowsToFill, type RowSlots } from '../../../client/ui/use-drawn-rows.ts'
import { BUDGET_MAX, BUDGET_MIN, nextBudget, takeRows } from '../../../client/ui/use-fill-pace.ts'

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
  const place = { first: 100, fitting: 21, count: 1_000, direction: null, always: -1 } as const

  test('while it moves as many wherever the grid is, most of them where it is going', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.constantFrom('forward' as const, 'backward' as const),
        (first, direction) => {
          const indexes = drawnIndexes({ ...place, first, direction })
          expect(indexes).toHaveLength(35)
          expect(indexes).toEqual(indexes.map((_, i) => (indexes[0] ?? 0) + i))
          const inSight = Array.from({ length: 21 }, (_, i) => first + i).filter((index) => index < 1_000)
          expect(indexes).toEqual(expect.arrayContaining(inSight))
        },
      ),
    )
    expect(drawnIndexes({ ...place, direction: 'forward' })).toEqual(expect.arrayContaining([98, 132]))
    expect(drawnIndexes({ ...place, direction: 'backward' })).toEqual(expect.arrayContaining([88, 122]))
  })

  test('at rest some before and after those in sight, and at the top only after', () => {
    expect(drawnIndexes(place)).toEqual(Array.from({ length: 35 }, (_, i) => 93 + i))
    expect(drawnIndexes({ ...place, first: 0 })).toEqual(Array.from({ length: 28 }, (_, i) => i))
  })

  test('none that is not there, and always the focused one, in order', () => {
    expect(drawnIndexes({ ...place, first: 0, count: 4 })).toEqual([0, 1, 2, 3])
    for (const always of [3, 110, 700]) {
      const indexes = drawnIndexes({ ...place, direction: 'forward', always })
      expect(indexes).toContain(always)
      expect(indexes).toEqual([...new Set(indexes)].toSorted((a, b) => a - b))
    }
  })
})

describe('which rows get their cells', () => {
  const rows = [0, 1, 2, 3, 4].map((index) => ({ id: `ord_${index}`, index, heldId: `ord_${index - 5}` }))
  const fill = (
    drawn: typeof rows | { id: string; index: number; heldId: string | null }[],
    budget: number,
  ) => [...rowsToFill(drawn, { budget, focusedIndex: 2, direction: 'forward' })].toSorted()

  test('the focused one at once, others as many as there is time for, from where the grid is going', () => {
    expect(fill(rows, 0)).toEqual(['ord_2'])
    expect(fill(rows, 2)).toEqual(['ord_2', 'ord_3', 'ord_4'])
    const backward = rowsToFill(rows, { budget: 1, focusedIndex: -1, direction: 'backward' })
    expect([...backward]).toEqual(['ord_0'])
  })

  test('those of a new node always, and those that have theirs never again', () => {
    const drawn = rows.map((row) => ({ ...row, heldId: row.index === 0 ? null : row.id }))
    expect(fill(drawn, 0)).toEqual(['ord_0'])
    expect(fill(drawn, 9)).toEqual(['ord_0'])
  })
})

describe('the time a frame has for rows', () => {
  const ms = (min: number, max: number) => fc.double({ min, max, noNaN: true })

  const full = { ms: 20, filled: 1, short: true }
  const light = { ms: 3, filled: 1, short: true }

  test('is halved when a frame was full, though never to nothing', () => {
    expect(nextBudget(8, full)).toBe(4)
    expect(nextBudget(8, { ...full, short: false })).toBe(4)
    expect(nextBudget(1, full)).toBe(0.5)
    expect(nextBudget(BUDGET_MIN, full)).toBe(BUDGET_MIN)
  })

  test('grows by a row when one was light, and shows so: it filled rows, and left some', () => {
    expect(nextBudget(8, light)).toBe(9)
    expect(nextBudget(0.5, light)).toBe(1)
    expect(nextBudget(BUDGET_MAX, light)).toBe(BUDGET_MAX)
    expect(nextBudget(8, { ...light, short: false })).toBe(8)
    expect(nextBudget(8, { ...light, filled: 0 })).toBe(8)
    expect(nextBudget(8, { ...light, ms: 10 })).toBe(8)
  })

  test('may be less than a row: what frames leave adds up', () => {
    const pace = { budget: BUDGET_MIN, credit: 0 }
    expect(Array.from({ length: 8 }, () => takeRows(pace))).toEqual([0, 0, 0, 1, 0, 0, 0, 1])
  })

  test('settles within it, whatever a row and the rest of a frame cost', () => {
    fc.assert(
      fc.property(ms(0.1, 5), ms(0, 7), (rowMs, restMs) => {
        let budget = BUDGET_MAX
        const frames = Array.from({ length: 60 }, () => {
          const filled = Math.floor(budget)
          const ms = restMs + filled * rowMs
          budget = nextBudget(budget, { ms: ms, filled, short: true })
          return ms
        })
        expect(Math.max(...frames.slice(10))).toBeLessThan(16.7)
      }),
    )
  })
})
