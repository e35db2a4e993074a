/** What a paste anywhere on a page means: one thing to look up, or a list of order ids (design §3.8). */
import { plainText } from './plain-text.ts'
import { ORDERS_MAX, VALUES_MAX } from './search-fields.ts'
import { quoted } from './search-language.ts'
import { SCRAP_CHARS_MAX } from './search-scraps.ts'

export type Pasted =
  | { kind: 'text'; text: string }
  /** `q` is the filter that lists them. */
  | { kind: 'orders'; count: number; q: string }
  | { kind: 'too_many'; count: number; max: number }

const ID = /^[A-Za-z0-9][\w.-]{2,63}$/
/** What a bank gives a payment: it is found by its reference, not by the shop's number for it. */
const BANK_REFERENCE = /^(?:\d{12}|\d{23})$/
/** A paste longer than this is no list of ids. */
const PASTE_CHARS_MAX = 100_000
/** A cell longer than this is no id, whatever stands around it, and is not searched for one. */
const CELL_CHARS_MAX = 200

/** Reads a paste; null for one that is neither. */
export function readPaste(raw: string): Pasted | null {
  if (raw.length > PASTE_CHARS_MAX) return null
  const text = plainText(raw).trim()
  if (text === '') return null
  const ids = idsIn(text)
  if (ids.length > 1) {
    const field = ids.every((id) => BANK_REFERENCE.test(id)) ? 'ref' : 'order'
    const max = field === 'ref' ? VALUES_MAX : ORDERS_MAX
    if (ids.length > max) return { kind: 'too_many', count: ids.length, max }
    return { kind: 'orders', count: ids.length, q: `${field}:${ids.map(quoted).join(',')}` }
  }
  return text.length <= SCRAP_CHARS_MAX ? { kind: 'text', text: text.replace(/\s+/g, ' ') } : null
}

/** The ids of a list, each once in whatever case: one a line, or a column of a table, under a head or none. */
function idsIn(text: string): string[] {
  const rows = text
    .split(text.includes('\t') ? /[\n\r]+/ : /[\n\r,;]+/)
    .map((row) => row.split('\t').map(bare))
    .filter((row) => row.some(Boolean))
  const columns = rows[0]?.map((_, place) => columnOf(rows, place)) ?? []
  const lists = columns.flatMap((cells) => listOf(cells) ?? [])
  // Amounts and dates look like ids; those of a shop have letters, and where none have, the first column names the row.
  const ids = lists.find((cells) => cells.every((cell) => /[a-z]/i.test(cell))) ?? lists[0] ?? []
  return [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()]
}

function columnOf(rows: readonly (readonly string[])[], place: number): string[] {
  return rows.map((row) => row[place] ?? '').filter(Boolean)
}

/** The cells without their head when they are ids; wrapped, so that it is one list. */
function listOf([head = '', ...rest]: readonly string[]): [string[]] | null {
  if (!rest.every(isId)) return null
  if (isId(head)) return [[head, ...rest]]
  return rest.length > 1 && !/\d/.test(head) ? [rest] : null
}

const isId = (cell: string): boolean => ID.test(cell) && /\d/.test(cell)

/** A cell without what a sheet or a message puts around it: quotes, a formula for text, a bullet or a number. */
function bare(cell: string): string {
  if (cell.length > CELL_CHARS_MAX) return cell
  return cell
    .trim()
    .replace(/^(?:[•*-]|\d{1,3}[.)])\s+/, '')
    .replace(/^="(.*)"$/, '$1')
    .replace(/^["'‘’`]+|["'‘’`]+$/g, '')
    .trim()
}
