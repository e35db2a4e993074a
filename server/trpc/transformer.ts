/**
 * How values travel: superjson, with the costly part done once for what many streams send. An event row is turned into
 * JSON values once, and a live message is put together from its rows.
 */
import superjson, { type SuperJSONResult } from 'superjson'
import { plainText } from './serialise-plain.ts'

const shared = new WeakMap<object, SuperJSONResult | null>()

/** Marks a value that will be sent again and again and must not change from now on. */
export function shareSerialised<T extends object>(value: T): T {
  shared.set(value, null)
  return value
}

export const transformer = {
  serialize(value: unknown): SuperJSONResult {
    return isBatch(value) ? serialiseBatch(value) : serialise(value)
  },
  /** Of inputs. Packed rows are none: a few short lines could be made to stand for billions of values. */
  deserialize: (value: SuperJSONResult): unknown => superjson.deserialize(value),
}

function serialise(value: unknown): SuperJSONResult {
  if (typeof value !== 'object' || value === null || !shared.has(value)) return fresh(value)
  const serialised = shared.get(value) ?? fresh(value)
  shared.set(value, serialised)
  return serialised
}

/** The text of what {@link transformer} makes of a value that no stream shares: answers are sent once. */
export function serialisedText(value: unknown): string {
  return plainText(value) ?? JSON.stringify(superjson.serialize(value))
}

function fresh(value: unknown): SuperJSONResult {
  return JSON.parse(serialisedText(value))
}

type Batch = { kind: 'batch' } & Record<'events' | 'renewed' | 'changes', readonly object[]>

function isBatch(value: unknown): value is Batch {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'batch'
}

/** The same as superjson makes of the message: the notes about a row's types stand under the row's place. */
function serialiseBatch(message: Batch): SuperJSONResult {
  const known = shared.get(message)
  if (known) return known
  const values: Record<string, unknown> = {}
  const json: Record<string, unknown> = { kind: message.kind }
  for (const field of ['events', 'renewed', 'changes'] as const)
    json[field] = message[field].map((part, index) => {
      const serialised = serialise(part)
      for (const [path, note] of Object.entries(serialised.meta?.values ?? {}))
        values[`${field}.${index}.${path}`] = note
      return serialised.json
    })
  const meta = Object.keys(values).length === 0 ? {} : { meta: { values, v: 1 } }
  const result = Object.assign(superjson.serialize({}), { json }, meta)
  if (shared.has(message)) shared.set(message, result)
  return result
}
