import type { Actor } from '../../domain/actor.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { StoreTx } from '../../store/store.ts'
import { noteChange, rebalance } from './refund-facts.ts'

/**
 * Closes a waiting request without a decision and gives its amount back. The caller holds the order's lock.
 * @returns false when somebody decided it first.
 */
export async function closeUndecided(
  tx: StoreTx,
  input: {
    actor: Actor
    request: RefundRequestRecord
    status: 'withdrawn' | 'expired'
    note: string | null
    now: Date
  },
): Promise<boolean> {
  const { actor, request, status, note, now } = input
  const { merchantAccountId: accountId, id, orderId, expiresAt } = request
  const closed = await tx.refundRequests.close({
    accountId,
    id,
    status,
    decidedBy: null,
    decidedAt: now,
    note,
    expiresAt,
  })
  if (!closed) return false
  await rebalance(tx, accountId, orderId, now)
  const source = actor.kind === 'user' ? 'person' : 'system'
  const subject = { kind: 'refund_request', id, name: id } as const
  await noteChange(tx, { accountId, orderId, source, subject, before: request.status, after: status, now })
  await tx.audit.append({
    actor,
    action: status === 'withdrawn' ? 'refund_request.withdraw' : 'refund_request.expire',
    subjectKind: 'refund_request',
    subjectId: id,
    outcome: 'done',
    reason: note,
    before: { status: request.status },
    after: { status, amountMinor: request.amountMinor, currency: request.currency, orderId },
  })
  return true
}
