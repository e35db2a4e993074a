/**
 * Numbers of a payload that a float would change (`10.80`, `20230517020968656340`), on their way to a screen: they
 * travel as `{ "$number": "10.80" }` and are shown and copied as they were written.
 */
const TAG = '$number'
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A number as its JSON text. */
export class ExactNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A reviver for `JSON.parse` that keeps a number's text when printing the float would not give it back. */
export function keepNumberText(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source
    ? new ExactNumber(source)
    : value
}

/** The number as it travels. */
export function tagNumber(number: ExactNumber): Record<string, string> {
  return { [TAG]: number.text }
}

/** Whether a member of this name could be taken for a number on its way. */
export function isNumberTag(name: string): boolean {
  return name === TAG
}

/** The text of a number that travelled; null for every other value. */
export function exactNumberText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !(TAG in value)) return null
  const text = value[TAG]
  return typeof text === 'string' && NUMBER.test(text) && Object.keys(value).length === 1 ? text : null
}

/** A value that travelled as indented JSON, its numbers as they were written. */
export function exactJsonText(value: unknown): string {
  // Inside of a string every quote is escaped, so only a tagged number looks like this.
  return JSON.stringify(value, null, 2).replace(/\{\s*"\$number": "([-+.\deE]+)"\s*\}/g, '$1')
}
