/**
 * Personal data and secrets on their way out. Masking happens here, on the server: what a person may not see is never
 * sent. Phone `+91 ••••• •3210`, email `a•••@example.com`, cards only as the last four.
 */
import { isUtf8 } from 'node:buffer'
import { ExactNumber, isNumberTag, keepNumberText, tagNumber } from '../../domain/exact-number.ts'
import { jsonProblem } from '../../domain/json-problem.ts'
import { maskEmail, maskPhone, MASKED_TEXT_MAX, maskText } from '../../domain/masked-text.ts'

/** A UPI address as an e-mail address is: `a•••@okaxis`. */
export const maskVpa = maskEmail

/** Keys whose values are removed for everybody (design §3.20; PCI DSS 3.3.1). */
const SECRET_KEY =
  /(authorization|password|passcode|secret|api_?key|private_?key|cvv|cvc|security_code|card_?token|auth_?token|access_?token|card_?number|^pan$|^token$|^otp$|^mpin$)/i

const EMAIL_KEY = /email/i
const LINK = /^https?:\/\//i
const PHONE_KEY = /(phone|mobile)(_?number)?$/i
const NAME_KEY =
  /(^|_)(name_on_card|payer_vpa|vpa|upi_id|payer_name|beneficiary_name|customer_name|first_?name|last_?name|full_?name|address_?line_?\d?|line[123]|street)$/i
/** Sentences that people write, or that repeat what people wrote: personal data is found in them by its look. */
const PROSE_KEY = /(description|remarks?|notes?|narration|comments?|message|^udf\d+)$/i

const DEPTH_MAX = 64
/** Names that would become something else than a member when the client rebuilds the object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * A parsed payload as it may be shown, to anybody: personal data is revealed field by field and audited, never by way
 * of a payload. Its {@link ExactNumber}s leave tagged.
 */
export function maskJson(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) return '[too deep to show]'
  if (Array.isArray(value)) return value.map((item) => maskJson(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ExactNumber) return tagNumber(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      RESERVED.has(key) || isNumberTag(key) ? `[${key}]` : key,
      maskMember(key, inner, depth),
    ]),
  )
}

function maskMember(key: string, value: unknown, depth: number): unknown {
  if (SECRET_KEY.test(key)) return value === null || value === '' ? value : '[removed]'
  const text = value instanceof ExactNumber ? value.text : value
  if (typeof text === 'string' || typeof text === 'number') {
    if (EMAIL_KEY.test(key)) return maskEmail(String(text))
    // Juspay also calls the link for a phone `mobile`.
    if (PHONE_KEY.test(key) && !LINK.test(String(text))) return maskPhone(String(text))
    if (NAME_KEY.test(key)) return value === '' ? value : '•••'
    if (PROSE_KEY.test(key) && typeof value === 'string') return maskText(value)
  }
  return maskJson(value, depth + 1)
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
