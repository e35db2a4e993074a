import type { Person } from './staff-types.ts'

/** Why this person's role and access cannot be changed by the one who looks; null when they can. The server decides. */
export function guardReason(
  person: Pick<Person, 'id' | 'role' | 'disabled'>,
  people: readonly Pick<Person, 'id' | 'role' | 'disabled'>[],
  ownId: string,
): string | null {
  if (person.id === ownId) return 'You cannot change your own access. Ask another admin.'
  const admins = people.filter((one) => one.role === 'admin' && !one.disabled)
  if (admins.length === 1 && admins[0]?.id === person.id)
    return 'This is the last admin who can sign in. Make somebody else an admin first.'
  return null
}
