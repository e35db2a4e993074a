import { useState, type ReactNode, type Ref } from 'react'
import { formatMoney, parseTyped, toDecimal, type Money } from '../../server/domain/money.ts'
import { TextField } from './fields.tsx'

const SYMBOLS: Readonly<Record<string, string>> = { INR: '₹', USD: '$', EUR: '€', GBP: '£', JPY: '¥' }

/** What the field holds: the text as typed, and the amount it means, if it means one. */
export type MoneyDraft = { text: string; minor: bigint | null }

/** A draft for a known amount, in plain digits: `249900n` INR gives "2,499.00". */
export function moneyDraft(money: Money): MoneyDraft {
  return { text: formatMoney(money).replace(/^[^\d−-]*/, ''), minor: money.minor }
}

export type MoneyInputProps = {
  label: string
  currency: string
  draft: MoneyDraft
  onChange: (draft: MoneyDraft) => void
  /** Most that may be entered; more is an error that names it. */
  max?: { minor: bigint; reason: string }
  hint?: ReactNode
  /** Error from elsewhere (the server's refusal). */
  error?: string | null
  autoFocus?: boolean
  inputRef?: Ref<HTMLInputElement>
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

/**
 * An amount as text, turned into minor units without floats. Accepts "1250", "1,2,500" and a pasted "₹12,999"; errors
 * appear on leaving the field, never while typing, and the text is kept as typed.
 */
export function MoneyInput({ inputRef, ...props }: MoneyInputProps) {
  const { label, currency, draft, onChange, max } = props
  const [left, setLeft] = useState(false)
  const problem = left && draft.text !== '' ? moneyProblem(draft, currency, label, max) : null
  return (
    <TextField
      label={label}
      inputMode="decimal"
      prefix={SYMBOLS[currency] ?? currency}
      value={draft.text}
      hint={props.hint}
      error={problem ?? props.error}
      {...(props.autoFocus && { autoFocus: true })}
      {...(inputRef && { inputRef })}
      onChange={(text) => {
        setLeft(false)
        const parsed = parseTyped(text, currency)
        onChange({ text, minor: parsed.ok ? parsed.minor : null })
      }}
      onBlur={() => {
        setLeft(true)
        if (draft.minor !== null && moneyProblem(draft, currency, label) === null)
          onChange(moneyDraft({ minor: draft.minor, currency }))
      }}
    />
  )
}

/** Plain digits for copying: "12999.00". */
export function plainAmount(money: Money): string {
  return toDecimal(money)
}
