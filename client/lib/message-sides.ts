/** The sides of a comparison of messages about an order, as addresses and lists name them: `event:<id>`, `check:<id>`, `record`. Pure. */

/** A choice as the server is asked for it. */
export function sideInput(choice: string): { kind: 'event' | 'check'; id: string } | { kind: 'record' } {
  const [kind = '', id = ''] = choice.split(':')
  if (kind === 'event' || kind === 'check') return { kind, id }
  return { kind: 'record' }
}

/** The order inside a webhook's envelope; a status answer and our record are the order itself. */
export function orderOf(json: unknown): unknown {
  const content = memberOf(json, 'content')
  return content === undefined ? json : (memberOf(content, 'order') ?? content)
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}
