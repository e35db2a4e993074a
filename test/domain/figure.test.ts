import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FIGURE_DAY_MS,
  FIGURE_SLOT_MS,
  FIGURE_SPANS,
  figurePieces,
  figureSlotOf,
} from '../../server/domain/figure.ts'

const instant = fc.date({
  min: new Date('1990-01-01T00:00:00Z'),
  max: new Date('2090-01-01T00:00:00Z'),
  noInvalidDate: true,
})
const span = fc.constantFrom(...FIGURE_SPANS)
/** A range of whole slots of at most sixty days. */
const range = fc.record({ at: instant, slots: fc.integer({ min: 0, max: 60 * 96 }) }).map(({ at, slots }) => {
  const from = figureSlotOf(at, 900)
  return { from, to: new Date(from.getTime() + slots * FIGURE_SLOT_MS) }
})

describe('slots', () => {
  test('hold the instant they are of', () => {
    fc.assert(
      fc.property(instant, span, (at, seconds) => {
        const slot = figureSlotOf(at, seconds)
        expect(at.getTime() - slot.getTime()).toBeGreaterThanOrEqual(0)
        expect(at.getTime() - slot.getTime()).toBeLessThan(seconds * 1_000)
        expect(figureSlotOf(slot, seconds)).toEqual(slot)
      }),
    )
  })

  test('of a day begin at midnight in India', () => {
    expect(figureSlotOf(new Date('2026-11-22T18:29:59.999Z'), 86_400)).toEqual(
      new Date('2026-11-21T18:30:00.000Z'),
    )
    expect(figureSlotOf(new Date('2026-11-22T18:30:00.000Z'), 86_400)).toEqual(
      new Date('2026-11-22T18:30:00.000Z'),
    )
  })
})

describe('pieces of a range', () => {
  test('cover it once, in whole slots, and are few', () => {
    fc.assert(
      fc.property(range, ({ from, to }) => {
        const pieces = figurePieces(from, to)
        let at = from.getTime()
        for (const piece of pieces) {
          expect(piece.from.getTime()).toBe(at)
          expect(figureSlotOf(piece.from, piece.spanSeconds)).toEqual(piece.from)
          expect(figureSlotOf(piece.to, piece.spanSeconds)).toEqual(piece.to)
          at = piece.to.getTime()
        }
        expect(at).toBe(to.getTime())
        const slots = pieces.reduce(
          (sum, piece) => sum + (piece.to.getTime() - piece.from.getTime()) / 1_000 / piece.spanSeconds,
          0,
        )
        // At each end less than eight slots of 3 h and less than twelve of 15 min; days between.
        expect(slots).toBeLessThanOrEqual(2 * (7 + 11) + (to.getTime() - from.getTime()) / FIGURE_DAY_MS)
      }),
    )
  })

  test('begin and end with a slot', () => {
    expect(() => figurePieces(new Date('2026-11-22T18:31:00Z'), new Date('2026-11-22T19:00:00Z'))).toThrow(
      'slot to slot',
    )
  })
})
