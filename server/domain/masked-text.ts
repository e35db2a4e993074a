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
  // A zero in front is dialled within India, two of them before a country.
  const country = digits.slice(0, -10).replace(/^0+/, '') || '91'
  return `+${country} ••••• •${digits.slice(-4)}`
}

/** A name for those who may not reveal personal data: its first letter. */
export function maskName(name: string | null): string | null {
  if (name === null || name === '') return null
  return `${String.fromCodePoint(name.codePointAt(0) ?? 0)}•••`
}

/**
 * An address of mail or UPI; in an address of the web its @ stands as %40. It is looked for from where a word begins:
 * from every letter of a long word it would take the square of its length.
 */
const EMAIL_TEXT = /(?<![^\s"'<>&=,;:@])[^\s"'<>&=,;:@]+?(?:@|%40)[^\s"'<>&=,;:@]+/gi
/** Ten digits as people write them, in European or Devanagari figures, and numbers of other countries behind a plus. */
const PHONE_TEXT =
  /(?<!\d)(?:(?:\+|00)?91[\s-]?|0)?[6-9]\d{4}[\s-]?\d{5}(?!\d)|(?<![०-९])[६-९][०-९]{9}(?![०-९])|\+\d{8,15}(?!\d)/g
/** What is longer is cut: nobody reads it, and masking takes time. */
export const MASKED_TEXT_MAX = 64 * 1024

/** Free text, or a body that is not JSON: without structure, addresses and numbers are found by their look. */
export function maskText(text: string): string {
  return maskLooks(text.slice(0, MASKED_TEXT_MAX))
}

/** The same of a text whose length is bounded elsewhere. */
export function maskLooks(text: string): string {
  return maskAddresses(text).replace(PHONE_TEXT, (found) => maskPhone(found) ?? '')
}

/** Addresses alone: for ids, some of which have as many digits as a telephone number. */
export function maskAddresses(text: string): string {
  return text.replace(EMAIL_TEXT, (found) => maskEmail(found.replace('%40', '@')) ?? '')
}

/** The same of a text that may be missing. */
export function maskedOrNull(text: string | null): string | null {
  return text === null ? null : maskText(text)
}

/** Whether a text has something in it that {@link maskText} hides. */
export function isPersonal(text: string | null): boolean {
  return text !== null && maskText(text) !== text
}
