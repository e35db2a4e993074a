import {
  compactMoney,
  exponentOf,
  formatMoney,
  toDecimal,
  type Money as MoneyValue,
} from '../../server/domain/money.ts'

const UNIT_NAMES: Readonly<Record<string, readonly [whole: string, part: string]>> = {
  INR: ['rupees', 'paise'],
  USD: ['dollars', 'cents'],
  EUR: ['euros', 'cents'],
}

/**
 * The amount as it is spoken: "12,999 rupees", "899 rupees 50 paise", "minus 5 dollars". Currencies without unit names
 * here are spoken by code.
 */
export function spokenMoney(money: MoneyValue): string {
  const size = 10n ** BigInt(exponentOf(money.currency))
  const absolute = money.minor < 0n ? -money.minor : money.minor
  const part = absolute % size
  const whole = formatMoney({ minor: absolute - part, currency: money.currency })
    .replace(/^[^\d]*/, '')
    .replace(/\.0*$/, '')
  const [wholeName, partName] = UNIT_NAMES[money.currency] ?? [money.currency, '']
  const tail = part === 0n ? '' : partName ? ` ${part} ${partName}` : ` and ${part} hundredths`
  return `${money.minor < 0n ? 'minus ' : ''}${whole} ${wholeName}${tail}`
}

export type MoneyProps = {
  /** The amount; `null` shows an en dash named "None". */
  value: MoneyValue | null
  /** Puts + before positive amounts (differences). */
  signed?: boolean
  /** Semibold, as in lists and headers. */
  strong?: boolean
}

/** An amount with Indian grouping for rupees, tabular digits and a spoken form for screen readers. Never rounded. */
export function Money({ value, signed = false, strong = false }: MoneyProps) {
  if (!value) return <NoValue />
  const text = `${signed && value.minor > 0n ? '+' : ''}${formatMoney(value)}`
  return (
    <span
      className="num"
      style={strong ? { fontWeight: 600, color: 'var(--text)' } : undefined}
      onCopy={(event) => {
        const plain = copiedAmount(window.getSelection()?.toString() ?? '', value)
        if (plain === null) return
        event.clipboardData.setData('text/plain', plain)
        event.preventDefault()
      }}
    >
      <span aria-hidden>{text}</span>
      <span className="visually-hidden">{spokenMoney(value)}</span>
    </span>
  )
}

/**
 * An amount that is selected and copied as plain digits (design §3.8): "12999.00" for "₹12,999.00". Null when what is
 * selected is a part of it, or more: then it is copied as it stands. The spoken form may be selected along with it.
 */
function copiedAmount(selected: string, value: MoneyValue): string | null {
  const shown = formatMoney(value)
  const rest = selected.replace(spokenMoney(value), '').replace('+', '').trim()
  if (rest === shown) return toDecimal(value)
  // A double click takes the number alone.
  const bare = shown.replace(/^[^\d]*/, '')
  return rest === bare ? toDecimal(value).replace('-', '') : null
}

/** An amount cut short for a tile ("₹38.24 L"); its title and its spoken form are the whole of it. */
export function CompactMoney({ value }: { value: MoneyValue }) {
  return (
    <span className="num" title={formatMoney(value)}>
      <span aria-hidden>{compactMoney(value)}</span>
      <span className="visually-hidden">{spokenMoney(value)}</span>
    </span>
  )
}

/** The one mark for "nothing here" in a table cell. Elsewhere leave the field out. */
export function NoValue() {
  return (
    <span style={{ color: 'var(--text-3)' }}>
      <span aria-hidden>–</span>
      <span className="visually-hidden">None</span>
    </span>
  )
}
