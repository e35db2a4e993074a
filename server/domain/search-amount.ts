/** Amounts in the search language: "5000", "₹12,34,567.89", "1.5L", "2cr". */
import { AMOUNT_MINOR_MAX, exponentOf, parseDecimal, toDecimal } from './money.ts'
import type { RangeProblem } from './search-range.ts'

/** Powers of ten behind the Indian unit words. */
const UNITS: Readonly<Record<string, number>> = { '': 0, k: 3, l: 5, lakh: 5, lac: 5, cr: 7, crore: 7 }
const AMOUNT = /^(?:₹|INR|Rs\.?)?(\d[\d,]*)(?:\.(\d+))?(k|lakh|lac|l|crore|cr)?$/i

/** Parses one amount in major units; grouping commas, the rupee sign and k, L, cr are understood. Never rounds. */
export function parseSearchAmount(
  field: string,
  text: string,
  currency: string,
): { ok: true; value: bigint } | RangeProblem {
  const match = AMOUNT.exec(text)
  if (!match) return { ok: false, at: text, message: `${field} takes a number, for example 5000 or 1.5L` }
  const [, whole = '', fraction = '', unit = ''] = match
  const power = UNITS[unit.toLowerCase()] ?? 0
  const digits = whole.replaceAll(',', '')
  const shifted = `${digits}${fraction.slice(0, power).padEnd(power, '0')}`
  const minor = parseDecimal(`${shifted}.${fraction.slice(power)}`, currency)
  if (minor !== null && minor <= AMOUNT_MINOR_MAX) return { ok: true, value: minor }
  const places = exponentOf(currency)
  const exact = places === 0 ? `${currency} has no decimals` : `${currency} has ${places} decimals`
  const large = minor !== null || shifted.replace(/^0+/, '').length > AMOUNT_DIGITS_MAX
  return { ok: false, at: text, message: large ? 'That is more than any order' : exact }
}

const AMOUNT_DIGITS_MAX = 18

/** An amount as the language writes it: plain digits, decimals only where there are any. */
export function printSearchAmount(minor: bigint, currency: string): string {
  return toDecimal({ minor, currency }).replace(/\.0+$/, '')
}
