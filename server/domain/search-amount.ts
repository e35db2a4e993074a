/** Amounts in the search language: "5000", "₹12,34,567.89", "1.5L", "2cr", and what a clause on them means. */
import { exponentOf, parseDecimal, toDecimal } from './money.ts'

/** One end of an amount filter; `inclusive` is `>=` and `<=`. */
export type AmountBound = { minor: bigint; inclusive: boolean }

export type AmountFilter = { lower: AmountBound | null; upper: AmountBound | null }

export type AmountProblem = { ok: false; at: string; message: string }

/** Powers of ten behind the Indian unit words. */
const UNITS: Readonly<Record<string, number>> = { '': 0, k: 3, l: 5, lakh: 5, cr: 7, crore: 7 }
const AMOUNT = /^(?:₹|INR|Rs\.?)?(\d[\d,]*)(?:\.(\d+))?(k|lakh|l|crore|cr)?$/i

/** Parses one amount in major units; grouping commas, the rupee sign and k, L, cr are understood. Never rounds. */
export function parseSearchAmount(
  text: string,
  currency: string,
): { ok: true; minor: bigint } | AmountProblem {
  const match = AMOUNT.exec(text)
  if (!match) return { ok: false, at: text, message: 'amount takes a number, for example 5000 or 1.5L' }
  const [, whole = '', fraction = '', unit = ''] = match
  const power = UNITS[unit.toLowerCase()] ?? 0
  const digits = whole.replaceAll(',', '')
  const shifted = `${digits}${fraction.slice(0, power).padEnd(power, '0')}`
  const minor = parseDecimal(`${shifted}.${fraction.slice(power)}`, currency)
  if (minor !== null) return { ok: true, minor }
  const places = exponentOf(currency)
  const message = places === 0 ? `${currency} has no decimals` : `${currency} has ${places} decimals`
  return { ok: false, at: text, message }
}

const OPERATOR = /^(>=|<=|>|<|=)/

/** Parses what stands after `amount:`: an operator and a value, a range `1L..2L`, or a plain value (equal to it). */
export function parseAmountClause(
  value: string,
  currency: string,
): { ok: true; filter: AmountFilter } | AmountProblem {
  const range = value.split('..')
  if (range.length === 2) return parseRange(range[0] ?? '', range[1] ?? '', currency, value)
  const operator = OPERATOR.exec(value)?.[0] ?? '='
  const parsed = parseSearchAmount(value.replace(OPERATOR, ''), currency)
  if (!parsed.ok) return parsed
  const bound = { minor: parsed.minor, inclusive: operator !== '>' && operator !== '<' }
  return {
    ok: true,
    filter: {
      lower: operator.startsWith('<') ? null : bound,
      upper: operator.startsWith('>') ? null : bound,
    },
  }
}

function parseRange(
  from: string,
  to: string,
  currency: string,
  whole: string,
): { ok: true; filter: AmountFilter } | AmountProblem {
  if (from === '' && to === '')
    return { ok: false, at: whole, message: 'Give the range a lower or an upper end' }
  const ends: (AmountBound | null)[] = []
  for (const text of [from, to]) {
    if (text === '') {
      ends.push(null)
      continue
    }
    const parsed = parseSearchAmount(text, currency)
    if (!parsed.ok) return parsed
    ends.push({ minor: parsed.minor, inclusive: true })
  }
  return { ok: true, filter: { lower: ends[0] ?? null, upper: ends[1] ?? null } }
}

/** Adds a second clause to a first one: together they must form one range. */
export function joinAmounts(
  first: AmountFilter | null,
  second: AmountFilter,
  at: string,
): { ok: true; filter: AmountFilter } | AmountProblem {
  if (first?.lower && second.lower) return { ok: false, at, message: 'Two lower limits on amount. Keep one.' }
  if (first?.upper && second.upper) return { ok: false, at, message: 'Two upper limits on amount. Keep one.' }
  const filter = {
    lower: first?.lower ?? second.lower,
    upper: first?.upper ?? second.upper,
  }
  const { min, max } = amountRange(filter)
  if (min !== null && max !== null && min > max) {
    return { ok: false, at, message: 'No amount is both above the lower and below the upper limit' }
  }
  return { ok: true, filter }
}

/** The smallest and the largest amount that match, in minor units and both included; null where there is no limit. */
export function amountRange(filter: AmountFilter | null): { min: bigint | null; max: bigint | null } {
  const { lower = null, upper = null } = filter ?? {}
  const min = lower === null ? null : lower.inclusive ? lower.minor : lower.minor + 1n
  const max = upper === null ? null : upper.inclusive ? upper.minor : upper.minor - 1n
  // The server takes amounts from zero up; "less than nothing" stays an empty range above.
  return { min, max: max !== null && max < 0n ? 0n : max }
}

/** The filter as clauses in canonical form, lower limit first: `amount:>1000 amount:<5000`, `amount:150000..200000`. */
export function printAmount(filter: AmountFilter, currency: string): string[] {
  const { lower, upper } = filter
  if (lower?.inclusive && upper?.inclusive) {
    const [from, to] = [plain(lower.minor, currency), plain(upper.minor, currency)]
    return [from === to ? `amount:=${from}` : `amount:${from}..${to}`]
  }
  return [
    ...(lower ? [`amount:${lower.inclusive ? '>=' : '>'}${plain(lower.minor, currency)}`] : []),
    ...(upper ? [`amount:${upper.inclusive ? '<=' : '<'}${plain(upper.minor, currency)}`] : []),
  ]
}

function plain(minor: bigint, currency: string): string {
  return toDecimal({ minor, currency }).replace(/\.0+$/, '')
}
