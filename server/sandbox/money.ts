/** Minor digits of the currencies the sandbox accepts; everything else counts as two. */
const MINOR_DIGITS: Record<string, number> = { JPY: 0, KRW: 0, VND: 0, IDR: 2, BHD: 3, KWD: 3, OMR: 3 }

/** Thirteen whole digits keep every amount exactly representable when it is printed as a JSON number. */
const DECIMAL_TEXT = /^\d{1,12}(?:\.(\d+))?$/

function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2
}

/**
 * Decimal text in major units ("10.80") to integer minor units, without floating point.
 * @returns null when the text is no positive-or-zero decimal or has more fraction digits than the currency
 */
export function parseDecimal(text: string, currency: string): bigint | null {
  const match = DECIMAL_TEXT.exec(text.trim())
  if (!match) return null
  const digits = minorDigits(currency)
  const fraction = match[1] ?? ''
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits))) return null
  const whole = text.trim().split('.')[0] ?? '0'
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
}

/** Minor units as minimal decimal text: 1000 -> "10", 1080 -> "10.8" (reference 3.5, "num"). */
export function minimalDecimal(minor: bigint, currency: string): string {
  const digits = minorDigits(currency)
  const sign = minor < 0n ? '-' : ''
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const fraction = digits === 0 ? '' : text.slice(text.length - digits).replace(/0+$/, '')
  return sign + whole + (fraction === '' ? '' : `.${fraction}`)
}

/** The JSON number that prints exactly as `minimalDecimal` does (at most 15 significant digits, so nothing is lost). */
export function jsonAmount(minor: bigint, currency: string): number {
  return Number(minimalDecimal(minor, currency))
}

/** The session's re-serialised amount: at least one fraction digit, "10.00" -> "10.0" (reference 2.2). */
export function oneDecimal(minor: bigint, currency: string): string {
  const text = minimalDecimal(minor, currency)
  return text.includes('.') ? text : `${text}.0`
}

/** For people: "₹1,49,999.50" in Indian grouping; other currencies carry their code. */
export function displayAmount(minor: bigint, currency: string): string {
  const digits = minorDigits(currency)
  const [whole = '0', fraction = ''] = minimalDecimal(minor, currency).split('.')
  const grouped =
    currency === 'INR'
      ? whole.replace(/(\d)(?=(\d\d)+\d$)/g, '$1,')
      : whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const number = digits === 0 ? grouped : `${grouped}.${fraction.padEnd(digits, '0')}`
  return currency === 'INR' ? `₹${number}` : `${currency} ${number}`
}
