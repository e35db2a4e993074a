/** The text form of COPY. */

const SPECIAL = /[\\\t\n\r]/g
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One line of COPY's text form. */
export function lineOf(values: readonly unknown[]): string {
  let line = ''
  for (let at = 0; at < values.length; at += 1) line += (at === 0 ? '' : '\t') + fieldOf(values[at])
  return `${line}\n`
}

function fieldOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.search(SPECIAL) < 0 ? value : value.replace(SPECIAL, (found) => ESCAPES[found] ?? found)
    case 'bigint':
    case 'number':
      return String(value)
    case 'boolean':
      return value ? 't' : 'f'
    case 'object':
      if (value === null) return '\\N'
      if (value instanceof Date) return value.toISOString()
      if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`
      return fieldOf(JSON.stringify(value))
    default:
      throw new TypeError(`COPY knows no ${typeof value}`)
  }
}
