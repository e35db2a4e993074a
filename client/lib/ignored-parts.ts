/** What of an address could not be read and counts as not there (search-params.ts): said once, not dropped in silence. */

type Parts = Readonly<Record<string, unknown>>

/** Names of parts that are not words themselves. */
const NAMES: Readonly<Record<string, string>> = {
  q: 'filter',
  t: 'time range',
  tz: 'time zone',
  sort: 'sort order',
  cols: 'column list',
  at: 'place in the list',
}
const VALUE_CHARS_MAX = 40

/**
 * "Ignored an unknown time range: gibberish." for every part of the address as it is `written` that was not `read`: the
 * page has `usual` in its place, as without an address. What no page knows is read as it is written. Null when all of it
 * was understood.
 */
export function ignoredText(written: Parts, read: Parts, usual: Parts): string | null {
  const ignored = Object.entries(written).filter(
    ([name, value]) => value !== read[name] && read[name] === usual[name],
  )
  if (ignored.length === 0) return null
  return ignored
    .map(([name, value]) => `Ignored an unknown ${NAMES[name] ?? name}: ${shortened(value)}.`)
    .join(' ')
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text
}
