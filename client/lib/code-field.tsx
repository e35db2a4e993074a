import { TextField } from '../ui/fields.tsx'

const DIGITS = 6

type CodeFieldProps = {
  value: string
  onChange: (value: string) => void
  /** Called with the sixth digit. */
  onComplete: (code: string) => void
  label?: string
}

/** A code of the authenticator app: one field, so that it can be pasted and filled in by the browser. */
export function CodeField({ value, onChange, onComplete, label = 'Code' }: CodeFieldProps) {
  return (
    <TextField
      label={label}
      hint="From your authenticator app."
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      mono
      autoFocus
      value={value}
      onChange={(typed) => {
        const digits = typed.replaceAll(/\D/g, '').slice(0, DIGITS)
        onChange(digits)
        if (digits.length === DIGITS && value.length < DIGITS) onComplete(digits)
      }}
    />
  )
}

/** The longest recovery code that is taken, with whatever people type between its parts. */
const RECOVERY_CHARS_MAX = 40

/** A recovery code, for somebody who has not got the app at hand. */
export function RecoveryCodeField({ value, onChange }: Pick<CodeFieldProps, 'value' | 'onChange'>) {
  return (
    <TextField
      key="recovery"
      label="Recovery code"
      hint="Each one is good once."
      mono
      autoFocus
      maxLength={RECOVERY_CHARS_MAX}
      value={value}
      onChange={onChange}
    />
  )
}
