/**
 * Roles are bundles of permissions (design: interaction rules, "Permissions in the interface"). The server checks the
 * permission in the procedure builder; the client reads the same table to disable a control and say why.
 */
export const PERMISSIONS = [
  'order:read',
  'order:pii',
  'order:sync',
  'order:note',
  'refund:request',
  'refund:approve',
  'refund:bulk',
  'refund:stop',
  'recon:read',
  'recon:run',
  'recon:import',
  'recon:resolve',
  'recon:writeoff',
  'event:read',
  'event:payload',
  'event:replay',
  'analytics:read',
  'export:create',
  'audit:read',
  'user:manage',
  'role:manage',
  'settings:read',
  'settings:write',
  'settings:secrets',
  'sandbox:use',
] as const

export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = [
  'viewer',
  'support',
  'finance',
  'approver',
  'ops',
  'developer',
  'auditor',
  'admin',
] as const

export type Role = (typeof ROLES)[number]

/**
 * Two entries of the table stand for nothing here. A developer who may "write webhooks" would write an address and a
 * password that are kept at Juspay and by `npm run admin`; `settings:write` is the refund policy and would be far more.
 * And finance, who may "ask" for a write-off, has `recon:resolve`: `recon:writeoff` is the approval.
 */
const BUNDLES: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['order:read', 'recon:read', 'event:read', 'analytics:read'],
  support: [
    'order:read',
    'order:pii',
    'order:sync',
    'order:note',
    'refund:request',
    'event:read',
    'sandbox:use',
  ],
  finance: [
    'order:read',
    'order:pii',
    'order:sync',
    'order:note',
    'refund:request',
    'refund:bulk',
    'refund:stop',
    'recon:read',
    'recon:run',
    'recon:import',
    'recon:resolve',
    'event:read',
    'analytics:read',
    'export:create',
    'settings:read',
    'sandbox:use',
  ],
  approver: [
    'order:read',
    'order:pii',
    'order:sync',
    'order:note',
    'refund:approve',
    'refund:stop',
    'recon:read',
    'recon:writeoff',
    'event:read',
    'analytics:read',
    'export:create',
    'settings:read',
    'sandbox:use',
  ],
  ops: [
    'order:read',
    'order:sync',
    'order:note',
    'refund:stop',
    'recon:read',
    'event:read',
    'event:payload',
    'event:replay',
    'analytics:read',
    'export:create',
    'settings:read',
    'sandbox:use',
  ],
  developer: [
    'order:read',
    'order:sync',
    'order:note',
    'event:read',
    'event:payload',
    'event:replay',
    'settings:read',
    'sandbox:use',
  ],
  auditor: [
    'order:read',
    'recon:read',
    'event:read',
    'event:payload',
    'analytics:read',
    'export:create',
    'audit:read',
    'settings:read',
  ],
  admin: [...PERMISSIONS],
}

/** What each permission lets a person do, as the end of "Your role (Viewer) cannot …". */
const DEEDS: Readonly<Record<Permission, string>> = {
  'order:read': 'see orders',
  'order:pii': 'reveal personal data',
  'order:sync': 'check status with Juspay',
  'order:note': 'write notes on orders',
  'refund:request': 'request refunds',
  'refund:approve': 'approve refunds',
  'refund:bulk': 'run bulk refunds',
  'refund:stop': 'stop refunds',
  'recon:read': 'see reconciliation',
  'recon:run': 'run reconciliation',
  'recon:import': 'import settlement files',
  'recon:resolve': 'resolve discrepancies',
  'recon:writeoff': 'write off discrepancies',
  'event:read': 'see webhook events',
  'event:payload': 'see webhook payloads',
  'event:replay': 'replay webhook events',
  'analytics:read': 'see analytics',
  'export:create': 'export data',
  'audit:read': 'read the audit log',
  'user:manage': 'manage people',
  'role:manage': 'manage roles',
  'settings:read': 'see settings',
  'settings:write': 'change settings',
  'settings:secrets': 'change credentials',
  'sandbox:use': 'use the sandbox',
}

/** The role's name on screen. */
export const ROLE_LABELS: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  support: 'Support',
  finance: 'Finance',
  approver: 'Approver',
  ops: 'Operations',
  developer: 'Developer',
  auditor: 'Auditor',
  admin: 'Admin',
}

/** All permissions of `role`. */
export function permissionsOf(role: Role): readonly Permission[] {
  return BUNDLES[role]
}

/** Whether `role` carries `permission`. */
export function roleCan(role: Role, permission: Permission): boolean {
  return BUNDLES[role].includes(permission)
}

/** The sentence shown on a control the role may not use, and in the refusal the server answers. */
export function deniedReason(role: Role, permission: Permission): string {
  return `Your role (${ROLE_LABELS[role]}) cannot ${DEEDS[permission]}.`
}
