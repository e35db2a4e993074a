/**
 * When a failed refund may be asked for again (reliability §2.1.10): only after a definite failure, a quarter of an hour
 * after the last word about it, and never while another try of it is under way. The retry is a new request with a new
 * key and needs its own approval; the old key is never sent again.
 */
import type { RefundOrigin, RefundStatus } from './refund.ts'

/** Juspay's last word must have stood this long: a late success of the first try would make the second a double. */
export const RETRY_AFTER_MS = 15 * 60_000

export type RetryFacts = {
  origin: RefundOrigin
  status: RefundStatus
  /** Null when it never left: then its request decides, and there is nothing to retry. */
  sentAt: Date | null
  settledByPeople: boolean
  changedAt: Date
  /** A retry of it that is waiting, on its way, or paid. */
  retriedBy: string | null
}

/** Why it cannot be tried again now, as a sentence, and from when on it can be; null when it can. */
export function retryBlock(
  refund: RetryFacts,
  now: Date,
): { message: string; notBefore: Date | null } | null {
  const no = (message: string, notBefore: Date | null = null) => ({ message, notBefore })
  if (refund.origin !== 'paydesk') return no('This refund was not asked for in Paydesk.')
  if (refund.status !== 'failed' && refund.status !== 'rejected')
    return no('Only a refund that definitely failed can be tried again.')
  if (refund.sentAt === null) return no('This refund never left. Its request waits for a decision.')
  if (refund.settledByPeople)
    return no('People wrote down that it failed; Juspay has not said so. Ask for a new refund instead.')
  if (refund.retriedBy !== null) return no('It is being tried again already.')
  const notBefore = new Date(refund.changedAt.getTime() + RETRY_AFTER_MS)
  if (notBefore.getTime() <= now.getTime()) return null
  const minutes = Math.ceil((notBefore.getTime() - now.getTime()) / 60_000)
  return no(
    `It failed moments ago. It can be tried again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    notBefore,
  )
}
