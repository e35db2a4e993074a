/** What the refund dialog says, worked out from the server's preview. */
import { formatMoney } from '../../../server/domain/money.ts'
import { NEAR_LINE_PER_DAY } from '../../../server/domain/approval-policy.ts'
import { noteProblem } from '../../../server/domain/refund-reason.ts'
import { moneyProblem, type MoneyDraft } from '../../ui/money-draft.ts'
import type { RefundPreview } from './refund-dialog-flow.ts'

const DAY_MS = 86_400_000
/** Gateways commonly stop refunding about half a year after the payment. */
const OLD_PAYMENT_DAYS = 180

/** Whether a second person must decide. The server decides again; this only names the button. */
export function needsApproval(preview: RefundPreview, amountMinor: bigint, reason: string): boolean {
  const line = lineOf(preview, reason)
  return line === null || amountMinor > line || nearLineWarning(preview, amountMinor) !== null
}

/** Above what a second person decides when this is the reason; null for any amount. */
function lineOf(preview: RefundPreview, reason: string): bigint | null {
  if (preview.needsApprovalAlways) return null
  const chosen = preview.reasons.find(({ code }) => code === reason)
  return chosen ? chosen.approvalAboveMinor : preview.approvalAboveMinor
}

/** That an amount looks chosen to stay under the line, which sends it to an approver all the same; null when it does not. */
export function nearLineWarning(preview: RefundPreview, amountMinor: bigint | null): string | null {
  const { overMinor, upToMinor, today } = preview.nearLine
  if (amountMinor === null || today < NEAR_LINE_PER_DAY) return null
  if (amountMinor <= overMinor || amountMinor > upToMinor) return null
  const show = (minor: bigint): string => formatMoney({ minor, currency: preview.currency })
  const before = `${today} such refunds before it today`
  return `${show(amountMinor)} is just under the ${show(upToMinor)} approval line, with ${before}. An approver decides.`
}

/** "₹48,500.00 left of today's limit"; null when no limit holds. */
export function limitWords({ limit, currency }: RefundPreview): string | null {
  if (limit === null) return null
  const whose = limit.scope === 'person' ? "today's limit" : "the account's limit for today"
  return `${formatMoney({ minor: limit.leftMinor, currency })} left of ${whose}`
}

/** The attempt that the form gives back: the chosen one, else the usual one; null where there is no choice. */
export function chosenAttempt({ choice }: RefundPreview, txnRef: string | null) {
  // Servers of the version before do not say.
  if (!choice) return null
  const named = (ref: string | null) => choice.attempts.find((attempt) => attempt.txnRef === ref)
  return named(txnRef) ?? named(choice.usual) ?? null
}

/** The preview as it holds for one of several charges: what is left, where it goes and what would hold it back. */
export function previewOf(preview: RefundPreview, txnRef: string | null): RefundPreview {
  const attempt = chosenAttempt(preview, txnRef)
  if (attempt === null) return preview
  const { leftMinor, destination, stop } = attempt
  return { ...preview, leftMinor, destination, stop }
}

/** "Attempt 2, ₹500.00 left, UPI through Razorpay": one line of the choice. */
export function attemptLabel(
  { number, leftMinor, destination }: NonNullable<ReturnType<typeof chosenAttempt>>,
  currency: string,
): string {
  const left = leftMinor > 0n ? `${formatMoney({ minor: leftMinor, currency })} left` : 'nothing left'
  return `Attempt ${number}, ${left}, ${destination}`
}

/** The most that can be asked for, and why no more. */
export function mostOf({ leftMinor, limit }: RefundPreview): { minor: bigint; reason: string } {
  if (limit !== null && limit.leftMinor < leftMinor)
    return { minor: limit.leftMinor, reason: "That is what is left of today's limit." }
  return { minor: leftMinor, reason: 'That is what is left to refund.' }
}

/** "Refund ₹2,500.00 to S. Iyer?"; without an amount while none can be read. */
export function refundTitle(preview: RefundPreview, amountMinor: bigint | null): string {
  const who = preview.customerName ? ` to ${preview.customerName}` : ''
  if (amountMinor === null) return `Refund${who || ` order ${preview.orderRef}`}?`
  return `Refund ${formatMoney({ minor: amountMinor, currency: preview.currency })}${who}?`
}

/** The confirming button: verb and amount. */
export function refundVerb(preview: RefundPreview, amountMinor: bigint | null, reason: string): string {
  if (amountMinor === null) return 'Refund'
  const amount = formatMoney({ minor: amountMinor, currency: preview.currency })
  return needsApproval(preview, amountMinor, reason) ? `Send for approval, ${amount}` : `Refund ${amount}`
}

/** "What happens next", at most three lines. */
export function nextSteps(preview: RefundPreview, amountMinor: bigint | null, reason: string): string[] {
  const { approvers, currency } = preview
  const amount = amountMinor === null ? 'the money' : formatMoney({ minor: amountMinor, currency })
  const seen = `The customer sees ${amount} in 5 to 7 working days.`
  const sending = preview.stop
    ? `It waits: ${lowerFirst(preview.stop.title)}. We send it to Juspay when that ends.`
    : null
  if (amountMinor === null || !needsApproval(preview, amountMinor, reason)) {
    return [sending ?? 'We send it to Juspay at once. It cannot be cancelled after that.', seen]
  }
  const who = approvers.length
    ? `${orNames(approvers)} must approve.`
    : 'Nobody else can approve at the moment; it waits until someone can.'
  const why = whySecondPerson(preview, reason)
  return [`${who} ${why}`, sending ?? 'Then we send it to Juspay. It cannot be cancelled after that.', seen]
}

function whySecondPerson(preview: RefundPreview, reason: string): string {
  const { needsApprovalAlways, approvalAboveMinor, currency } = preview
  if (needsApprovalAlways) return 'Refunds you ask for need a second person.'
  const line = lineOf(preview, reason)
  if (line === null) return 'Refunds for this reason need a second person.'
  if (line === 0n) return 'Any further refund of this order needs a second person.'
  const which = line === approvalAboveMinor ? '' : ' for this reason'
  return `Refunds${which} above ${formatMoney({ minor: line, currency })} need a second person.`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
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
  const problem = moneyProblem(amount, preview.currency, 'Amount', mostOf(preview))
  if (problem) return problem
  const chosen = preview.reasons.find(({ code }) => code === reason)
  if (!chosen) return 'Choose a reason.'
  const missing = noteProblem(chosen, note)
  if (missing) return missing
  if (sameAmount && typed.minor !== amount.minor) return 'Type the amount again to confirm a second refund.'
  return null
}
