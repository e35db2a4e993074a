import css from './settings.module.css'

type CheckboxGroupProps<Value extends string> = {
  label: string
  options: readonly { value: Value; label: string }[]
  chosen: readonly Value[]
  onChange: (chosen: readonly Value[]) => void
}

/** Any of a few, as check boxes under one name. */
export function CheckboxGroup<Value extends string>(props: CheckboxGroupProps<Value>) {
  const { label, options, chosen, onChange } = props
  return (
    <fieldset className={css['group']}>
      <legend className={css['legend']}>{label}</legend>
      <div className={css['options']}>
        {options.map((option) => {
          const checked = chosen.includes(option.value)
          return (
            <label key={option.value} className={css['option']}>
              <input
                type="checkbox"
                checked={checked}
                onChange={() =>
                  onChange(
                    checked ? chosen.filter((value) => value !== option.value) : [...chosen, option.value],
                  )
                }
              />
              {option.label}
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
