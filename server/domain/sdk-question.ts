/**
 * What a shop's server asks about one order through `/sdk`. Amount, currency and customer belong to the order, so they
 * must be the same in every question about it; the rest must be the same when the same thing is asked again.
 */

/** Field names as the shop sent them; the amount in minor units, so that "10" and "10.00" are the same. */
export type SdkQuestion = Readonly<Record<string, string>>

/** Fields that every question about an order must agree on. */
export const ORDER_FACTS = ['amount_minor', 'currency', 'customer_id'] as const

/** Names of the fields in which two questions differ, in alphabetical order. */
export function questionDifferences(a: SdkQuestion, b: SdkQuestion, among?: readonly string[]): string[] {
  const names = among ?? [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return names
    .filter((name) => (a[name] ?? '') !== (b[name] ?? ''))
    .map((name) => (name === 'amount_minor' ? 'amount' : name))
    .sort()
}

/** How far a caller's clock may be off: replays stay short, and people whose clock drifts find out by words. */
export const CLOCK_SKEW_MAX_MS = 300_000

const EPOCH_MS = /^\d{13}$/
const EPOCH_SECONDS = /^\d{10}$/

/**
 * What is wrong with a caller's `timestamp` (epoch milliseconds as text), in words; null when it is near `now`.
 */
export function clockProblem(timestamp: string, now: Date): string | null {
  if (EPOCH_SECONDS.test(timestamp))
    return 'timestamp is in seconds. Send milliseconds, such as "1764122400000".'
  if (!EPOCH_MS.test(timestamp))
    return 'timestamp must be epoch milliseconds as text, such as "1764122400000".'
  const offMs = Number(timestamp) - now.getTime()
  if (Math.abs(offMs) <= CLOCK_SKEW_MAX_MS) return null
  const off = `${Math.round(Math.abs(offMs) / 1_000)} s ${offMs < 0 ? 'behind' : 'ahead of'}`
  return `Your clock is ${off} ours (${now.toISOString()}). At most ${CLOCK_SKEW_MAX_MS / 1_000} s are allowed. Set it by NTP.`
}
