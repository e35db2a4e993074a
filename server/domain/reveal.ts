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

/** Shorter is no reason. */
export const REVEAL_REASON_MIN = 5
export const REVEAL_REASON_MAX = 200
