/**
 * Personal data and secrets on their way out. Masking happens here, on the server: what a person may not see is never
 * sent. Phone `+91 ••••• •3210`, email `a•••@example.com`, cards only as the last four.
 */
import { isUtf8 } from 'node:buffer'
import { ExactNumber, isNumberTag, keepNumberText, tagNumber } from '../../domain/exact-number.ts'
import { jsonProblem } from '../../domain/json-problem.ts'
import {
  isPersonal,
  MASK_TEXT,
  maskAddresses,
  MASKED_TEXT_MAX,
  maskEmail,
  maskLooks,
  maskPhone,
  maskText,
} from '../../domain/masked-text.ts'

/** A UPI address as an e-mail address is: `a•••@okaxis`. */
export const maskVpa = maskEmail

/** Keys whose values are removed for everybody (design §3.20; PCI DSS 3.3.1). */
const SECRET_KEY =
  /(authorization|password|passcode|secret|api_?key|private_?key|cvv|cvc|security_code|card_?token|auth_?token|access_?token|card_?number|^pan$|^token$|^otp$|^mpin$)/i

const EMAIL_KEY = /email/i
const LINK = /^https?:\/\//i
const PHONE_KEY = /(phone|mobile|contact|msisdn|whatsapp)s?(_?(number|no))?$/i
const NAME_KEY =
  /(^|_)(name_on_card|payer_vpa|vpa|upi_id|payer_name|beneficiary_name|customer_name|first_?name|last_?name|full_?name|(card|account)_?holder|holder_?name|address_?line_?\d?|line_?[123]|street)$/i
const ADDRESS_KEY = /^((billing|shipping|delivery|customer|home)_)?address$/i
/** Whose `name` is that of a person, by what it stands in. */
const PERSON_KEY = /(customer|payer|payee|buyer|beneficiary|contact|billing|shipping|address|holder)/i
/** References, which may have ten digits without being a telephone number, and amounts. */
const REFERENCE_KEY = /(id|ref|reference|number|no|code|rrn|utr|arn|uuid|amount)$/i
/** What merchants take for it is often the number itself. */
const CUSTOMER_KEY = /(^|_)customer_?id$/i

const DEPTH_MAX = 64
/** Names that would become something else than a member when the client rebuilds the object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])
const RENAMED = /"\[(__proto__|constructor|prototype|\$number)\]":/g

/**
 * A parsed payload as it may be shown, to anybody: personal data is revealed field by field and audited, never by way
 * of a payload. Its {@link ExactNumber}s leave tagged.
 */
export function maskJson(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) return '[too deep to show]'
  if (typeof value === 'string') return maskLoose(value, depth)
  if (Array.isArray(value)) return value.map((item) => maskJson(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ExactNumber) return tagNumber(value)
  return maskMembers(value, '', depth)
}

/** @param within the name under which the object stands */
function maskMembers(value: object, within: string, depth: number): unknown {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      RESERVED.has(key) || isNumberTag(key) ? `[${key}]` : maskLooks(key),
      maskMember({ key: key.replace(/([a-z0-9])(?=[A-Z])/g, '$1_'), within }, inner, depth),
    ]),
  )
}

type Place = { key: string; within: string }

function maskMember(place: Place, value: unknown, depth: number): unknown {
  const { key } = place
  if (SECRET_KEY.test(key)) return value === null || value === '' ? value : '[removed]'
  if (depth > DEPTH_MAX) return '[too deep to show]'
  // Each of several addresses is one.
  if (Array.isArray(value)) return value.map((item) => maskMember(place, item, depth + 1))
  const text = value instanceof ExactNumber ? value.text : value
  if (typeof text === 'string' || typeof text === 'number')
    return maskNamed(place, String(text)) ?? maskUnnamed(key, value, depth)
  if (typeof value === 'object' && value !== null && !(value instanceof ExactNumber))
    return depth + 1 > DEPTH_MAX ? '[too deep to show]' : maskMembers(value, key, depth + 1)
  return maskJson(value, depth + 1)
}

/** A value whose name says that it is personal, masked; null for any other. */
function maskNamed({ key, within }: Place, text: string): string | null {
  if (text === '') return null
  if (EMAIL_KEY.test(key)) return maskEmail(text)
  // Juspay also calls the link for a phone `mobile`.
  if (PHONE_KEY.test(key) && !LINK.test(text)) return maskPhone(text)
  if (NAME_KEY.test(key) || ADDRESS_KEY.test(key)) return MASK_TEXT
  if (key.toLowerCase() === 'name' && PERSON_KEY.test(within)) return MASK_TEXT
  return CUSTOMER_KEY.test(key) && isPersonal(text) ? maskLooks(text) : null
}

/** Any other value may hold what it likes: personal data is found in it by its look. */
function maskUnnamed(key: string, value: unknown, depth: number): unknown {
  if (typeof value !== 'string') return maskJson(value, depth + 1)
  return REFERENCE_KEY.test(key) && !/\s/.test(value) ? maskAddresses(value) : maskLoose(value, depth)
}

/** JSON within a text, which is how merchants send what has no field of its own, by its names too. */
function maskLoose(text: string, depth: number): string {
  if (!/^\s*[[{]/.test(text)) return maskLooks(text)
  try {
    const inner: unknown = JSON.parse(text)
    // Within a text no name becomes a member of anything.
    const masked = JSON.stringify(maskJson(inner, depth + 1)).replaceAll(RENAMED, '"$1":')
    return masked === JSON.stringify(inner) ? text : masked
  } catch {
    return maskLooks(text)
  }
}

/** A stored body as JSON when it is JSON, with its numbers as they were written, else as text; masked. */
export function showBody(body: Uint8Array): { json: unknown; text: string | null } {
  const text = new TextDecoder().decode(body)
  try {
    return { json: maskJson(parseExactly(text)), text: null }
  } catch {
    return { json: null, text: maskText(text) }
  }
}

/**
 * The same with why it is not JSON. Bytes that are no UTF-8 are told one character a byte, so that nothing of them is
 * lost on the way; the place of the problem is that in the text as shown.
 */
export function explainBody(body: Uint8Array) {
  const { json, text } = showBody(body)
  if (text === null) return { json, text, encoding: 'utf-8' as const, problem: null }
  if (isUtf8(body)) {
    const whole = text.length < MASKED_TEXT_MAX ? text : new TextDecoder().decode(body)
    return { json, text, encoding: 'utf-8' as const, problem: jsonProblem(whole) }
  }
  const bytes = maskText(Buffer.from(body).toString('latin1'))
  return { json, text: bytes, encoding: 'binary' as const, problem: jsonProblem(bytes) }
}

/** Below the depth shown, the numbers' text is not looked at: the engine recurses for it, and a hostile body is deep. */
function parseExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text)
  return isDeeper(parsed, DEPTH_MAX) ? parsed : JSON.parse(text, keepNumberText)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
