/**
 * JSON without loss. `JSON.parse` turns every number into a float, which changes amounts and long references; here a
 * number stays the text that was sent. Objects have no prototype, so a key named `__proto__` is just a key, and
 * nesting is limited, so a hostile body cannot exhaust the stack.
 */

/** A JSON number as it was written: `10.80`, `1e3`, `20230517020968656340245367275527523`. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type JsonObject = { readonly [key: string]: Json }
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject

/** Deepest nesting read. Juspay's own bodies stay below ten; deeper ones are refused whole (reliability W12). */
export const DEPTH_MAX = 64

export type JsonFailure = {
  failure: 'empty' | 'not_json' | 'too_deep'
  /** Says where, never what: bodies carry personal data and this ends up in logs. */
  message: string
}

export type ParsedJson = { ok: true; json: Json } | ({ ok: false } & JsonFailure)

class JsonRefusal extends Error {
  readonly failure: JsonFailure['failure']
  constructor(failure: JsonFailure['failure'], message: string) {
    super(message)
    this.failure = failure
  }
}

type Cursor = { readonly text: string; at: number }

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORDS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

/**
 * Parses strict JSON (RFC 8259). A byte-order mark is skipped, the last of duplicate keys wins, and bytes that are not
 * UTF-8 become U+FFFD: a name in another encoding must not make a payment unreadable.
 * @returns the value, or why it cannot be read. Never throws.
 */
export function parseJson(raw: Uint8Array | string): ParsedJson {
  const decoded = typeof raw === 'string' ? raw : new TextDecoder().decode(raw)
  const text = decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded
  const cursor: Cursor = { text, at: 0 }
  try {
    skipSpace(cursor)
    if (cursor.at === text.length) return { ok: false, failure: 'empty', message: 'The body is empty.' }
    const json = readValue(cursor, 0)
    skipSpace(cursor)
    if (cursor.at !== text.length) throw notJson(cursor)
    return { ok: true, json }
  } catch (error) {
    if (error instanceof JsonRefusal) return { ok: false, failure: error.failure, message: error.message }
    throw error
  }
}

function notJson({ at }: Cursor): JsonRefusal {
  return new JsonRefusal('not_json', `The body is not JSON (at character ${at}).`)
}

/** By code and not by pattern: it runs between all tokens, and most have no space between them. */
function skipSpace(cursor: Cursor): void {
  let { at } = cursor
  for (let code = cursor.text.charCodeAt(at); isSpace(code); code = cursor.text.charCodeAt(at)) at += 1
  cursor.at = at
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function readValue(cursor: Cursor, depth: number): Json {
  const first = cursor.text[cursor.at]
  if (first === '{' || first === '[') {
    if (depth >= DEPTH_MAX)
      throw new JsonRefusal('too_deep', `The body is nested deeper than ${DEPTH_MAX} levels.`)
    return first === '{' ? readObject(cursor, depth) : readList(cursor, depth)
  }
  if (first === '"') return readString(cursor)
  for (const [word, value] of WORDS) {
    if (!cursor.text.startsWith(word, cursor.at)) continue
    cursor.at += word.length
    return value
  }
  NUMBER.lastIndex = cursor.at
  const number = NUMBER.exec(cursor.text)?.[0]
  if (number === undefined) throw notJson(cursor)
  cursor.at += number.length
  return new JsonNumber(number)
}

/** Consumes `character` after optional space; says whether it was there. */
function accept(cursor: Cursor, character: string): boolean {
  skipSpace(cursor)
  if (cursor.text[cursor.at] !== character) return false
  cursor.at += 1
  return true
}

function readList(cursor: Cursor, depth: number): readonly Json[] {
  cursor.at += 1
  const list: Json[] = []
  if (accept(cursor, ']')) return list
  for (;;) {
    skipSpace(cursor)
    list.push(readValue(cursor, depth + 1))
    if (accept(cursor, ']')) return list
    if (!accept(cursor, ',')) throw notJson(cursor)
  }
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  cursor.at += 1
  const object: Record<string, Json> = Object.create(null)
  if (accept(cursor, '}')) return object
  for (;;) {
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== '"') throw notJson(cursor)
    const key = readString(cursor)
    if (!accept(cursor, ':')) throw notJson(cursor)
    skipSpace(cursor)
    object[key] = readValue(cursor, depth + 1)
    if (accept(cursor, '}')) return object
    if (!accept(cursor, ',')) throw notJson(cursor)
  }
}

function readString(cursor: Cursor): string {
  const start = cursor.at
  let escaped = false
  for (let at = start + 1; at < cursor.text.length; at += 1) {
    const code = cursor.text.charCodeAt(at)
    if (code === 0x22) {
      cursor.at = at + 1
      return escaped ? unescape(cursor, start) : cursor.text.slice(start + 1, at)
    }
    if (code < 0x20) break
    if (code === 0x5c) {
      escaped = true
      at += 1
    }
  }
  throw notJson(cursor)
}

/** The engine's own reading of one string literal: it knows the escapes and refuses the wrong ones. */
function unescape(cursor: Cursor, start: number): string {
  try {
    const value: unknown = JSON.parse(cursor.text.slice(start, cursor.at))
    if (typeof value === 'string') return value
  } catch {
    // refused below, with our message
  }
  throw notJson(cursor)
}

/** Writes JSON text back, numbers exactly as they were read. */
export function jsonText(json: Json): string {
  if (json instanceof JsonNumber) return json.text
  if (isList(json)) return `[${json.map(jsonText).join(',')}]`
  if (isObject(json)) {
    const members = Object.entries(json).map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(json)
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !(json instanceof JsonNumber) && !Array.isArray(json)
}

export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
