import type { Person } from '../../../client/features/staff/staff-types.ts'

/** Somebody of the account, as far as `change` says nothing else. */
export function person(change: Partial<Person> = {}): Person {
  return {
    id: '00000000-0000-4000-8000-0000000000c1',
    name: 'Asha Menon',
    email: 'asha@example.com',
    role: 'support',
    disabled: false,
    hasSecondFactor: false,
    lastSeenAt: null,
    createdAt: new Date('2026-11-01T00:00:00Z'),
    ...change,
  }
}
