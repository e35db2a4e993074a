/**
 * When Juspay cannot tell what a gateway did (`manual_review`), the merchant finds out from the gateway and two people
 * write it down: one proposes, another confirms. It moves no money, and Juspay's later word stands above it.
 */
export const REVIEW_OUTCOMES = ['succeeded', 'failed'] as const
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number]

export const REVIEW_STATUSES = ['waiting', 'confirmed', 'declined', 'overtaken'] as const
export type ReviewStatus = (typeof REVIEW_STATUSES)[number]

/** UTR, RRN and ARN are letters and digits; some banks group them. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9 /_-]{5,49}$/
export const REVIEW_NOTE_MIN = 10
export const REVIEW_NOTE_MAX = 1_000

export type ReviewProposal = { outcome: ReviewOutcome; reference: string | null; note: string }

/** The proposal as stored, or what is wrong with it as a sentence for the form. */
export function readProposal(
  input: ReviewProposal,
): { ok: true; proposal: ReviewProposal } | { ok: false; problem: string } {
  const note = input.note.trim()
  const reference = input.reference?.trim() ?? ''
  if (note.length < REVIEW_NOTE_MIN || note.length > REVIEW_NOTE_MAX)
    return {
      ok: false,
      problem: `Note must be ${REVIEW_NOTE_MIN} to ${REVIEW_NOTE_MAX} characters: who said so, and when.`,
    }
  if (input.outcome === 'failed') return { ok: true, proposal: { outcome: 'failed', reference: null, note } }
  if (!REFERENCE.test(reference))
    return { ok: false, problem: "Reference must be the bank's UTR, RRN or ARN: 6 to 50 letters and digits." }
  return { ok: true, proposal: { outcome: 'succeeded', reference, note } }
}
