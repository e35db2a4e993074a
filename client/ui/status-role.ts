import { DISPLAY_LABELS } from '../../server/domain/payment-status.ts'

/** The states a chip can show. `sandbox` marks test data; the others are the display statuses of an order. */
export const STATUS_ROLES = [
  'charged',
  'pending',
  'authorised',
  'failed',
  'refunded',
  'partial',
  'disputed',
  'voided',
  'review',
  'unknown',
  'sandbox',
] as const

export type StatusRole = (typeof STATUS_ROLES)[number]

/** The word of each state; screens pass their own where Juspay's code says more ("Capturing", "Pending 42 min"). */
export const STATUS_LABELS: Readonly<Record<StatusRole, string>> = { ...DISPLAY_LABELS, sandbox: 'Sandbox' }

/** States that need nobody: shown without a fill in lists, so that exceptions stand out. */
export const QUIET_ROLES: ReadonlySet<StatusRole> = new Set(['charged', 'refunded', 'voided'])
