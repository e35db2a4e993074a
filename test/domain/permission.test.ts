import { describe, expect, test } from 'vitest'
import {
  deniedReason,
  permissionsOf,
  PERMISSIONS,
  roleCan,
  ROLES,
  type Permission,
  type Role,
} from '../../server/domain/permission.ts'

/** The table of the interaction rules, typed in again from the design so that a slip in the bundles shows. */
const HOLDERS: Record<Permission, readonly Role[]> = {
  'order:read': ['viewer', 'support', 'finance', 'approver', 'ops', 'developer', 'auditor', 'admin'],
  'order:pii': ['support', 'finance', 'approver', 'admin'],
  'order:sync': ['support', 'finance', 'approver', 'ops', 'developer', 'admin'],
  'order:note': ['support', 'finance', 'approver', 'ops', 'developer', 'admin'],
  'refund:request': ['support', 'finance', 'admin'],
  'refund:approve': ['approver', 'admin'],
  'refund:bulk': ['finance', 'admin'],
  'refund:stop': ['finance', 'approver', 'ops', 'admin'],
  'recon:read': ['viewer', 'finance', 'approver', 'ops', 'auditor', 'admin'],
  'recon:run': ['finance', 'admin'],
  'recon:import': ['finance', 'admin'],
  'recon:resolve': ['finance', 'admin'],
  'recon:writeoff': ['approver', 'admin'],
  'event:read': ['viewer', 'support', 'finance', 'approver', 'ops', 'developer', 'auditor', 'admin'],
  'event:payload': ['ops', 'developer', 'auditor', 'admin'],
  'event:replay': ['ops', 'developer', 'admin'],
  'analytics:read': ['viewer', 'finance', 'approver', 'ops', 'auditor', 'admin'],
  'export:create': ['finance', 'approver', 'ops', 'auditor', 'admin'],
  'audit:read': ['auditor', 'admin'],
  'user:manage': ['admin'],
  'role:manage': ['admin'],
  'settings:read': ['finance', 'approver', 'ops', 'developer', 'auditor', 'admin'],
  'settings:write': ['admin'],
  'settings:secrets': ['admin'],
  'sandbox:use': ['support', 'finance', 'approver', 'ops', 'developer', 'admin'],
}

describe('roles are bundles of permissions', () => {
  test.each(PERMISSIONS.flatMap((permission) => ROLES.map((role) => [role, permission] as const)))(
    '%s and %s',
    (role, permission) => {
      expect(roleCan(role, permission)).toBe(HOLDERS[permission].includes(role))
      expect(permissionsOf(role).includes(permission)).toBe(HOLDERS[permission].includes(role))
    },
  )

  test('nobody but an admin both asks for refunds and approves them', () => {
    const both = ROLES.filter((role) => roleCan(role, 'refund:request') && roleCan(role, 'refund:approve'))
    expect(both).toEqual(['admin'])
  })

  test('a refusal names the role and the deed', () => {
    expect(deniedReason('viewer', 'refund:request')).toBe('Your role (Viewer) cannot request refunds.')
  })
})
