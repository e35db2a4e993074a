import { useState, type ReactNode, type Ref } from 'react'
import { parseTyped } from '../../server/domain/money.ts'
import { moneyDraft, moneyProblem, type MoneyDraft } from './money-draft.ts'
import { TextField } from './fields.tsx'

const SYMBOLS: Readonly<Record<string, string>> = { INR: '₹', USD: '$', EUR: '€', GBP: '£', JPY: '¥' }

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
