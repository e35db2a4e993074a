/** How many rows of a grid a frame has time for, found out from the frames before it. */
import { useEffect, useReducer } from 'react'

/** Of the 16.7 ms that a frame of sixty a second has. */
const FULL_MS = 13
const LIGHT_MS = 8
/** More than a window of rows: as long as frames are short, nothing is ever blank. */
export const BUDGET_MAX = 64

/** The least that a frame may fill, in rows: one in four frames, however slow the browser is. */
export const BUDGET_MIN = 0.25

export type FillPace = {
  /** Rows that a frame may fill. */
  budget: number
  /** Part of a row that frames before have left. */
  credit: number
}

export const newPace = (): FillPace => ({ budget: BUDGET_MAX, credit: 0 })

/** Whole rows that the drawing which begins may fill. */
export function takeRows(pace: FillPace): number {
  const due = pace.budget + pace.credit
  pace.credit = due % 1
  return Math.floor(due)
}

type Frame = {
  /** From its beginning until it was painted. */
  ms: number
  /** Rows that got their cells in it. */
  filled: number
  /** Rows were left blank. */
  short: boolean
}

/**
 * Rows that the next frame may fill, after a frame that might fill `budget`. Halved when it was full, since the next must
 * not be late; more by one, or below one twice as much, when it filled rows, had room left, and there are more to fill.
 */
export function nextBudget(budget: number, { ms, filled, short }: Frame): number {
  if (ms > FULL_MS) return Math.max(BUDGET_MIN, budget <= 1 ? budget / 2 : Math.floor(budget / 2))
  const more = short && filled > 0 && ms < LIGHT_MS
  return more ? Math.min(BUDGET_MAX, budget + Math.min(budget, 1)) : budget
}

/**
 * Measures the frames of whoever draws rows that move, and has it draw again in the next frame while it is `short` of
 * cells. To be called after each drawing.
 */
export function useFillPace(pace: FillPace, drawing: { moving: boolean } & Omit<Frame, 'ms'>): void {
  const { moving, filled, short } = drawing
  const [, drawAgain] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    if (!moving) return
    let ended: ReturnType<typeof setTimeout> | undefined
    let frame = requestAnimationFrame((startedAt) => {
      // A timer runs when the frame has been laid out and painted.
      ended = setTimeout(() => {
        pace.budget = nextBudget(pace.budget, { ms: performance.now() - startedAt, filled, short })
        if (short) frame = requestAnimationFrame(drawAgain)
      })
    })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(ended)
    }
  })
}
