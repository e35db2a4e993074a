/**
 * How many event rows one stream is sent. More than a person can follow would also be more than a page can draw, so a
 * fast feed becomes a uniform sample, and its factor and the true rate are told.
 */

/** Rows per second, averaged over {@link WINDOW_MS}, up to which all are sent. */
export const ROWS_PER_SECOND_MAX = 50
const WINDOW_MS = 2_000
const SLOT_MS = 100
/** A slower feed is believed only when it is slower by this much, or the factor would flicker. */
const SLACK = 1.25
/** Rows that were sent and whose later versions are sent as well, whatever the sample. */
const SHOWN_MAX = 500

export type Pace = {
  /** 1 sends all. Powers of two: a row of a sparser sample is in every denser one. */
  oneIn: number
  perSecond: number
}

/** The factor for a rate: what is sent stays within half as much again as {@link ROWS_PER_SECOND_MAX}. */
export function oneInFor(perSecond: number): number {
  if (perSecond <= ROWS_PER_SECOND_MAX) return 1
  return 2 ** Math.max(1, Math.round(Math.log2(perSecond / ROWS_PER_SECOND_MAX)))
}

/** Whether a row belongs to the sample; by its id, so that every version of it is treated alike. */
export function inSample(id: string, oneIn: number): boolean {
  // The end of an id is random or a hash, whatever its kind.
  return oneIn === 1 || Number.parseInt(id.slice(-8), 16) % oneIn === 0
}

/** Measures one stream. Rows count at the time they were received: a backlog that is caught up with is not fast. */
export function createPacer() {
  const slots = new Map<number, number>()
  const shown = new Set<string>()
  let newest = 0
  let pace: Pace = { oneIn: 1, perSecond: 0 }

  const measure = (): Pace => {
    let sum = 0
    for (const [slot, count] of slots) {
      if (slot <= newest - WINDOW_MS / SLOT_MS) slots.delete(slot)
      else sum += count
    }
    const perSecond = sum / (WINDOW_MS / 1_000)
    const now = oneInFor(perSecond)
    const oneIn = now > pace.oneIn ? now : Math.min(pace.oneIn, oneInFor(perSecond * SLACK))
    pace = { oneIn, perSecond: Math.round(perSecond) }
    return pace
  }
  return {
    /** Rows received at `times`. */
    count(times: readonly Date[]): Pace {
      for (const time of times) {
        const slot = Math.floor(time.getTime() / SLOT_MS)
        newest = Math.max(newest, slot)
        slots.set(slot, (slots.get(slot) ?? 0) + 1)
      }
      return measure()
    },
    /** Nothing came up to `now`. */
    idle(now: Date): Pace {
      newest = Math.max(newest, Math.floor(now.getTime() / SLOT_MS))
      return measure()
    },
    /** The rows to send now. */
    take<Row extends { id: string }>(rows: readonly Row[]): readonly Row[] {
      const { oneIn } = pace
      const taken = oneIn === 1 ? rows : rows.filter(({ id }) => inSample(id, oneIn) || shown.has(id))
      for (const { id } of taken) {
        shown.delete(id)
        shown.add(id)
      }
      for (const id of shown) {
        if (shown.size <= SHOWN_MAX) break
        shown.delete(id)
      }
      return taken
    },
  }
}

export type Pacer = ReturnType<typeof createPacer>
