/**
 * How often Juspay is asked about orders. It publishes no rate limit (API reference §9.8), so we set our own: one token
 * bucket per merchant account, kept in the database and shared by all processes, and a limit per order, so that no
 * stream of webhooks (forged ones too, W16) can make us ask without end. What finds no token waits; nothing is dropped.
 */

/** A token bucket as it was last written. It may be in debt: see {@link callsFor}. */
export type Bucket = { tokens: number; refilledAt: Date }

export type BucketSize = { perSecond: number; burst: number }

/** Calls of one account: a steady rate, and what a quiet minute saves up. */
export const ACCOUNT_BUDGET: BucketSize = { perSecond: 10, burst: 40 }

/** What the sweep leaves for people and refunds, who cannot wait for the next round. */
export const RESERVED_CALLS = 8

/**
 * Daily looks at charged orders, of which nothing is expected: part of the account's calls, never more than this. It
 * allows 34,000 charged orders a day to be looked at daily for ten days; with more, each is looked at less often.
 */
export const DAILY_LOOK_BUDGET: BucketSize = { perSecond: 4, burst: 20 }

/** Questions about an order that we do not know, each prompted by an event. */
export const UNKNOWN_ORDER_BUDGET: BucketSize = { perSecond: 12 / 3_600, burst: 12 }

/** The ladder's eleven questions of the first hour (§4.4) and a dozen more, whatever prompts them. */
export const ORDER_CALLS_PER_HOUR = 11 + 12
export const ORDER_CALLS_WINDOW_MS = 3_600_000

/** How long an account whose provider gave no answer is left alone by everybody but people and refunds. */
export const DOWN_PAUSE_MS = 5_000

/** Who asks: the sweep, events and batches yield to people and refunds. */
export type CallPurpose = 'sweep' | 'unknown_order' | 'bulk' | 'person' | 'refund'

/** The bucket at `now`. A clock that ran back refills nothing and takes nothing away. */
export function refilled(bucket: Bucket | null, size: BucketSize, now: Date): Bucket {
  if (bucket === null) return { tokens: size.burst, refilledAt: now }
  const elapsedMs = Math.max(0, now.getTime() - bucket.refilledAt.getTime())
  if (elapsedMs === 0) return bucket
  const tokens = Math.min(size.burst, bucket.tokens + (elapsedMs / 1_000) * size.perSecond)
  return { tokens, refilledAt: now }
}

/**
 * How many calls the account's bucket allows now. Background work leaves the reserve; people and refunds may go into
 * debt by one burst, which the background pays back by waiting.
 */
export function callsFor(purpose: CallPurpose, bucket: Bucket): number {
  const background = purpose !== 'person' && purpose !== 'refund'
  const floor = background ? RESERVED_CALLS : -ACCOUNT_BUDGET.burst
  return Math.max(0, Math.floor(bucket.tokens - floor))
}

/** The bucket after `calls` calls. */
export function spent(bucket: Bucket, calls: number): Bucket {
  return { ...bucket, tokens: bucket.tokens - calls }
}
