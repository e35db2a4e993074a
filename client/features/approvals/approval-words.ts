/** Words that list, detail and confirms of the inbox share. */
import { formatMoney } from '../../../server/domain/money.ts'
import type { StatusRole } from '../../ui/status-role.ts'
import { formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { ApprovalRow, DecidedRefund } from './approval-types.ts'

/** A request this close to its end is marked. */
export const EXPIRES_SOON_MS = 6 * 3_600_000

export const REQUEST_CHIPS: Readonly<
  Record<ApprovalRow['status'], readonly [role: StatusRole, label: string]>
> = {
  pending_approval: ['pending', 'Waiting for approval'],
  approved: ['charged', 'Approved'],
  rejected: ['voided', 'Rejected'],
  withdrawn: ['voided', 'Withdrawn'],
  expired: ['voided', 'Expired'],
}

/** "₹2,500.00". */
export function amountText(row: Pick<ApprovalRow, 'amountMinor' | 'currency'>): string {
  return formatMoney({ minor: row.amountMinor, currency: row.currency })
}

/** How a request ended, for somebody who came too late: "Rohan Das approved this on 22 Nov, 14:41:07 IST." */
export function endedText(refund: DecidedRefund, timeZone: TimeZoneChoice): string {
  const at = refund.decidedAt ? ` on ${formatTime(refund.decidedAt, 'list', timeZone)} ${timeZone}` : ''
  if (refund.status === 'expired') return 'The time to decide this request has run out.'
  if (refund.status === 'waiting_approval') return 'This request is still waiting for a decision.'
  if (refund.status === 'withdrawn') {
    return `${refund.requestedBy?.name ?? 'The person who asked'} withdrew this request${at}.`
  }
  const verb = refund.status === 'rejected' ? 'rejected' : 'approved'
  return `${refund.decidedBy?.name ?? 'The refund policy'} ${verb} this request${at}.`
}
