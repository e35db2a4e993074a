/** Roles and permissions in words, for the people who hand them out. */
import { ROLE_LABELS, ROLES, type Permission, type Role } from '../../../server/domain/permission.ts'

export const ROLE_OPTIONS: readonly { value: Role; label: string }[] = ROLES.map((role) => ({
  value: role,
  label: ROLE_LABELS[role],
}))

/** What a role is for, as one line. */
export const ROLE_SENTENCES: Readonly<Record<Role, string>> = {
  viewer: 'Looks at orders, events and reconciliation. Changes nothing.',
  support: 'Helps customers: finds orders, checks status, asks for refunds.',
  finance: 'Asks for refunds and works through reconciliation. Does not approve.',
  approver: 'Approves or rejects refunds that others asked for. Never asks for one.',
  ops: 'Keeps webhooks flowing: reads payloads, replays events, checks status.',
  developer: 'Reads webhook payloads, replays events, uses the sandbox.',
  auditor: 'Reads everything, the audit log included. Changes nothing.',
  admin: 'May do everything, people and settings included. Never approves an own request.',
}

type PermissionGroup = { title: string; permissions: readonly { id: Permission; label: string }[] }

/** The permissions by area, in the order of the table. */
export const PERMISSION_GROUPS: readonly PermissionGroup[] = [
  {
    title: 'Orders',
    permissions: [
      { id: 'order:read', label: 'See orders and refunds' },
      { id: 'order:pii', label: 'Reveal personal data (logged)' },
      { id: 'order:sync', label: 'Check status with Juspay' },
      { id: 'order:note', label: 'Write notes on orders' },
    ],
  },
  {
    title: 'Refunds',
    permissions: [
      { id: 'refund:request', label: 'Ask for a refund' },
      { id: 'refund:approve', label: 'Approve or reject, never own requests' },
      { id: 'refund:bulk', label: 'Refund many orders at once' },
      { id: 'refund:stop', label: 'Stop refunds' },
    ],
  },
  {
    title: 'Reconciliation',
    permissions: [
      { id: 'recon:read', label: 'See reconciliation' },
      { id: 'recon:run', label: 'Run checks' },
      { id: 'recon:import', label: 'Import settlement files' },
      { id: 'recon:resolve', label: 'Resolve discrepancies' },
      { id: 'recon:writeoff', label: 'Write off discrepancies' },
    ],
  },
  {
    title: 'Events',
    permissions: [
      { id: 'event:read', label: 'See webhook events' },
      { id: 'event:payload', label: 'See webhook payloads' },
      { id: 'event:replay', label: 'Replay webhook events' },
    ],
  },
  {
    title: 'Reports',
    permissions: [
      { id: 'analytics:read', label: 'See analytics' },
      { id: 'export:create', label: 'Export data' },
      { id: 'audit:read', label: 'Read the audit log' },
    ],
  },
  {
    title: 'Administration',
    permissions: [
      { id: 'user:manage', label: 'Manage people' },
      { id: 'role:manage', label: 'Manage roles' },
      { id: 'settings:read', label: 'See settings' },
      { id: 'settings:write', label: 'Change settings' },
      { id: 'settings:secrets', label: 'Change credentials' },
      { id: 'sandbox:use', label: 'Use the sandbox' },
    ],
  },
]
