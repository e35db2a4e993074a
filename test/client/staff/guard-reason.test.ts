import { describe, expect, test } from 'vitest'
import { guardReason } from '../../../client/features/staff/guard-reason.ts'
import { newPersonProblem, temporaryPassword } from '../../../client/features/staff/new-person-draft.ts'
import { PERMISSION_GROUPS } from '../../../client/features/staff/role-words.ts'
import { PERMISSIONS } from '../../../server/domain/permission.ts'

const admin = { id: 'a', role: 'admin', disabled: false } as const
const other = { id: 'b', role: 'admin', disabled: false } as const
const support = { id: 'c', role: 'support', disabled: false } as const

describe('who can be changed', () => {
  test('never oneself', () => {
    expect(guardReason(admin, [admin, other], 'a')).toMatch(/own access/)
  })

  test('not the last admin who can sign in, whatever disabled ones there are', () => {
    expect(guardReason(admin, [admin, { ...other, disabled: true }, support], 'c')).toMatch(/last admin/)
    expect(guardReason(admin, [admin, other, support], 'c')).toBeNull()
  })

  test('everybody else', () => {
    expect(guardReason(support, [admin, support], 'a')).toBeNull()
  })
})

describe('a new person', () => {
  const draft = {
    name: 'Asha',
    email: 'asha@merchant.in',
    role: 'viewer',
    password: 'a-long-password',
  } as const

  test('needs a name, an address and a password the server takes', () => {
    expect(newPersonProblem(draft)).toBeNull()
    expect(newPersonProblem({ ...draft, name: ' ' })).toMatch(/^Name/)
    expect(newPersonProblem({ ...draft, email: 'asha@merchant' })).toMatch(/^Email/)
    expect(newPersonProblem({ ...draft, password: 'elevenchars' })).toMatch(/at least 12/)
  })

  test('gets a first password that is long, readable and never the same', () => {
    const made = Array.from({ length: 50 }, temporaryPassword)
    for (const password of made) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
    expect(new Set(made).size).toBe(50)
  })
})

test('the table of roles shows every permission once', () => {
  const shown = PERMISSION_GROUPS.flatMap((group) => group.permissions.map(({ id }) => id))
  expect(shown.toSorted()).toEqual([...PERMISSIONS].toSorted())
})
