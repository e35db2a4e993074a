/** What the refund dialog says, worked out from the server's preview. */
import { formatMoney } from '../../../server/domain/money.ts'
import { NOTE_MIN_LENGTH } from '../../../server/domain/refund-reason.ts'
import { moneyProblem, type MoneyDraft } from '../../ui/money-draft.ts'
import type { RefundPreview } from './refund-dialog-flow.ts'

const DAY_MS = 86_400_000
/** Gateways commonly stop refunding about half a year after the payment. */
const OLD_PAYMENT_DAYS = 180

/** Whether a second person must decide. The server decides again; this only names the button. */
export function needsApproval(preview: RefundPreview, amountMinor: bigint): boolean {
  if (preview.needsApprovalAlways) return true
  return preview.approvalAboveMinor !== null && amountMinor > preview.approvalAboveMinor
}

/** "Refund ₹2,500.00 to S. Iyer?"; without an amount while none can be read. */
export function refundTitle(preview: RefundPreview, amountMinor: bigint | null): string {
  const who = preview.customerName ? ` to ${preview.customerName}` : ''
  if (amountMinor === null) return `Refund${who || ` order ${preview.orderRef}`}?`
  return `Refund ${formatMoney({ minor: amountMinor, currency: preview.currency })}${who}?`
}

/** The confirming button: verb and amount. */
export function refundVerb(preview: RefundPreview, amountMinor: bigint | null): string {
  if (amountMinor === null) return 'Refund'
  const amount = formatMoney({ minor: amountMinor, currency: preview.currency })
  return needsApproval(preview, amountMinor) ? `Send for approval, ${amount}` : `Refund ${amount}`
}

/** "What happens next", at most three lines. */
export function nextSteps(preview: RefundPreview, amountMinor: bigint | null): string[] {
  const { approvers, currency } = preview
  const amount = amountMinor === null ? 'the money' : formatMoney({ minor: amountMinor, currency })
  const seen = `The customer sees ${amount} in 5 to 7 working days.`
  if (amountMinor === null || !needsApproval(preview, amountMinor)) {
    return ['We send it to Juspay at once. It cannot be cancelled after that.', seen]
  }
  const who = approvers.length
    ? `${orNames(approvers)} must approve.`
    : 'Nobody else can approve at the moment; it waits until someone can.'
  const why = whySecondPerson(preview)
  return [`${who} ${why}`, 'Then we send it to Juspay. It cannot be cancelled after that.', seen]
}

function whySecondPerson({ needsApprovalAlways, approvalAboveMinor, currency }: RefundPreview): string {
  if (needsApprovalAlways || approvalAboveMinor === null) return 'Refunds you ask for need a second person.'
  if (approvalAboveMinor === 0n) return 'Any further refund of this order needs a second person.'
  return `Refunds above ${formatMoney({ minor: approvalAboveMinor, currency })} need a second person.`
}

/** "Rohan", "Rohan or Priya", "Rohan, Priya or 3 others". */
function orNames([first = '', second, ...others]: readonly string[]): string {
  if (second === undefined) return first
  if (others.length === 0) return `${first} or ${second}`
  return `${first}, ${second} or ${others.length === 1 ? 'one other' : `${others.length} others`}`
}

/** Why "paid long ago" deserves a warning; null when it does not. */
export function ageWarning(preview: RefundPreview, now: Date): string | null {
  if (!preview.chargedAt) return null
  const days = Math.floor((now.getTime() - preview.chargedAt.getTime()) / DAY_MS)
  return days > OLD_PAYMENT_DAYS ? `Paid ${days} days ago. The gateway may refuse.` : null
}

export type RefundFormValues = { amount: MoneyDraft; reason: string; note: string; typed: MoneyDraft }

/** Why the form cannot be sent yet, in the order of its fields; null when it can. */
export function formProblem(
  preview: RefundPreview,
  { amount, reason, note, typed }: RefundFormValues,
  sameAmount: boolean,
): string | null {
  const most = { minor: preview.leftMinor, reason: 'That is what is left to refund.' }
  const problem = moneyProblem(amount, preview.currency, 'Amount', most)
  if (problem) return problem
  const chosen = preview.reasons.find(({ code }) => code === reason)
  if (!chosen) return 'Choose a reason.'
  if (chosen.noteRequired && note.trim().length < NOTE_MIN_LENGTH) {
    return `Note must be at least ${NOTE_MIN_LENGTH} characters when the reason is ${chosen.label}.`
  }
  if (sameAmount && typed.minor !== amount.minor) return 'Type the amount again to confirm a second refund.'
  return null
}
