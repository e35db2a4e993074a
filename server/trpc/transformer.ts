/** How values travel: superjson, and a live message that many streams send is turned into JSON values once. */
import superjson, { type SuperJSONResult } from 'superjson'

const shared = new WeakMap<object, SuperJSONResult | null>()

/** Marks a message that will be sent again and again and must not change from now on. */
export function shareSerialised<T extends object>(message: T): T {
  shared.set(message, null)
  return message
}

export const transformer = {
  serialize(value: unknown): SuperJSONResult {
    if (typeof value !== 'object' || value === null || !shared.has(value)) return superjson.serialize(value)
    const serialised = shared.get(value) ?? superjson.serialize(value)
    shared.set(value, serialised)
    return serialised
  },
  deserialize: (value: SuperJSONResult): unknown => superjson.deserialize(value),
}
