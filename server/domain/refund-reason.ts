/** Why money goes back. Which reasons may be chosen is data of the policy; these are the ones it begins with. */
import { z } from 'zod/mini'

export const REFUND_REASONS = [
  { code: 'item_returned', label: 'Item returned' },
  { code: 'order_cancelled', label: 'Order cancelled' },
  { code: 'duplicate_payment', label: 'Duplicate payment' },
  { code: 'wrong_amount', label: 'Wrong amount' },
  { code: 'fraud', label: 'Fraud' },
  { code: 'goodwill', label: 'Goodwill' },
  { code: 'other', label: 'Other' },
] as const

/** Reasons that say too little by themselves: the note must tell the approver and the auditor the rest. */
const NOTE_REQUIRED: readonly string[] = ['fraud', 'goodwill', 'other']

/** Shortest note, after trimming, that a reason with a required note accepts unless the policy says otherwise. */
export const NOTE_MIN_LENGTH = 10
/** Longest note that is kept. */
export const NOTE_MAX_LENGTH = 1_000
/** Reasons an account can have, those no longer offered included. */
export const REASONS_MAX = 30
const LABEL_MAX = 40
/** Notes longer than this are not asked for. */
const NOTE_ASKED_MAX = 200

/** One reason of an account's list. */
export const reasonRuleShape = z.strictObject({
  /** Made of the label once, and kept with every request. */
  code: z.string().check(z.regex(/^[a-z0-9]+(_[a-z0-9]+)*$/), z.maxLength(LABEL_MAX)),
  label: z.string().check(z.trim(), z.minLength(2), z.maxLength(LABEL_MAX)),
  /** Whether it can be chosen. One that was used is switched off, never removed. */
  active: z.boolean(),
  /** Shortest note it needs; 0 when it needs none. */
  noteMinLength: z.int().check(z.gte(0), z.lte(NOTE_ASKED_MAX)),
})

export type ReasonRule = z.output<typeof reasonRuleShape>

/** The list as delivered; `noteRequired` is what policies of the first kind kept instead of a list. */
export function defaultReasons(noteRequired: readonly string[] = NOTE_REQUIRED): ReasonRule[] {
  return REFUND_REASONS.map(({ code, label }) => ({
    code,
    label,
    active: true,
    noteMinLength: noteRequired.includes(code) ? NOTE_MIN_LENGTH : 0,
  }))
}

/** The code of a label: "Damaged in transit" is `damaged_in_transit`; empty when nothing of it can be kept. */
export function reasonCode(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LABEL_MAX)
    .replace(/_+$/, '')
}

/** The reason on screen. Codes say what their labels say, so that one of any account and any time can be read. */
export function reasonLabel(code: string): string {
  const known = REFUND_REASONS.find((reason) => reason.code === code)
  if (known) return known.label
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The reason that may be chosen; null when the list has none of this code, or has it no longer. */
export function reasonOf(reasons: readonly ReasonRule[], code: string): ReasonRule | null {
  return reasons.find((reason) => reason.code === code && reason.active) ?? null
}

/** The note as stored: trimmed, or null when it says nothing. */
export function cleanNote(note: string | null): string | null {
  const text = note?.trim() ?? ''
  return text === '' ? null : text
}

/** What is wrong with the note for this reason, as a sentence for the form; null when it will do. */
export function noteProblem(
  reason: Pick<ReasonRule, 'label' | 'noteMinLength'>,
  note: string | null,
): string | null {
  const { length } = cleanNote(note) ?? ''
  if (length > NOTE_MAX_LENGTH) return `Note must be ${NOTE_MAX_LENGTH} characters or less.`
  if (length >= reason.noteMinLength) return null
  return `Note must be at least ${reason.noteMinLength} characters when the reason is ${reason.label}.`
}
