/**
 * Money: integer minor units and a currency, everywhere. This is the one file that turns decimal text into minor
 * units and back; nothing in Paydesk holds an amount in a float (`(p/100)*100` is wrong for 6.5 % of paise values).
 */

/** An amount in the smallest unit of its currency: `{ minor: 129900n, currency: 'INR' }` is ₹1,299.00. */
export type Money = { minor: bigint; currency: string }

/**
 * What an order costs; null while nobody has told an amount that can be read. Juspay makes no order of nothing (API
 * reference §2.3), so nought is never an amount of one.
 */
export function orderMoney(order: { amountMinor: bigint; currency: string }): Money | null {
  return order.amountMinor === 0n ? null : { minor: order.amountMinor, currency: order.currency }
}

/** ISO 4217 exponents that are not 2. Currencies absent here have two decimals. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
}

const SYMBOLS: Readonly<Record<string, string>> = { INR: '₹', USD: '$', EUR: '€', GBP: '£', JPY: '¥' }

/** The largest amount accepted anywhere: ten thousand crore rupees in paise, far below the bigint column's limit. */
export const AMOUNT_MINOR_MAX = 10_000_000_000_000n

/** Currencies with other decimals than `currency`, of those that have not two. */
export function otherDecimals(currency: string): string[] {
  const exponent = exponentOf(currency)
  return Object.keys(EXPONENTS).filter((code) => EXPONENTS[code] !== exponent)
}

/** Decimal places of `currency` (ISO 4217 exponent). */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2
}

const DECIMAL = /^(-?)(\d{1,18})(?:\.(\d{0,18}))?$/
const SCIENTIFIC = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/

/**
 * Parses the decimal text of an amount in major units ("10", "10.8", "665.34", "1e3") into minor units.
 * @returns `null` when the text is not a decimal number or has more decimals than the currency carries
 *   (trailing zeros are fine): an amount is never rounded.
 */
export function parseDecimal(text: string, currency: string): bigint | null {
  const plain = expandExponent(text.trim())
  const match = plain === null ? null : DECIMAL.exec(plain)
  if (!match) return null
  const [, sign = '', whole = '0', fraction = ''] = match
  const exponent = exponentOf(currency)
  const significant = fraction.replace(/0+$/, '')
  if (significant.length > exponent) return null
  const minor = BigInt(whole + significant.padEnd(exponent, '0'))
  return sign === '-' ? -minor : minor
}

/** Rewrites scientific notation, which JSON allows, as plain digits; `null` when that would be absurdly long. */
function expandExponent(text: string): string | null {
  const match = SCIENTIFIC.exec(text)
  if (!match) return text
  const [, sign = '', whole = '0', fraction = '', power = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(power)
  if (point > 18 || point < -18) return null
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = point <= 0 ? 1 : point
  const tail = padded.slice(at)
  return `${sign}${padded.slice(0, at)}${tail ? `.${tail}` : ''}`
}

/** The amount as decimal text in major units with all its decimals: `129900n` INR is "1299.00". */
export function toDecimal({ minor, currency }: Money): string {
  const exponent = exponentOf(currency)
  const negative = minor < 0n
  const digits = (negative ? -minor : minor).toString().padStart(exponent + 1, '0')
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
  return negative ? `-${text}` : text
}

/** Groups the digits of a whole number the Indian way: 12,34,567. Other currencies group by thousands. */
function group(whole: string, currency: string): string {
  if (currency !== 'INR') return whole.replace(/\B(?=(\d{3})+$)/g, ',')
  if (whole.length <= 3) return whole
  const head = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',')
  return `${head},${whole.slice(-3)}`
}

/** The amount for people: "₹12,34,567.00", "−$5.00", "BHD 1.250". */
export function formatMoney(money: Money): string {
  const text = toDecimal({ minor: money.minor < 0n ? -money.minor : money.minor, currency: money.currency })
  const [whole = '0', fraction] = text.split('.')
  const symbol = SYMBOLS[money.currency] ?? `${money.currency} `
  const grouped = group(whole, money.currency)
  return `${money.minor < 0n ? '−' : ''}${symbol}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

const COMPACT_UNITS: readonly (readonly [name: string, size: bigint])[] = [
  ['Cr', 10_000_000n],
  ['L', 100_000n],
]

/**
 * The amount where there is no room for all of it: "₹12.34 L", "₹1,234 Cr"; below a lakh, and in other currencies, whole.
 * Only in tiles and on axes, with the full amount beside it (design: interaction rules, "Money"). Truncated, never rounded up.
 */
export function compactMoney(money: Money): string {
  const absolute = money.minor < 0n ? -money.minor : money.minor
  const rupees = absolute / 100n
  const unit = money.currency === 'INR' ? COMPACT_UNITS.find(([, size]) => rupees >= size) : undefined
  if (unit === undefined) return formatMoney(money)
  const [name, size] = unit
  const whole = rupees / size
  const hundredths = ((rupees % size) * 100n) / size
  const fraction = whole >= 100n ? '' : `.${hundredths.toString().padStart(2, '0')}`
  return `${money.minor < 0n ? '−' : ''}₹${group(whole.toString(), 'INR')}${fraction} ${name}`
}

export type ParsedAmount = { ok: true; minor: bigint } | { ok: false; message: string }

/**
 * Parses an amount as a person types or pastes it: "1250", "1,250.50", "₹ 12,34,567". Grouping commas are ignored.
 * @returns the minor units, or a sentence that says what to do.
 */
export function parseTyped(text: string, currency: string): ParsedAmount {
  const symbol = SYMBOLS[currency]
  let bare = text.trim()
  if (symbol && bare.startsWith(symbol)) bare = bare.slice(symbol.length)
  bare = bare.replace(/[\s,]/g, '')
  if (bare === '') return { ok: false, message: 'Enter an amount.' }
  if (!/^\d*\.?\d*$/.test(bare) || bare === '.')
    return { ok: false, message: 'Use digits only, such as 1250.50.' }
  const normal = bare.startsWith('.') ? `0${bare}` : bare
  const minor = parseDecimal(normal, currency)
  if (minor === null) {
    const places = exponentOf(currency)
    return {
      ok: false,
      message: places === 0 ? `${currency} has no decimals.` : `Use at most ${places} decimals.`,
    }
  }
  if (minor > AMOUNT_MINOR_MAX) return { ok: false, message: 'That is more than any order.' }
  return { ok: true, minor }
}
