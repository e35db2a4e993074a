/** With the `u` flag only halves that stand alone are surrogates. */
const HALF_A_PAIR = /\p{Surrogate}/u

/**
 * Whether all text in a value can be kept as it is: PostgreSQL's text knows no NUL, and its JSON no half of a surrogate
 * pair. A change that carries either is refused, instead of failing wherever it is first written down.
 */
export function isStorable(value: unknown): boolean {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'string') {
      if (HALF_A_PAIR.test(next) || next.includes('\u0000')) return false
    } else if (next instanceof Map || next instanceof Set || Array.isArray(next)) {
      for (const part of next) open.push(part)
    } else if (typeof next === 'object' && next !== null) {
      for (const [name, part] of Object.entries(next)) open.push(name, part)
    }
  }
  return true
}
