/** Steps of the integration whose working is written down when it is seen; the others are read from what they leave. */
export const PROOF_STEPS = [
  'credentials',
  'signed',
  'initiate',
  'session',
  'process',
  'return',
  'status',
  'refund',
] as const

export type ProofStep = (typeof PROOF_STEPS)[number]

/** An order reference that no shop has: asking about it shows whether a key works, and touches nothing. */
export const NO_ORDER = 'PAYDESKKEYCHECK'

/** Something that was seen of a step. `words` say by what: an order's reference, a key's id, why not. Never a secret. */
export type SeenStep = { step: ProofStep; ok: boolean; words: string }

/** Longer words are cut: they are for a line on the screen. */
export const PROOF_WORDS_MAX = 200

/** The same observation is written down again only after this long. */
export const PROOF_EVERY_MS = 10_000

/** What a call to Juspay proves, by how it ended (provider-error.ts). */
export type CallEnd =
  | { ok: true }
  | { ok: false; kind: 'unauthorised' | 'unavailable' | 'uncertain' | 'malformed'; words: string }
  | { ok: false; kind: 'rejected'; answered: boolean; notFound: boolean; words: string }

/**
 * What is seen of the integration by one call. A refusal in Juspay's words was believed to be ours, so it proves the
 * credentials; "no such order" answers the question about its status.
 */
export function seenByCall(step: 'session' | 'status' | 'refund', subject: string, end: CallEnd): SeenStep[] {
  const accepted: SeenStep = { step: 'credentials', ok: true, words: subject }
  if (end.ok) return [accepted, { step, ok: true, words: subject }]
  const failed: SeenStep = { step, ok: false, words: end.words }
  switch (end.kind) {
    case 'unauthorised':
      return [{ step: 'credentials', ok: false, words: end.words }]
    case 'rejected':
      if (!end.answered) return []
      return [accepted, step === 'status' && end.notFound ? { step, ok: true, words: subject } : failed]
    case 'unavailable':
    case 'uncertain':
    case 'malformed':
      return [failed]
  }
}
