/**
 * What superjson makes of the values that our views are made of, straight as text and in a fraction of its time: it asks
 * of every value whether it is one of twenty kinds and remembers each, and a page of fifty orders has over a thousand of
 * them. Objects on the way to the text would be built only to be read once more.
 */
import { PACKED_ROWS, PACKED_ROWS_MIN, type CellType } from '../domain/packed-rows.ts'

/** A view is never so deep; what is may be a circle, and is left to superjson. */
const DEPTH_MAX = 24
/** Keys that superjson refuses. */
const REFUSED = new Set(['__proto__', 'constructor', 'prototype'])

/** Thrown and caught here alone: the value holds something that only superjson knows. */
class Other extends Error {}
const OTHER = new Other()

/**
 * The same text as `JSON.stringify(superjson.serialize(value))`, but for three things: lists of records are packed
 * (`packed-rows.ts`), where the same object stands in two places, the receiver gets two equal ones, and the notes of types
 * always stand in the order of the values. Null for values with anything in them but plain objects, arrays, dates and
 * primitives.
 */
export function plainText(value: unknown): string | null {
  const notes: Notes = { text: '', inRow: false }
  try {
    const json = walk(value, notes, '', '', 0)
    if (notes.text === '') return `{"json":${json}}`
    const isPacked = Array.isArray(value) && json.startsWith('{')
    const isLeaf = typeof value !== 'object' || value instanceof Date || isPacked
    // Of a value without parts the note stands alone, without a path.
    const values = isLeaf ? notes.text.slice('"":'.length) : `{${notes.text}}`
    return `{"json":${json},"meta":{"values":${values},"v":1}}`
  } catch (error) {
    if (error === OTHER) return null
    throw error
  }
}

/** Types that JSON does not have, each as the member `"path":["type"]`; a path is the keys joined by dots. */
type Notes = { text: string; inRow: boolean }

/** The value as JSON text. It stands at the path `prefix` + `step`: they are joined only where there is a note to write. */
function walk(value: unknown, notes: Notes, prefix: string, step: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      // Infinity, NaN and -0 are not JSON.
      if (!Number.isFinite(value) || Object.is(value, -0)) throw OTHER
      return String(value)
    case 'bigint':
      note(notes, prefix, step, '"bigint"')
      return `"${value}"`
    case 'undefined':
      note(notes, prefix, step, '"undefined"')
      return 'null'
    case 'object':
      return value === null ? 'null' : walkObject(value, notes, prefix, step, depth)
    default:
      throw OTHER
  }
}

function walkObject(value: object, notes: Notes, prefix: string, step: string, depth: number): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw OTHER
    note(notes, prefix, step, '"Date"')
    return `"${value.toISOString()}"`
  }
  if (depth === DEPTH_MAX) throw OTHER
  const inside = depth === 0 ? '' : `${prefix}${step}.`
  let text = ''
  if (Array.isArray(value)) {
    const packed = value.length < PACKED_ROWS_MIN || notes.inRow ? null : packedText(value, depth)
    if (packed !== null) {
      note(notes, prefix, step, `["custom","${PACKED_ROWS}"]`)
      return packed
    }
    for (let at = 0; at < value.length; at += 1)
      text += (at === 0 ? '' : ',') + walk(value[at], notes, inside, String(at), depth + 1)
    return `[${text}]`
  }
  if (!isPlain(value)) throw OTHER
  for (const key of Object.keys(value)) {
    const word = wordOf(key)
    text += (text === '' ? '' : ',') + word.quoted
    text += walk(value[key], notes, inside, word.step, depth + 1)
  }
  return `{${text}}`
}

/** The text of records that all have the same keys and one type a column; null for other lists. */
function packedText(list: readonly unknown[], depth: number): string | null {
  const [first] = list
  if (!isRecord(first)) return null
  const keys = Object.keys(first)
  const columns: Columns = { keys, types: keys.map(() => null), notes: { text: '', inRow: true } }
  let lines = ''
  for (const row of list) {
    const line = isRecord(row) ? lineText(row, columns, depth + 2) : null
    if (line === null) return null
    lines += lines === '' ? line : `,${line}`
  }
  const keysText = keys.map((key) => wordOf(key).quoted.slice(0, -1)).join(',')
  const typesText = columns.types.map((type) => `"${type ?? 'plain'}"`).join(',')
  return `{"keys":[${keysText}],"types":[${typesText}],"rows":[${lines}]}`
}

/** What the records of a list have in common, as far as it was walked: a type is null until a value had one. */
type Columns = { keys: readonly string[]; types: (CellType | null)[]; notes: Notes }

/** One record's values; null when it is not like those before it, or its parts need notes of their own. */
function lineText(row: Readonly<Record<string, unknown>>, columns: Columns, depth: number): string | null {
  const { keys, types, notes } = columns
  const own = Object.keys(row)
  if (own.length !== keys.length) return null
  let text = ''
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? ''
    if (own[at] !== key) return null
    const value = row[key]
    let cell = 'null'
    if (value !== null) {
      const type = typeof value === 'bigint' ? 'bigint' : value instanceof Date ? 'Date' : 'plain'
      if ((types[at] ??= type) !== type) return null
      if (typeof value === 'bigint') cell = `"${value}"`
      else if (value instanceof Date) cell = millisecondsOf(value)
      else cell = walk(value, notes, '', '', depth)
    }
    text += at === 0 ? cell : `,${cell}`
  }
  return notes.text === '' ? `[${text}]` : null
}

function millisecondsOf(date: Date): string {
  const milliseconds = date.getTime()
  if (Number.isNaN(milliseconds)) throw OTHER
  return String(milliseconds)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value)
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const kind: unknown = Object.getPrototypeOf(value)
  return (kind === Object.prototype || kind === null) && Object.getOwnPropertySymbols(value).length === 0
}

function note(notes: Notes, prefix: string, step: string, type: string): void {
  notes.text += `${notes.text === '' ? '' : ','}"${prefix}${step}":[${type}]`
}

/** Quotes, backslashes, control characters and halves of pairs: what JSON writes in another way, or may. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** A key as the beginning of a member, and as a step of a path inside of quotes. */
type Word = { quoted: string; step: string }

/** Keys of views are some hundreds, and come again in every row; those of shown payloads are anybody's, and without end. */
const WORDS_MAX = 2_000
const WORD_LENGTH_MAX = 40
const words = new Map<string, Word>()

function wordOf(key: string): Word {
  const known = words.get(key)
  if (known !== undefined) return known
  if (REFUSED.has(key)) throw OTHER
  // Dots in a key are no steps.
  const escaped = key.replaceAll('\\', '\\\\').replaceAll('.', '\\.')
  const word = { quoted: `${JSON.stringify(key)}:`, step: JSON.stringify(escaped).slice(1, -1) }
  if (words.size < WORDS_MAX && key.length <= WORD_LENGTH_MAX) words.set(key, word)
  return word
}
