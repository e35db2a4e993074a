/**
 * What superjson makes of the values that our views are made of, in a tenth of its time: it asks of every value whether
 * it is one of twenty kinds and remembers each, and a page of fifty orders has over a thousand of them.
 */
import type { SuperJSONResult } from 'superjson'

type Json = SuperJSONResult['json']
type Notes = Record<string, unknown>

/** A view is never so deep; what is may be a circle, and is left to superjson. */
const DEPTH_MAX = 24
/** Keys that superjson refuses. */
const REFUSED = new Set(['__proto__', 'constructor', 'prototype'])

/** Thrown and caught here alone: the value holds something that only superjson knows. */
class Other extends Error {}
const OTHER = new Other()

/**
 * The same as `superjson.serialize`, but for one thing: where the same object stands in two places, the receiver gets
 * two equal ones. Null for values with anything in them but plain objects, arrays, dates and primitives.
 */
export function serialisePlain(value: unknown): SuperJSONResult | null {
  const notes: Notes = {}
  try {
    const json = walk(value, '', notes, 0)
    const isLeaf = typeof value !== 'object' || value instanceof Date
    if (isLeaf && notes[''] !== undefined) return withNotes(json, notes[''])
    for (const _ in notes) return withNotes(json, notes)
    return { json }
  } catch (error) {
    if (error === OTHER) return null
    throw error
  }
}

function withNotes(json: Json, values: unknown): SuperJSONResult {
  return Object.assign<SuperJSONResult, object>({ json }, { meta: { values, v: 1 } })
}

/** The value as JSON; notes of its types go under `path`, the keys joined by dots. */
function walk(value: unknown, path: string, notes: Notes, depth: number): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      // Infinity, NaN and -0 are not JSON.
      if (!Number.isFinite(value) || Object.is(value, -0)) throw OTHER
      return value
    case 'bigint':
      notes[path] = ['bigint']
      return String(value)
    case 'undefined':
      notes[path] = ['undefined']
      return null
    case 'object':
      return value === null ? null : walkObject(value, path, notes, depth)
    default:
      throw OTHER
  }
}

function walkObject(value: object, path: string, notes: Notes, depth: number): Json {
  if (value instanceof Date) {
    const time = value.getTime()
    if (Number.isNaN(time)) throw OTHER
    notes[path] = ['Date']
    return value.toISOString()
  }
  if (depth === DEPTH_MAX) throw OTHER
  const prefix = depth === 0 ? '' : `${path}.`
  if (Array.isArray(value)) {
    const json: Json[] = []
    for (let at = 0; at < value.length; at += 1) json.push(walk(value[at], prefix + at, notes, depth + 1))
    return json
  }
  const kind: unknown = Object.getPrototypeOf(value)
  if (kind !== Object.prototype && kind !== null) throw OTHER
  if (Object.getOwnPropertySymbols(value).length > 0) throw OTHER
  const json: Record<string, Json> = {}
  for (const [key, inside] of Object.entries(value)) {
    if (REFUSED.has(key)) throw OTHER
    json[key] = walk(inside, prefix + escaped(key), notes, depth + 1)
  }
  return json
}

/** Dots in a key are no steps. */
function escaped(key: string): string {
  return key.includes('.') || key.includes('\\') ? key.replaceAll('\\', '\\\\').replaceAll('.', '\\.') : key
}
