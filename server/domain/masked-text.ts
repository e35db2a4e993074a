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
