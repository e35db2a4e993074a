/** Why money goes back. The list is the same for everyone, so that reports can be compared. */
export const REFUND_REASONS = [
  { code: 'item_returned', label: 'Item returned' },
  { code: 'order_cancelled', label: 'Order cancelled' },
  { code: 'duplicate_payment', label: 'Duplicate payment' },
  { code: 'wrong_amount', label: 'Wrong amount' },
  { code: 'fraud', label: 'Fraud' },
  { code: 'goodwill', label: 'Goodwill' },
  { code: 'other', label: 'Other' },
] as const

export type RefundReason = (typeof REFUND_REASONS)[number]['code']

export const REFUND_REASON_CODES = REFUND_REASONS.map((reason) => reason.code)

/** Reasons that say too little by themselves: the note must tell the approver and the auditor the rest. */
export const NOTE_REQUIRED_REASONS: readonly RefundReason[] = ['fraud', 'goodwill', 'other']

/** Shortest note, after trimming, that a reason with a required note accepts. */
export const NOTE_MIN_LENGTH = 10
/** Longest note that is kept. */
export const NOTE_MAX_LENGTH = 1_000

/** The reason behind `code`; null when there is no such reason. */
export function reasonOf(code: string): RefundReason | null {
  return REFUND_REASON_CODES.find((known) => known === code) ?? null
}

/** The reason on screen; a code that is no longer in the list is shown as it is. */
export function reasonLabel(code: string): string {
  return REFUND_REASONS.find((reason) => reason.code === code)?.label ?? code
}

/** The note as stored: trimmed, or null when it says nothing. */
export function cleanNote(note: string | null): string | null {
  const text = note?.trim() ?? ''
  return text === '' ? null : text
}

/** What is wrong with the note for this reason, as a sentence for the form; null when it will do. */
export function noteProblem(
  reason: RefundReason,
  note: string | null,
  noteRequiredReasons: readonly RefundReason[] = NOTE_REQUIRED_REASONS,
): string | null {
  const text = cleanNote(note) ?? ''
  if (text.length > NOTE_MAX_LENGTH) return `Note must be ${NOTE_MAX_LENGTH} characters or less.`
  if (!noteRequiredReasons.includes(reason) || text.length >= NOTE_MIN_LENGTH) return null
  return `Note must be at least ${NOTE_MIN_LENGTH} characters when the reason is ${reasonLabel(reason)}.`
}
