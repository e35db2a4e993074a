/**
 * Slots in which payments are counted. A slot of 15 min fits into one of 3 h and that into a day; days begin where they
 * begin in India, which has one offset all year, so that "today" is a whole number of slots.
 */
import { assert } from './assert.ts'

/** Lengths of slots, in seconds, the longest first. */
export const FIGURE_SPANS = [86_400, 10_800, 900] as const
export type FigureSpan = (typeof FIGURE_SPANS)[number]

/** The shortest slot: figures are exact to it. */
export const FIGURE_SLOT_MS = 900_000
export const FIGURE_DAY_MS = 86_400_000

/** A beginning of a day in India; the same as in `figure_slot_of` of the database. */
const ORIGIN_MS = Date.parse('2000-01-01T00:00:00+05:30')

/** Slots of one length, from one's beginning to just before another's. */
export type FigurePiece = { spanSeconds: FigureSpan; from: Date; to: Date }

/** The beginning of the slot of `spanSeconds` that `at` is in. */
export function figureSlotOf(at: Date, spanSeconds: FigureSpan): Date {
  const ms = spanSeconds * 1_000
  return new Date(ORIGIN_MS + Math.floor((at.getTime() - ORIGIN_MS) / ms) * ms)
}

/**
 * The fewest slots that cover a range exactly: a month is thirty days and not three thousand quarters of an hour.
 * @param from, to beginnings of slots of 15 min; `to` is not part of the range
 */
export function figurePieces(from: Date, to: Date): FigurePiece[] {
  for (const end of [from, to])
    assert(figureSlotOf(end, 900).getTime() === end.getTime(), 'figures are read from slot to slot')
  const pieces: FigurePiece[] = []
  for (let at = from; at < to;) {
    const spanSeconds = longestFrom(at, to)
    const next = new Date(at.getTime() + spanSeconds * 1_000)
    const last = pieces.at(-1)
    if (last?.spanSeconds === spanSeconds) last.to = next
    else pieces.push({ spanSeconds, from: at, to: next })
    at = next
  }
  return pieces
}

function longestFrom(at: Date, to: Date): FigureSpan {
  const fits = FIGURE_SPANS.find(
    (span) =>
      figureSlotOf(at, span).getTime() === at.getTime() && at.getTime() + span * 1_000 <= to.getTime(),
  )
  return fits ?? 900
}
