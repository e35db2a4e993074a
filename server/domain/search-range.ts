/** Clauses with limits: `amount:>5000`, `amount:1L..2.5L`, `attempts:>1`. What a value is, is the field's matter. */

/** One end of a range; `inclusive` is `>=` and `<=`. Money is in minor units. */
export type RangeEnd = { value: bigint; inclusive: boolean }

export type RangeFilter = { lower: RangeEnd | null; upper: RangeEnd | null }

export type RangeProblem = { ok: false; at: string; message: string }
type RangeRead = { ok: true; filter: RangeFilter } | RangeProblem
type ValueRead = { ok: true; value: bigint } | RangeProblem

const OPERATOR = /^(>=|<=|>|<|=)/

/** Parses what stands after `field:`: an operator and a value, a range `1L..2L`, or a plain value (equal to it). */
export function parseRange(field: string, text: string, read: (value: string) => ValueRead): RangeRead {
  const ends = text.split('..')
  if (ends.length === 2) return parseEnds(field, ends[0] ?? '', ends[1] ?? '', read)
  const operator = OPERATOR.exec(text)?.[0] ?? '='
  const parsed = read(text.replace(OPERATOR, ''))
  if (!parsed.ok) return parsed
  const end = { value: parsed.value, inclusive: operator !== '>' && operator !== '<' }
  return {
    ok: true,
    filter: {
      lower: operator.startsWith('<') ? null : end,
      upper: operator.startsWith('>') ? null : end,
    },
  }
}

function parseEnds(field: string, from: string, to: string, read: (value: string) => ValueRead): RangeRead {
  const whole = `${from}..${to}`
  if (from === '' && to === '')
    return { ok: false, at: whole, message: 'Give the range a lower or an upper end' }
  const ends: (RangeEnd | null)[] = []
  for (const text of [from, to]) {
    const parsed = text === '' ? null : read(text)
    if (parsed?.ok === false) return parsed
    ends.push(parsed && { value: parsed.value, inclusive: true })
  }
  return joinRanges(field, null, { lower: ends[0] ?? null, upper: ends[1] ?? null }, whole)
}

/** Adds a second clause to a first one: together they must form one range. */
export function joinRanges(
  field: string,
  first: RangeFilter | null,
  second: RangeFilter,
  at: string,
): RangeRead {
  if (first?.lower && second.lower)
    return { ok: false, at, message: `Two lower limits on ${field}. Keep one.` }
  if (first?.upper && second.upper)
    return { ok: false, at, message: `Two upper limits on ${field}. Keep one.` }
  const filter = { lower: first?.lower ?? second.lower, upper: first?.upper ?? second.upper }
  const { min, max } = rangeEnds(filter)
  if (min === null || max === null || min <= max) return { ok: true, filter }
  return { ok: false, at, message: `No ${field} is both above the lower and below the upper limit` }
}

/** The smallest and the largest value that match, both included; null where there is no limit. */
export function rangeEnds(filter: RangeFilter): { min: bigint | null; max: bigint | null } {
  const { lower, upper } = filter
  return {
    min: lower === null ? null : lower.inclusive ? lower.value : lower.value + 1n,
    max: upper === null ? null : upper.inclusive ? upper.value : upper.value - 1n,
  }
}

/** The filter as clauses in canonical form, lower limit first: `amount:>1000 amount:<5000`, `amount:150000..200000`. */
export function printRange(field: string, filter: RangeFilter, print: (value: bigint) => string): string[] {
  const { lower, upper } = filter
  if (lower?.inclusive && upper?.inclusive) {
    const [from, to] = [print(lower.value), print(upper.value)]
    return [from === to ? `${field}:=${from}` : `${field}:${from}..${to}`]
  }
  return [
    ...(lower ? [`${field}:${lower.inclusive ? '>=' : '>'}${print(lower.value)}`] : []),
    ...(upper ? [`${field}:${upper.inclusive ? '<=' : '<'}${print(upper.value)}`] : []),
  ]
}
