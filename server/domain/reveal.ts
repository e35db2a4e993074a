/** Personal data of an order's customer: masked for everybody, shown field by field to those who say why. */
export const REVEAL_FIELDS = ['email', 'phone', 'vpa'] as const
export type RevealField = (typeof REVEAL_FIELDS)[number]

/** How a field is called in a sentence. */
export const REVEAL_WORDS: Readonly<Record<RevealField, string>> = {
  email: 'e-mail address',
  phone: 'phone number',
  vpa: 'UPI address',
}

/** After this a revealed value goes back behind its mask. */
export const REVEAL_MINUTES = 5
export const REVEAL_MS = REVEAL_MINUTES * 60_000

/**
 * How long a value that may be shown until then is shown from `now` on, by the clock of the screen: a clock that is wrong
 * neither keeps it longer nor takes it away at once.
 */
export function shownForMs(until: Date, now: number): number {
  const leftMs = until.getTime() - now
  return leftMs > 0 && leftMs <= REVEAL_MS ? leftMs : REVEAL_MS
}

/** Shorter is no reason. */
export const REVEAL_REASON_MIN = 5
export const REVEAL_REASON_MAX = 200
