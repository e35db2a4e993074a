/** What people of the desk wrote: notes, reasons, questions, names of views and files. */
import { maskText } from '../../domain/masked-text.ts'
import { roleCan, type Role } from '../../domain/permission.ts'

/**
 * Shows such a text to a role: as it was written to those who may see personal data, and to others with the addresses
 * and numbers in it masked, which people copy from the customer's message.
 */
export function proseFor(role: Role): <T extends string | null>(text: T) => T | string {
  const personal = roleCan(role, 'order:pii')
  return (text) => (personal || text === null ? text : maskText(text))
}
