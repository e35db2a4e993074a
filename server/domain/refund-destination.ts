import { gatewayLabel } from './gateway.ts'
import { methodLabel, type PaidBy } from './payment-method.ts'

/** Where refunded money goes: always the way it came. */
export type PaidWith = PaidBy & { gateway: string | null; payerVpa: string | null }

/** For people: "Mastercard ··8210 through Cashfree". */
export function destinationText(paid: PaidWith): string {
  const method = methodLabel(paid) ?? 'Original payment method'
  return paid.gateway === null ? method : `${method} through ${gatewayLabel(paid.gateway)}`
}

/**
 * Where a refund goes: back over the attempt it names, else over the one that decides the order.
 * @returns null when the order has no such attempt
 */
export function destinationOf(
  order: PaidWith,
  attempts: readonly (PaidWith & { txnRef: string })[],
  txnRef: string | null,
): PaidWith | null {
  return txnRef === null ? order : (attempts.find((attempt) => attempt.txnRef === txnRef) ?? null)
}

/** The facts behind an approval: enough to tell one payment's way back from another's, none that senders mask at will. */
const AGREED = ['gateway', 'methodType', 'method', 'cardLast4'] as const

/** For the approval hash: the facts themselves, so that new wording does not invalidate open requests. */
export function destinationFacts(paid: PaidWith): string {
  return JSON.stringify(AGREED.map((field) => paid[field]))
}

/**
 * Every destination that, known in more detail, is this one. A later message may say what an earlier one left out or
 * masked (API reference §6.4), and learning more is not a change of what was agreed to; a different word is.
 */
export function knownBefore(paid: PaidWith): string[] {
  return AGREED.reduce<PaidWith[]>(
    (all, field) => (paid[field] === null ? all : [...all, ...all.map((one) => ({ ...one, [field]: null }))]),
    [paid],
  ).map(destinationFacts)
}
