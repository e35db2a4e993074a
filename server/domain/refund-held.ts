/** Why a refund that nobody has to decide about has not been sent yet, and until when: the same words wherever it is shown. */
import type { RefundStatus } from './refund.ts'
import { stopHolding, stopTitle, type StopScope } from './refund-stop.ts'

/** What the sender or a batch waits for. Stops are not among them: whether one is in force is asked when it is shown. */
export const HELD_WHYS = [
  'spacing',
  'day_limit',
  'unconfirmed',
  'agreement_gone',
  'batch_hold',
  'batch_paused',
  'batch_turn',
] as const
export type HeldWhy = (typeof HELD_WHYS)[number]

/** What was written down when it was put off; `until` null while nobody can say. */
export type HeldFacts = { why: HeldWhy; until: Date | null; batchNo: number | null }

/** `brief` is for what leaves the house: without the reason that somebody wrote down for a stop. */
export type Held = { text: string; brief: string; until: Date | null }

const WORDS: Readonly<Record<Exclude<HeldWhy, `batch_${string}`>, string>> = {
  spacing: 'Waits a few seconds: Juspay takes one refund of an order at a time',
  day_limit: 'Waits for tomorrow: the limit for today is used up',
  unconfirmed: 'Waits: Juspay has not confirmed the money of this order',
  agreement_gone: 'Waits: its approval no longer holds, and we make sure first that Juspay does not have it',
}

/**
 * Why a refund waits; null when nothing keeps it back.
 * @param refund.gateway through which it goes; null while that is not known
 * @param stops in force on its account
 */
export function heldOf(
  refund: { refundStatus: RefundStatus | null; gateway: string | null; held: HeldFacts | null },
  stops: readonly StopScope[],
  now: Date,
): Held | null {
  const { refundStatus, gateway, held } = refund
  const stop = refundStatus === 'ready' ? stopHolding(stops, gateway) : null
  if (stop !== null) {
    const brief = stopTitle(stop)
    return { text: `${brief}: ${stop.reason}`, brief, until: stop.expiresAt }
  }
  if (held === null) return null
  // Its time has come: whoever sends is about to look again.
  if (held.until !== null && held.until.getTime() <= now.getTime()) return null
  const text = wordsOf(held)
  return { text, brief: text, until: held.until }
}

function wordsOf({ why, batchNo }: HeldFacts): string {
  switch (why) {
    case 'batch_hold':
      return `Held with batch ${batchNo}, which can still be stopped`
    case 'batch_paused':
      return `Waits: batch ${batchNo} is paused`
    case 'batch_turn':
      return `Waits with batch ${batchNo}`
    default:
      return WORDS[why]
  }
}
