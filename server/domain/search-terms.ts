/** Cuts a query into its terms. A term is `field:value`, text, or either in quotes; a minus in front leaves it out. */
export type Term = {
  /** As typed. */
  raw: string
  /** The name before the colon; null for text. */
  field: string | null
  /** As typed, with its quotes: see {@link unquoted} and {@link splitValues}. */
  value: string
  negated: boolean
}

const FIELD = /^([a-z_][a-z_0-9]*):/i

/** The terms of `text` in their order; not ok when a quote is open, which also names the rest that it would swallow. */
export function splitTerms(text: string): { ok: true; terms: Term[] } | { ok: false; at: string } {
  const terms: Term[] = []
  let raw = ''
  let inQuotes = false
  for (const char of `${text} `) {
    if (char === '"') inQuotes = !inQuotes
    if (!inQuotes && /\s/.test(char)) {
      if (raw !== '') terms.push(toTerm(raw))
      raw = ''
    } else raw += char
  }
  return inQuotes ? { ok: false, at: raw.trim() } : { ok: true, terms }
}

function toTerm(raw: string): Term {
  const negated = raw.startsWith('-') && raw.length > 1
  const body = negated ? raw.slice(1) : raw
  const match = FIELD.exec(body)
  if (!match) return { raw, field: null, value: unquoted(body), negated }
  return { raw, field: match[1] ?? '', value: body.slice(match[0].length), negated }
}

/** One value without its quotes. */
export function unquoted(value: string): string {
  return value.replaceAll('"', '')
}

/** The values of a comma list; commas inside quotes belong to the value. Empty ones are dropped. */
export function splitValues(value: string): string[] {
  return splitMarked(value).map(({ text }) => text)
}

/** The same, and whether each was in quotes: `none` is a word of the language, `"none"` is text. */
export function splitMarked(value: string): { text: string; quoted: boolean }[] {
  return (value.match(/(?:"[^"]*"|[^,"])+/g) ?? [])
    .map((part) => ({ text: unquoted(part).trim(), quoted: part.includes('"') }))
    .filter(({ text }) => text !== '')
}
