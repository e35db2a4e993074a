/** Values that the server hid before it sent them: removed secrets and masked personal data. */
export const REMOVED_TEXT = '[removed]'
export const MASK_TEXT = '•••'

/** Whether a text stands for something hidden. */
export function isMasked(value: unknown): boolean {
  return typeof value === 'string' && (value === REMOVED_TEXT || value.includes(MASK_TEXT))
}

/** `asha@example.com` as `a•••@example.com`; anything that is not an address as `•••`. */
export function maskEmail(email: string | null): string | null {
  if (email === null || email === '') return null
  const at = email.lastIndexOf('@')
  return at < 1 ? '•••' : `${String.fromCodePoint(email.codePointAt(0) ?? 0)}•••${email.slice(at)}`
}

/** The last four digits, the country code when there is one: `+91 ••••• •3210`. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null || phone === '') return null
  const digits = phone.replace(/\D/g, '')
  if (digits.length < 7) return '•••'
  const country = digits.length > 10 ? digits.slice(0, -10) : '91'
  return `+${country} ••••• •${digits.slice(-4)}`
}

/** A name for those who may not reveal personal data: its first letter. */
export function maskName(name: string | null): string | null {
  if (name === null || name === '') return null
  return `${String.fromCodePoint(name.codePointAt(0) ?? 0)}•••`
}

const EMAIL_TEXT = /[^\s"'<>&=,;:@]+@[^\s"'<>&=,;:@]+/g
const PHONE_TEXT = /(?<!\d)(?:\+?91[\s-]?)?[6-9]\d{9}(?!\d)/g
/** What is longer is cut: nobody reads it, and masking takes time. */
export const MASKED_TEXT_MAX = 64 * 1024

/** Free text, or a body that is not JSON: without structure, addresses and numbers are found by their look. */
export function maskText(text: string): string {
  return text
    .slice(0, MASKED_TEXT_MAX)
    .replace(EMAIL_TEXT, (found) => maskEmail(found) ?? '')
    .replace(PHONE_TEXT, (found) => maskPhone(found) ?? '')
}
