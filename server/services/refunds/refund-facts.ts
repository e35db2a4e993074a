import { assert } from '../../domain/assert.ts'
import type { FieldChange } from '../../domain/change.ts'
import { derive, type OrderRecord } from '../../domain/order.ts'
import { roleCan, type Permission, type Role } from '../../domain/permission.ts'
import { Refusal } from '../../domain/refusal.ts'
import { destinationFacts, destinationOf, knownBefore } from '../../domain/refund-destination.ts'
import type { TransactionRecord } from '../../domain/transaction.ts'
import type { SystemActor } from '../../domain/actor.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { approvalHash, deriveRefundKey } from './refund-key.ts'

/**
 * Recomputes and stores an order's balance after its requests or refunds changed. The caller holds the order's lock
 * and has made the change. Our own acts never push an order over its charge; only Juspay's reports can (I1).
 */
export async function rebalance(
  tx: StoreTx,
  accountId: string,
  orderId: string,
  now: Date,
): Promise<OrderRecord> {
  const locked = await tx.orders.lockAggregate(accountId, orderId)
  assert(locked !== null, 'the order of a refund exists')
  const { order } = derive(locked)
  assert(order.excessMinor <= locked.order.excessMinor, 'a refund request never exceeds what is left')
  await tx.orders.saveBalance(accountId, orderId, order, now)
  return order
}

/** Notes a status change of a request or refund on the order's change log and tells open screens. */
export async function noteChange(
  tx: StoreTx,
  change: {
    accountId: string
    orderId: string
    source: 'person' | 'system'
    subject: { kind: 'refund_request' | 'refund'; id: string; name: string }
    before: string | null
    after: string
    now: Date
  },
): Promise<void> {
  const { accountId, orderId, source, subject, before, after, now } = change
  const changes: FieldChange[] = [
    { subject: `${subject.kind}:${subject.name}`, field: 'status', before, after },
  ]
  const at = { occurredAt: now, at: now }
  await tx.orderChanges.append({ accountId, orderId, source, sourceId: subject.id, changes, ...at })
  await tx.liveChanges.append(accountId, subject.kind, subject.id)
  await tx.liveChanges.append(accountId, 'order', orderId)
}

type Agreed = Pick<RefundRequestRecord, 'orderId' | 'amountMinor' | 'currency' | 'reason' | 'note' | 'txnRef'>
type Known = { order: OrderRecord; transactions: readonly TransactionRecord[] }

/** The approval hash of a request over the order as it is known now (I8). */
export function hashNow(request: Agreed, { order, transactions }: Known): Buffer {
  const destination = destinationOf(order, transactions, request.txnRef)
  assert(destination !== null, 'a refund names an attempt of its order')
  return hashFor(request, order.orderRef, destinationFacts(destination))
}

/** Whether what was agreed to still holds: nothing of it has changed, though more of it may be known by now. */
export function stillAgreed(
  request: Agreed & { approvalHash: Buffer },
  { order, transactions }: Known,
): boolean {
  const destination = destinationOf(order, transactions, request.txnRef)
  if (destination === null || order.currency !== request.currency) return false
  return knownBefore(destination).some((facts) =>
    hashFor(request, order.orderRef, facts).equals(request.approvalHash),
  )
}

function hashFor(request: Agreed, orderRef: string, destination: string): Buffer {
  const { orderId, amountMinor, currency, reason, note, txnRef } = request
  return approvalHash({ orderId, orderRef, amountMinor, currency, destination, reason, note, txnRef })
}

/** Whether a person may do something on an account at this moment, whatever their session remembers. */
export async function mayNow(
  tx: StoreTx,
  accountId: string,
  userId: string,
  permission: Permission,
): Promise<{ role: Role; name: string } | null> {
  const member = await tx.staff.member(accountId, userId)
  if (member === null || member.disabled || !roleCan(member.role, permission)) return null
  return { role: member.role, name: member.name }
}

/** Names of the people who may decide a request of `requesterId`. */
export async function approversFor(tx: StoreTx, accountId: string, requesterId: string): Promise<string[]> {
  const staff = await tx.staff.list(accountId)
  return staff
    .filter(
      (member) => !member.disabled && member.id !== requesterId && roleCan(member.role, 'refund:approve'),
    )
    .map((member) => member.name)
}

/** A job of ours as an actor. */
export function jobActor(deps: Deps, name: string, accountId: string): SystemActor {
  return { kind: 'system', name, accountId, requestId: deps.ids.uuid() }
}

/** Stores attempt `attemptNo` of an approved request, ready for the sender, with the key derived for it. */
export async function insertAttempt(
  deps: Deps,
  tx: StoreTx,
  request: Pick<RefundRequestRecord, 'id' | 'merchantAccountId' | 'orderId' | 'amountMinor' | 'currency'>,
  attemptNo: number,
  now: Date,
): Promise<void> {
  const { id: refundRequestId, merchantAccountId: accountId, orderId, amountMinor, currency } = request
  const uniqueRequestId = deriveRefundKey(deps.refundKeySecret, { accountId, refundRequestId, attemptNo })
  const id = deps.ids.uuid()
  const attempt = {
    id,
    accountId,
    orderId,
    refundRequestId,
    attemptNo,
    uniqueRequestId,
    amountMinor,
    currency,
    now,
  }
  if (await tx.refunds.insertReady(attempt)) return
  throw new Refusal(
    'retry_not_allowed',
    'Another try of this refund turned up at Juspay after all, so it is not sent again.',
    'Reject the request, and look at the work item of the order.',
  )
}
