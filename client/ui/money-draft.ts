import { formatMoney, parseTyped, type Money } from '../../server/domain/money.ts'

/** What the field holds: the text as typed, and the amount it means, if it means one. */
export type MoneyDraft = { text: string; minor: bigint | null }

/** A draft for a known amount, in plain digits: `249900n` INR gives "2,499.00". */
export function moneyDraft(money: Money): MoneyDraft {
  return { text: formatMoney(money).replace(/^[^\d−-]*/, ''), minor: money.minor }
}

/** Why `draft` cannot be used, in words for the field, or null. `label` is repeated in the sentence. */
export function moneyProblem(
  draft: MoneyDraft,
  currency: string,
  label: string,
  max?: { minor: bigint; reason: string },
): string | null {
  const parsed = parseTyped(draft.text, currency)
  if (!parsed.ok) return `${label}: ${parsed.message}`
  if (parsed.minor <= 0n) return `${label} must be more than zero.`
  if (max && parsed.minor > max.minor)
    return `${label} must be ${formatMoney({ minor: max.minor, currency })} or less. ${max.reason}`
  return null
}
