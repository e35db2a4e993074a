import { useId, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import css from './fields.module.css'

type Common = {
  label: string
  /** Below the field; stays when there is an error. */
  hint?: ReactNode
  /** Says what to do and repeats the label: "Amount must be ₹7,499.00 or less." */
  error?: string | null | undefined
  required?: boolean
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean
}

/** Label, control, hint and error, tied together for screen readers. */
function Field(props: Common & { id: string; children: ReactNode }) {
  return (
    <div className={css['field']}>
      <label htmlFor={props.id} className={props.hideLabel ? 'visually-hidden' : css['label']}>
        {props.label}
        {props.required === false ? <span className={css['optional']}> (optional)</span> : null}
      </label>
      {props.children}
      {props.error ? (
        <p id={`${props.id}-error`} className={css['error']}>
          {props.error}
        </p>
      ) : null}
      {props.hint ? (
        <p id={`${props.id}-hint`} className={css['hint']}>
          {props.hint}
        </p>
      ) : null}
    </div>
  )
}

function described(id: string, { error, hint }: Common): string | undefined {
  return [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ') || undefined
}

export type TextFieldProps = Common & {
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  type?: 'text' | 'email' | 'password' | 'search' | 'number' | 'date' | 'datetime-local'
  inputMode?: 'text' | 'decimal' | 'numeric' | 'email'
  autoComplete?: string
  autoFocus?: boolean
  placeholder?: string
  prefix?: string
  maxLength?: number
  mono?: boolean
  name?: string
  readOnly?: boolean
  /** Values to choose from beside typing another; the browser's own list. */
  offers?: readonly string[] | undefined
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
  inputRef?: Ref<HTMLInputElement>
}

/** One line of text. */
export function TextField({ inputRef, ...props }: TextFieldProps) {
  const id = useId()
  return (
    <Field {...props} id={id}>
      <span className={css['control']} data-invalid={props.error ? true : undefined}>
        {props.prefix ? <span className={css['prefix']}>{props.prefix}</span> : null}
        <input
          id={id}
          ref={inputRef}
          name={props.name}
          type={props.type ?? 'text'}
          inputMode={props.inputMode}
          autoComplete={props.autoComplete ?? 'off'}
          // Dialogs say which field takes the first focus; nothing else sets it.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={props.autoFocus}
          data-autofocus={props.autoFocus || undefined}
          placeholder={props.placeholder}
          maxLength={props.maxLength}
          readOnly={props.readOnly}
          required={props.required}
          className={props.mono ? 'mono' : undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={described(id, props)}
          value={props.value}
          list={props.offers && `${id}-offers`}
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={props.onKeyDown}
          onBlur={props.onBlur}
        />
        {props.offers ? (
          <datalist id={`${id}-offers`}>
            {props.offers.map((offer) => (
              <option key={offer} value={offer} />
            ))}
          </datalist>
        ) : null}
      </span>
    </Field>
  )
}

export type TextAreaFieldProps = Common & {
  value: string
  onChange: (value: string) => void
  placeholder?: string
  rows?: number
  maxLength?: number
  mono?: boolean
  inputRef?: Ref<HTMLTextAreaElement>
}

/** Several lines of text. */
export function TextAreaField({ inputRef, ...props }: TextAreaFieldProps) {
  const id = useId()
  return (
    <Field {...props} id={id}>
      <span className={css['control']} data-invalid={props.error ? true : undefined}>
        <textarea
          id={id}
          ref={inputRef}
          rows={props.rows ?? 2}
          placeholder={props.placeholder}
          maxLength={props.maxLength}
          className={props.mono ? 'mono' : undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={described(id, props)}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      </span>
    </Field>
  )
}

export type SelectFieldProps<Value extends string> = Common & {
  value: Value
  onChange: (value: Value) => void
  options: readonly { value: Value; label: string }[]
  selectRef?: Ref<HTMLSelectElement>
}

/** One of a few; the browser's own select, which works with every reader and on phones. */
export function SelectField<Value extends string>({ selectRef, ...props }: SelectFieldProps<Value>) {
  const id = useId()
  return (
    <Field {...props} id={id}>
      <span className={css['control']} data-invalid={props.error ? true : undefined}>
        <select
          id={id}
          ref={selectRef}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={described(id, props)}
          value={props.value}
          onChange={(event) => {
            const chosen = props.options.find((option) => option.value === event.target.value)
            if (chosen) props.onChange(chosen.value)
          }}
        >
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </span>
    </Field>
  )
}

/** Two columns of fields on wide screens. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className={css['row']}>{children}</div>
}
