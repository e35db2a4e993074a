/**
 * Readers for Juspay's dialect: each takes whatever was sent and answers with a clean value or `null` for "this
 * message does not say". Numbers arrive as strings, booleans as strings, objects as "FILTERED", null as `{}` or
 * "null" (API reference §3.5, §6.4 "PII masking", §11.15). Nothing here throws.
 */
import { AMOUNT_MINOR_MAX, parseDecimal } from '../domain/money.ts'
import { isList, isObject, JsonNumber, parseJson } from './json.ts'
import type { Json, JsonObject, ParsedJson } from './json.ts'

export type { Json, JsonObject } from './json.ts'
export type { ParsedJson } from './json.ts'

/** Parses a body, keeping every number as text. See {@link parseJson}. */
export function parseBody(raw: Uint8Array | string): ParsedJson {
  return parseJson(raw)
}

/** What senders' log scrubbers and templating leave in place of a value. */
const SCRUBBED = new Set(['', 'null', 'FILTERED', 'RIPPIFILTERED', '<HIDDEN>'])

/** Digits that stand for a scrubbed phone, e-mail or date; as an order number or amount they can be real. */
const SCRUBBED_DIGITS = '1111111'

/** Longest identifier read. Longer ones name nothing at Juspay and would not fit an index. */
export const REF_MAX = 256

/** Longest descriptive text kept; the raw body keeps the rest. */
export const TEXT_MAX = 4000

/** Longest event id used as a dedupe key (reliability §3.1). */
export const EVENT_REF_MAX = 128

/** Text that any store can hold: no NUL, no lone surrogate. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** A scalar as text: strings as sent, numbers as written, anything else and every scrubbed value `null`. */
function scalar(json: Json | undefined): string | null {
  const value = json instanceof JsonNumber ? json.text : json
  if (typeof value !== 'string' || SCRUBBED.has(value.trim())) return null
  return storable(value)
}

/** Descriptive text (names, messages, addresses), at most {@link TEXT_MAX} characters. */
export function text(json: Json | undefined): string | null {
  const value = scalar(json)
  if (value === null || value.trim() === SCRUBBED_DIGITS) return null
  return value.length > TEXT_MAX ? storable(value.slice(0, TEXT_MAX)) : value
}

/** An identifier of someone else's: opaque, never parsed, trimmed or re-cased. */
export function ref(json: Json | undefined): string | null {
  const value = scalar(json)
  return value === null || value.length > REF_MAX ? null : value
}

/** A gateway field, where "NA" is documented to mean nothing (`payment_gateway_response`, §3.5). */
export function gatewayText(json: Json | undefined): string | null {
  const value = text(json)
  return value !== null && value.trim().toUpperCase() === 'NA' ? null : value
}

/** A status or other enumerated word, upper case: "Failure" was published beside "FAILURE". */
export function word(json: Json | undefined): string | null {
  const value = ref(json)
  return value === null ? null : value.trim().toUpperCase()
}

export function flag(json: Json | undefined): boolean | null {
  if (typeof json === 'boolean') return json
  if (typeof json !== 'string') return null
  const value = json.trim().toLowerCase()
  return value === 'true' ? true : value === 'false' ? false : null
}

/** A whole number, also as a numeric string; `null` when it is not exact in a double. */
export function integer(json: Json | undefined): number | null {
  const value = scalar(json)
  if (value === null || !/^-?\d{1,16}(?:\.0+)?$/.test(value.trim())) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}

/**
 * An amount in major units (number or numeric string) as minor units of `currency`.
 * @returns `null` when absent, scrubbed, negative, finer than the currency or beyond any order: never rounded.
 */
export function amount(json: Json | undefined, currency: string): bigint | null {
  const value = scalar(json)
  if (value === null) return null
  const minor = parseDecimal(value, currency)
  return minor === null || minor < 0n || minor > AMOUNT_MINOR_MAX ? null : minor
}

/**
 * What an order costs: an {@link amount} above nought, of which Juspay makes no order (§2.3). Nought is read as not
 * said, so that it never stands for, or replaces, an amount that is known. One instrument of several may take nought.
 */
export function price(json: Json | undefined, currency: string): bigint | null {
  const minor = amount(json, currency)
  return minor === 0n ? null : minor
}

/** An ISO 4217 code, upper case. */
export function currencyCode(json: Json | undefined): string | null {
  const value = word(json)
  return value !== null && /^[A-Z]{3}$/.test(value) ? value : null
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|UTC|[+-]\d{2}:?\d{2})?$/i
const EPOCH = /^(?:\d{10}|\d{13})$/

/** Years that can be a payment's; scrubbers and uninitialised clocks produce others. */
const YEAR_MIN = 2000
const YEAR_MAX = 2100

/**
 * An instant. Reads ISO with `Z` or an offset, a space instead of `T`, stray spaces around the colons, up to nine
 * decimals (kept to milliseconds), a trailing "UTC", no zone at all (UTC, as documented), and epoch seconds or
 * milliseconds. Dates without a time and scrubbed dates (`1111111T07:00:40Z`) are `null`.
 */
export function instant(json: Json | undefined): Date | null {
  const value = scalar(json)?.trim()
  if (value === undefined || value.length > 48) return null
  if (EPOCH.test(value)) return inRange(new Date(Number(value) * (value.length === 10 ? 1000 : 1)))
  const match = DATE_TIME.exec(
    value.replace(/\s*:\s*/g, ':').replace(/\s+(?=UTC$|Z$|[+-]\d{2}:?\d{2}$)/i, ''),
  )
  if (!match) return null
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] =
    match
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
  const asUtc = new Date(wall)
  // `Date` rolls 30 February over to March; a date that does not exist says nothing.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString() !== wall) return null
  return inRange(new Date(asUtc.getTime() - offsetMs(zone)))
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

function inRange(date: Date): Date | null {
  const year = date.getUTCFullYear()
  return year >= YEAR_MIN && year <= YEAR_MAX ? date : null
}

/** An object with at least one key, also when it was sent as a string of JSON; `null` for anything else. */
export function object(json: Json | undefined): JsonObject | null {
  const value = unwrapped(json)
  return isObject(value) && Object.keys(value).length > 0 ? value : null
}

/** A list, also when it was sent as a string of JSON; `null` for anything else. */
export function list(json: Json | undefined): readonly Json[] | null {
  const value = unwrapped(json)
  return isList(value) ? value : null
}

/** `metadata`, `offers` and `txn_amount_breakup` are strings of JSON in some bodies. */
function unwrapped(json: Json | undefined): Json | undefined {
  if (typeof json !== 'string' || !/^\s*[[{]/.test(json)) return json
  const parsed = parseJson(json)
  return parsed.ok ? parsed.json : json
}

/**
 * The event id of a webhook body, the dedupe key of the receiver (reliability §3.1).
 * @returns `null` when the body is not JSON or its `id` is not a string of 1 to 128 characters.
 */
export function eventRefOf(json: Json | undefined): string | null {
  const id = isObject(json) ? json['id'] : undefined
  if (typeof id !== 'string') return null
  const value = scalar(id)
  return value !== null && value.length <= EVENT_REF_MAX ? value : null
}
