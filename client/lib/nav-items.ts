import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconBroadcast from '@tabler/icons-react/dist/esm/icons/IconBroadcast.mjs'
import IconFileSearch from '@tabler/icons-react/dist/esm/icons/IconFileSearch.mjs'
import IconFileText from '@tabler/icons-react/dist/esm/icons/IconFileText.mjs'
import IconHome from '@tabler/icons-react/dist/esm/icons/IconHome.mjs'
import IconHeartbeat from '@tabler/icons-react/dist/esm/icons/IconHeartbeat.mjs'
import IconFileUpload from '@tabler/icons-react/dist/esm/icons/IconFileUpload.mjs'
import IconFlask from '@tabler/icons-react/dist/esm/icons/IconFlask.mjs'
import IconInbox from '@tabler/icons-react/dist/esm/icons/IconInbox.mjs'
import IconList from '@tabler/icons-react/dist/esm/icons/IconList.mjs'
import IconPlugConnected from '@tabler/icons-react/dist/esm/icons/IconPlugConnected.mjs'
import IconReceiptRefund from '@tabler/icons-react/dist/esm/icons/IconReceiptRefund.mjs'
import IconScale from '@tabler/icons-react/dist/esm/icons/IconScale.mjs'
import IconSettings from '@tabler/icons-react/dist/esm/icons/IconSettings.mjs'
import IconShieldCheck from '@tabler/icons-react/dist/esm/icons/IconShieldCheck.mjs'
import IconUsers from '@tabler/icons-react/dist/esm/icons/IconUsers.mjs'
import type { Permission } from '../../server/domain/permission.ts'
import type { NavItem } from '../ui/nav-sidebar.tsx'

export type Place = NavItem & {
  keys: string
  /** Without this permission the place is left out: the role has nothing to do there. */
  needs: Permission
  counter?: 'approvals' | 'batches' | 'failedEvents' | 'discrepancies'
  sandboxOnly?: boolean
}

/** The pages of the sidebar, in its order, with the keys that lead to them. */
export const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview', icon: IconHome, keys: 'G O', needs: 'order:read' },
  {
    to: '/transactions',
    covers: ['/orders'],
    label: 'Transactions',
    icon: IconList,
    keys: 'G T',
    needs: 'order:read',
    phone: true,
  },
  {
    to: '/approvals',
    label: 'Approvals',
    icon: IconInbox,
    keys: 'G A',
    needs: 'order:read',
    counter: 'approvals',
    phone: true,
  },
  { to: '/refunds', label: 'Refunds', icon: IconReceiptRefund, keys: 'G R', needs: 'order:read' },
  {
    to: '/refunds/bulk',
    label: 'Bulk refunds',
    icon: IconFileUpload,
    keys: 'G B',
    needs: 'order:read',
    counter: 'batches',
  },
  {
    to: '/refunds/safety',
    label: 'Refund safety',
    icon: IconShieldCheck,
    keys: 'G Y',
    needs: 'order:read',
  },
  {
    to: '/reconciliation',
    label: 'Reconciliation',
    icon: IconScale,
    keys: 'G C',
    needs: 'recon:read',
    counter: 'discrepancies',
  },
  { to: '/events', label: 'Live events', icon: IconBroadcast, keys: 'G L', needs: 'event:read', phone: true },
  {
    to: '/events/failed',
    covers: ['/events/replays'],
    label: 'Failed events',
    icon: IconAlertTriangle,
    keys: 'G F',
    needs: 'event:read',
    counter: 'failedEvents',
  },
  {
    to: '/events/health',
    label: 'Webhook health',
    icon: IconHeartbeat,
    keys: 'G H',
    needs: 'event:read',
  },
  {
    to: '/audit',
    label: 'Audit log',
    icon: IconFileText,
    keys: 'G U',
    needs: 'audit:read',
    section: 'Admin',
  },
  {
    to: '/users',
    label: 'Users and roles',
    icon: IconUsers,
    keys: 'G M',
    needs: 'user:manage',
    section: 'Admin',
  },
  {
    to: '/settings',
    label: 'Settings',
    icon: IconSettings,
    keys: 'G S',
    needs: 'settings:read',
    section: 'Admin',
  },
  {
    to: '/integration',
    label: 'Integration',
    icon: IconPlugConnected,
    keys: 'G D',
    needs: 'settings:read',
    section: 'Admin',
  },
  {
    to: '/inspector',
    label: 'Inspector',
    icon: IconFileSearch,
    keys: 'G I',
    needs: 'settings:read',
    section: 'Admin',
  },
  {
    to: '/sandbox',
    label: 'Sandbox',
    icon: IconFlask,
    keys: 'G X',
    needs: 'sandbox:use',
    section: 'Admin',
    sandboxOnly: true,
  },
]
