import type { RefundDisplay } from '../../server/domain/refund-display.ts'
import type { StatusRole } from '../ui/status-role.ts'

/** Role and label of a refund's chip (design Appendix A, "Refund state"). */
export const REFUND_CHIPS: Readonly<Record<RefundDisplay, readonly [role: StatusRole, label: string]>> = {
  waiting_approval: ['pending', 'Waiting for approval'],
  approved: ['pending', 'Approved'],
  sending: ['pending', 'Sending'],
  pending: ['pending', 'Pending'],
  succeeded: ['refunded', 'Succeeded'],
  failed: ['failed', 'Failed'],
  review: ['review', 'Needs review'],
  rejected: ['voided', 'Rejected'],
  expired: ['voided', 'Expired'],
  withdrawn: ['voided', 'Withdrawn'],
  unknown: ['unknown', 'Unknown'],
}

/** Role and label of a row's chip: an end that Juspay has not confirmed is none yet. */
export function refundChip({
  status,
  confirming,
}: {
  status: RefundDisplay
  confirming: boolean
}): readonly [role: StatusRole, label: string] {
  return confirming ? ['pending', 'Confirming'] : REFUND_CHIPS[status]
}
