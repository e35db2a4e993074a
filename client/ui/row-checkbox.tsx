import css from './data-grid.module.css'

type RowCheckboxProps = {
  label: string
  checked: boolean
  mixed?: boolean
  /** `range`: pressed with Shift. */
  onToggle: (how: { range: boolean }) => void
}

/** The box of a grid row; reached through its cell, so it is not a tab stop of its own. */
export function RowCheckbox({ label, checked, mixed = false, onToggle }: RowCheckboxProps) {
  return (
    <input
      type="checkbox"
      className={css['checkbox']}
      tabIndex={-1}
      aria-label={label}
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = mixed
      }}
      onChange={({ nativeEvent }) =>
        onToggle({ range: nativeEvent instanceof MouseEvent && nativeEvent.shiftKey })
      }
    />
  )
}
