/** The sender's desk: which webhook goes out next, what has to go out again, and what was acknowledged. */
import { seededRandom } from '../support/scenario.ts'
import { storyOf, type Expected, type Letter, type Plan } from './stories.ts'

/** Orders told at the same time; their messages go out in any order. */
const OPEN_ORDERS = 48
/** Share of deliveries that repeat an earlier one, acknowledged or not. */
const REPEAT_SHARE = 0.08
const RECENT_MAX = 256

export type Mail = {
  /** The next webhook to deliver; null when there is none at this moment. */
  next(): Letter | null
  /** It was not acknowledged: it goes out again, as Juspay would send it. */
  back(letter: Letter): void
  /** It was answered 200. Returns whether that was the first time. */
  acknowledged(letter: Letter): boolean
  /** No new orders from here on. */
  finish(): void
  /** Whether everything that was begun has been acknowledged. */
  finished(): boolean
  /** Orders begun. */
  orders(): number
  /** Ids and hashes of what was acknowledged, in slices of at most `size`. */
  acked(size: number): Generator<{ ids: string[]; digests: Buffer[] }>
  ackedCount(): number
  /** What has to have become of the orders begun, in slices. */
  expected(size: number): Generator<Expected[]>
}

export function createMail(plan: Plan): Mail {
  const random = seededRandom(plan.seed ^ 0x5eed)
  const open: Letter[][] = []
  const again: Letter[] = []
  const recent: Letter[] = []
  const ids: string[] = []
  /** Short strings take a fifth of the memory of buffers, and there may be a million. */
  const digests: string[] = []
  let begun = 0
  let unacknowledged = 0
  let finishing = false

  const fill = (): void => {
    while (!finishing && open.length < OPEN_ORDERS) {
      const { letters } = storyOf(plan, begun)
      begun += 1
      unacknowledged += letters.length
      open.push([...letters])
    }
  }
  const pick = (): Letter | null => {
    fill()
    const at = Math.floor(random() * open.length)
    const letters = open[at]
    if (letters === undefined) return null
    const [letter] = letters.splice(Math.floor(random() * letters.length), 1)
    if (letters.length === 0) open.splice(at, 1)
    return letter ?? null
  }
  return {
    next() {
      const waiting = again.shift()
      if (waiting !== undefined) return waiting
      if (!finishing && random() < REPEAT_SHARE) {
        const repeated = recent[Math.floor(random() * recent.length)]
        if (repeated !== undefined) return repeated
      }
      const letter = pick()
      if (letter !== null) {
        if (recent.length < RECENT_MAX) recent.push(letter)
        else recent[Math.floor(random() * RECENT_MAX)] = letter
      }
      return letter
    },
    back: (letter) => {
      if (!letter.acked) again.push(letter)
    },
    acknowledged(letter) {
      if (letter.acked) return false
      letter.acked = true
      unacknowledged -= 1
      ids.push(letter.id)
      digests.push(letter.digest.toString('latin1'))
      return true
    },
    finish() {
      finishing = true
    },
    finished: () => finishing && unacknowledged === 0,
    orders: () => begun,
    *acked(size) {
      for (let at = 0; at < ids.length; at += size)
        yield {
          ids: ids.slice(at, at + size),
          digests: digests.slice(at, at + size).map((digest) => Buffer.from(digest, 'latin1')),
        }
    },
    ackedCount: () => ids.length,
    *expected(size) {
      for (let at = 0; at < begun; at += size)
        yield Array.from(
          { length: Math.min(size, begun - at) },
          (_, index) => storyOf(plan, at + index).expected,
        )
    },
  }
}
