/** Texts in SQL: as literal parts of a pattern, and whether a column contains one, in a third of the time and less. */

/** Adds a value and answers its place in the statement. */
export type Mark = (value: unknown) => string

/** The values of a statement in order, and what adds one. */
export type Values = { list: unknown[]; mark: Mark }

/** Values that the planner looks at: a plan is made for just these. */
export function plannedValues(...first: readonly unknown[]): Values {
  const list = [...first]
  return { list, mark: (value) => `$${list.push(value)}` }
}

/**
 * Values behind a subquery, which the planner does not look into: every plan is made for any of them and costs the same,
 * so that a connection keeps that of a prepared statement. For conditions that one index answers whatever they ask for.
 */
export function unplannedValues(...first: readonly unknown[]): Values {
  const list = [...first]
  return {
    list,
    mark(value) {
      const type = typeInSql(value)
      return `(select $${list.push(value)}::${type})::${type}`
    },
  }
}

function typeInSql(value: unknown): string {
  if (Array.isArray(value)) return 'text[]'
  if (typeof value === 'bigint') return 'bigint'
  if (typeof value === 'string') return 'text'
  if (value instanceof Date) return 'timestamptz'
  throw new TypeError(`no type in SQL for a value of type ${typeof value}`)
}

/** PostgreSQL has no NUL in text. */
export function clean(text: string): string {
  return text.replaceAll('\u0000', '')
}

/** A text as the lower-case columns and indexes have it. */
export function lower(text: string): string {
  return clean(text).toLowerCase()
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a text is one of our ids, which PostgreSQL would otherwise refuse as a `uuid`. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The digits of a column. */
export function digitsOf(column: string): string {
  return `regexp_replace(${column}, '\\D', '', 'g')`
}

/** Text as a literal part of a LIKE pattern. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}

/** The words of a text that every database divides as we do. */
const WORD = /[a-z0-9]{4,}/g
const NUMBERED = /^(?=.*\d).{6,}$/
const ENDINGS_MAX = 2
const ENDING_CHARS = 6
const INSIDES_MAX = 3
const INSIDE_CHARS = 3

/**
 * The parts of a lower-case text that are looked up in its place. Every trigram that is looked up costs as much as orders
 * have it: a few of them find nearly as few orders as all. References and numbered names differ in their ends; of other
 * words one trigram of each is enough, and a single one is looked up whole ("email gmail" has the same in both).
 */
export function lookedUpBy(text: string): string[] {
  const words = (text.match(WORD) ?? []).toSorted((a, b) => b.length - a.length)
  const numbered = words.filter((word) => NUMBERED.test(word)).slice(0, ENDINGS_MAX)
  if (numbered.length > 0) return numbered.map((word) => word.slice(-ENDING_CHARS))
  const insides = words.slice(0, INSIDES_MAX).map((word) => word.slice(1, 1 + INSIDE_CHARS))
  const different = [...new Set(insides)]
  return different.length < 2 ? [text] : different
}

/** The same of the digits of a number: two trigrams side by side, where six digits would be four of them. */
export function endsOfNumber(digits: string): string[] {
  return [digits.slice(-2 * INSIDE_CHARS, -INSIDE_CHARS), digits.slice(-INSIDE_CHARS)]
}

/**
 * Whether a column with a trigram index contains a text. The index is asked for parts of it, and the column decides about
 * the whole: by the function behind LIKE, which no index serves but whose rarity the planner estimates as it does LIKE's.
 *
 * @param column in lower case, as its index has it
 * @param parts of the text in lower case that few columns contain together
 */
export function contains(
  column: string,
  text: string,
  mark: Mark,
  parts: readonly string[] = lookedUpBy(lower(text)),
): string {
  const pattern = (part: string): string => mark(`%${likeText(part)}%`)
  const whole = lower(text)
  const looked = parts.map((part) => `${column} like ${pattern(part)}`).join(' and ')
  return parts[0] === whole ? looked : `(${looked} and textlike(${column}, ${pattern(whole)}))`
}
