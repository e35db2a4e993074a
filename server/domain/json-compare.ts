/**
 * Two payloads field by field. Equal is what means the same: numbers as decimals ("100.00" is 100), times as instants,
 * list entries by their id wherever they stand, and null, "" and {} are what a message does not say at all.
 */
import { exactNumberText } from './exact-number.ts'

/** `hidden` is a field that one side was not allowed to tell: Juspay's "FILTERED". It is no difference. */
export type CompareKind = 'same' | 'changed' | 'added' | 'removed' | 'hidden'

export type CompareRow = {
  /** `content.order.refunds[unique_request_id=rf_1].status` */
  path: string
  kind: CompareKind
  /** Undefined where that side does not say. */
  before: unknown
  after: unknown
  /** Differs between any two messages and says nothing: envelope ids and dates, signatures. */
  folded: boolean
}

export type Comparison = { rows: CompareRow[]; cut: boolean }

/** Rows of one comparison; the rest is left out and said to be. */
export const COMPARE_ROWS_MAX = 5_000
const DEPTH_MAX = 64
/** What names an entry of a list, the most telling first (API reference §3.5, §5.4). */
const ENTRY_KEYS = [
  'unique_request_id',
  'txn_id',
  'refund_id',
  'event_id',
  'id',
  'offer_id',
  'payment_method',
] as const

type Members = Readonly<Record<string, unknown>>

/** Compares two values as `JSON.parse` gives them; numbers may be tagged (exact-number.ts). */
export function compareJson(before: unknown, after: unknown): Comparison {
  const rows: Omit<CompareRow, 'folded'>[] = []
  const cut = !walk({ path: '', before, after, depth: 0 }, rows)
  const changing = isEnvelope(before) || isEnvelope(after) ? OF_ENVELOPE : OF_ORDER
  return { rows: rows.map((row) => ({ ...row, folded: changing.test(row.path) })), cut }
}

/** A webhook as a whole, beside the order that another message tells. */
function isEnvelope(value: unknown): boolean {
  return isMembers(value) && (Object.hasOwn(value, 'content') || Object.hasOwn(value, 'event_name'))
}

/** What differs between any two messages: signatures, and of an envelope its own id and date. An order's do not change. */
const OF_ORDER = /(^|\.)(signature|signature_algorithm)$/
const OF_ENVELOPE = new RegExp(`^(id|date_created|event_id)$|${OF_ORDER.source}`)

type Place = { path: string; before: unknown; after: unknown; depth: number }

/** False when there is no room for more rows. */
function walk(place: Place, rows: Omit<CompareRow, 'folded'>[]): boolean {
  const { path, depth } = place
  const before = said(place.before)
  const after = said(place.after)
  if (before === undefined && after === undefined) return true
  if (rows.length >= COMPARE_ROWS_MAX) return false
  const inside = depth < DEPTH_MAX ? partsOf(path, before, after) : null
  if (inside) return inside.every((part) => walk({ ...part, depth: depth + 1 }, rows))
  rows.push({ path: path === '' ? '(all)' : path, kind: kindOf(before, after), before, after })
  return true
}

/** What Juspay writes in the place of a value that a webhook may not carry (API reference §6.3). */
export const FILTERED = 'FILTERED'

function kindOf(before: unknown, after: unknown): CompareKind {
  if (before === FILTERED || after === FILTERED) return 'hidden'
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  return sameValue(before, after) ? 'same' : 'changed'
}

/** Whether a row is a difference that somebody has to look at. */
export function differs(row: Pick<CompareRow, 'kind' | 'folded'>): boolean {
  return row.kind !== 'same' && row.kind !== 'hidden' && !row.folded
}

/** A message that says null, "" or {} says nothing. */
function said(value: unknown): unknown {
  if (value === null || value === '') return undefined
  if (isMembers(value) && Object.keys(value).length === 0) return undefined
  return Array.isArray(value) && value.length === 0 ? undefined : value
}

/** The fields or entries of both sides together; null when they are not of one kind and compare as values. */
function partsOf(path: string, before: unknown, after: unknown): Omit<Place, 'depth'>[] | null {
  if (isMembers(before ?? {}) && isMembers(after ?? {}) && (isMembers(before) || isMembers(after)))
    return membersOf(path, before ?? {}, after ?? {})
  if (Array.isArray(before ?? []) && Array.isArray(after ?? []))
    return entriesOf(path, before ?? [], after ?? [])
  return null
}

function membersOf(path: string, before: unknown, after: unknown): Omit<Place, 'depth'>[] {
  const [left, right] = [isMembers(before) ? before : {}, isMembers(after) ? after : {}]
  // In the order of the newer side, then what only the older one has.
  const names = new Set([...Object.keys(right), ...Object.keys(left)])
  return [...names].map((name) => ({
    path: memberPath(path, name),
    before: ownValue(left, name),
    after: ownValue(right, name),
  }))
}

function entriesOf(path: string, before: unknown, after: unknown): Omit<Place, 'depth'>[] {
  const [left, right] = [listOf(before), listOf(after)]
  const key = ENTRY_KEYS.find((name) => isKeyed(left, name) && isKeyed(right, name))
  if (key === undefined) {
    const length = Math.max(left.length, right.length)
    return Array.from({ length }, (_, i) => ({ path: `${path}[${i}]`, before: left[i], after: right[i] }))
  }
  const byKey = (list: readonly unknown[]) => new Map(list.map((entry) => [keyOf(entry, key), entry]))
  const [lefts, rights] = [byKey(left), byKey(right)]
  return [...new Set([...rights.keys(), ...lefts.keys()])].map((value) => ({
    path: `${path}[${key}=${value}]`,
    before: lefts.get(value),
    after: rights.get(value),
  }))
}

/** Whether every entry has this key with a value of its own. */
function isKeyed(list: readonly unknown[], key: string): boolean {
  const values = list.map((entry) => keyOf(entry, key))
  return values.every((value) => value !== null) && new Set(values).size === list.length
}

function keyOf(entry: unknown, key: string): string | null {
  const value = isMembers(entry) ? ownValue(entry, key) : undefined
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : null
}

function sameValue(before: unknown, after: unknown): boolean {
  const [a, b] = [scalarText(before), scalarText(after)]
  if (a === null || b === null) return JSON.stringify(before) === JSON.stringify(after)
  if (a === b) return true
  const [left, right] = [decimalOf(a), decimalOf(b)]
  if (left !== null && right !== null && (isNumber(before) || isNumber(after))) return left === right
  const [from, to] = [instantOf(a), instantOf(b)]
  return from !== null && from === to
}

function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return exactNumberText(value)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || exactNumberText(value) !== null
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/

/** A decimal in one form, without going through a float: "100.00", "1e2" and "100" are the same text. */
function decimalOf(text: string): string | null {
  const match = DECIMAL.exec(text)
  if (!match) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${sign}${significant}e${power}`
}

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Only with a zone: a time without one is no instant. */
function instantOf(text: string): number | null {
  if (!INSTANT.test(text)) return null
  const at = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(at) ? null : at
}

function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

function isMembers(value: unknown): value is Members {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && exactNumberText(value) === null
  )
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function ownValue(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
