/** Values that the server hid before it sent them: removed secrets and masked personal data. */
export const REMOVED_TEXT = '[removed]'
export const MASK_TEXT = '•••'

/** Whether a text stands for something hidden. */
export function isMasked(value: unknown): boolean {
  return typeof value === 'string' && (value === REMOVED_TEXT || value.includes(MASK_TEXT))
}
