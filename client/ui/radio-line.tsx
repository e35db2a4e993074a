import { useId } from 'react'
import css from './radio-line.module.css'

/** A few choices on one line, as real radio buttons. */
export function RadioLine<Value extends string>(props: {
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onChange: (value: Value) => void
}) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={props.label} className={css['line']}>
      {props.options.map(({ value, label }) => (
        <label key={value} className={css['choice']}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          {label}
        </label>
      ))}
    </div>
  )
}
