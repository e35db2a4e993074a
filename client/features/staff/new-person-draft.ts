import type { Role } from '../../../server/domain/permission.ts'

export type NewPersonDraft = { name: string; email: string; role: Role; password: string }

/** The server takes no shorter one. */
export const PASSWORD_MIN = 12

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** What is still missing, as a sentence for the button; null when the person can be added. */
export function newPersonProblem(draft: NewPersonDraft): string | null {
  if (draft.name.trim() === '') return 'Name: enter one first.'
  if (!EMAIL.test(draft.email.trim())) return 'Email: enter an address, for example asha@merchant.in.'
  if (draft.password.length < PASSWORD_MIN)
    return `Temporary password must have at least ${PASSWORD_MIN} characters.`
  return null
}

/** Letters and digits that cannot be mistaken for each other when read aloud. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_CHARS = 4

/** A random first password such as "k7mq-w3fh-x9dp-4rtn" (about 79 bits). */
export function temporaryPassword(): string {
  const letters: string[] = []
  // Bytes past the last whole multiple are thrown away: the rest would favour the first letters.
  const limit = 256 - (256 % ALPHABET.length)
  while (letters.length < GROUPS * GROUP_CHARS) {
    for (const byte of crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_CHARS))) {
      if (byte < limit && letters.length < GROUPS * GROUP_CHARS)
        letters.push(ALPHABET.charAt(byte % ALPHABET.length))
    }
  }
  const groups = Array.from({ length: GROUPS }, (_, i) =>
    letters.slice(i * GROUP_CHARS, (i + 1) * GROUP_CHARS).join(''),
  )
  return groups.join('-')
}
