import type { FieldChange } from '../../domain/change.ts'
import {
  GAP_GRACE_MS,
  GATEWAY_PENDING_AFTER_MS,
  isPastUsualTime,
  missedBy,
  tells,
  type Missed,
} from '../../domain/webhook-gap.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import type { StoreTx } from '../../store/store.ts'
import type { UnappliedEvent } from '../../store/webhook-gaps.ts'
import type { AccountRef, Deps } from '../deps.ts'

/** A status answer that has been applied. */
export type AppliedAnswer = {
  account: AccountRef
  /** The order with the answer in it. */
  order: StoredOrder
  changes: readonly FieldChange[]
  checkId: string
  /** When Juspay last changed the order, as it says itself. */
  statedAt: Date | null
  byPerson: boolean
  now: Date
}

/**
 * Notes what a status answer told that no webhook had (W24), in the transaction of the answer. What a person finds
 * within the grace is no gap: they were faster than the webhook.
 */
export async function noteGaps(
  deps: Pick<Deps, 'readEvent'>,
  tx: StoreTx,
  found: AppliedAnswer,
): Promise<void> {
  await notePending(tx, found)
  const missed = missedBy(found.changes)
  if (missed.length === 0) return
  const { account, order, statedAt, now } = found
  const dueSince = statedAt === null || statedAt > now ? now : statedAt
  const stored = await tx.webhookGaps.unapplied(account.id, order.orderRef)
  for (const one of missed) {
    const event = tellerOf(deps, stored, one, account)
    if (isOvertaken(event, { ...found, dueSince })) continue
    await tx.webhookGaps.add({
      ...rowOf(found, one),
      cause: event === null ? 'juspay_late' : 'we_failed',
      dueSince,
      healedAt: now,
      event,
    })
  }
}

/** Whether the check was only faster: than an event that waits its turn, or than one on its way to a person who asked. */
function isOvertaken(
  event: UnappliedEvent | null,
  { dueSince, byPerson, now }: { dueSince: Date; byPerson: boolean; now: Date },
): boolean {
  if (event === null) return byPerson && now.getTime() - dueSince.getTime() < GAP_GRACE_MS
  return !event.givenUp && now.getTime() - event.receivedAt.getTime() < GAP_GRACE_MS
}

/** One note while a payment waits longer than usual, and its end. */
async function notePending(tx: StoreTx, found: AppliedAnswer): Promise<void> {
  const { account, order, changes, now } = found
  if (changes.some(({ subject, field }) => subject === 'order' && field === 'paymentStatus'))
    await tx.webhookGaps.healPending(account.id, order.id, now)
  if (!isPastUsualTime(order, now)) return
  await tx.webhookGaps.add({
    ...rowOf(found, { kind: 'outcome', subject: null }),
    cause: 'gateway_pending',
    dueSince: new Date(order.changedAt.getTime() + GATEWAY_PENDING_AFTER_MS),
    healedAt: null,
    event: null,
  })
}

function rowOf({ account, order, checkId, now }: AppliedAnswer, missed: Missed) {
  return { accountId: account.id, orderId: order.id, statusCheckId: checkId, foundAt: now, missed }
}

/** The oldest stored event that tells what was missed, if any: then it was us who failed. */
function tellerOf(
  deps: Pick<Deps, 'readEvent'>,
  stored: readonly UnappliedEvent[],
  missed: Missed,
  account: AccountRef,
): UnappliedEvent | null {
  const tellers = stored.filter((event) => {
    const told = deps.readEvent(event.body, { currency: account.currency })
    return !('failure' in told) && told.order !== null && tells(told.order, missed)
  })
  return tellers.at(-1) ?? null
}
