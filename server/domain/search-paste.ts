/** What a paste anywhere on a page means: one thing to look up, or a list of order ids (design §3.8). */
import { ORDERS_MAX } from './search-fields.ts'
import { quoted } from './search-language.ts'
import { SCRAP_CHARS_MAX } from './search-scraps.ts'

export type Pasted =
  | { kind: 'text'; text: string }
  /** `q` is the filter that lists them. */
  | { kind: 'orders'; count: number; q: string }
  | { kind: 'too_many'; count: number }

/** Lines that are ids: one word each, or the first cell of a row copied from a table. */
const ID = /^[A-Za-z0-9][\w.-]{2,63}$/
/** A paste longer than this is no list of ids. */
const PASTE_CHARS_MAX = 100_000

/** Reads a paste; null for one that is neither. */
export function readPaste(raw: string): Pasted | null {
  const text = raw.trim()
  if (text === '' || text.length > PASTE_CHARS_MAX) return null
  const cells = text
    .split(/[\n\r,;]+/)
    .map((line) => line.split('\t')[0]?.trim().replace(/^"|"$/g, '') ?? '')
    .filter(Boolean)
  const ids = [...new Set(cells)]
  const isList = ids.length > 1 && ids.every((id) => ID.test(id) && /\d/.test(id))
  if (isList && ids.length > ORDERS_MAX) return { kind: 'too_many', count: ids.length }
  if (isList) return { kind: 'orders', count: ids.length, q: `order:${ids.map(quoted).join(',')}` }
  return text.length <= SCRAP_CHARS_MAX ? { kind: 'text', text: text.replace(/\s+/g, ' ') } : null
}
