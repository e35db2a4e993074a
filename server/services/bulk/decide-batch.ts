import type { StaffActor } from '../../domain/actor.ts'
import { expiryFrom } from '../../domain/approval-policy.ts'
import { bulkCan, bulkStatesFor, HOLD_MINUTES_DEFAULT } from '../../domain/bulk-batch.ts'
import { deniedReason } from '../../domain/permission.ts'
import { cleanNote, NOTE_MAX_LENGTH } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { mayNow } from '../refunds/refund-facts.ts'
import { batchHash, demandBatch, lockBatch, noteDeed } from './bulk-facts.ts'

const MINUTE_MS = 60_000

export type BatchDecision = {
  batchId: string
  decision: 'approve' | 'reject'
  /** Why; needed to reject. */
  note: string | null
  /** Hex of what the approver was shown: a decision about anything else is refused (I8). */
  approvalHash: string
}

/**
 * Approves or rejects a batch as a whole. An approved batch is held, so that it can still be cancelled; a rejected one
 * gives its amounts back.
 * @throws Refusal not_found, own_request, permission_denied, conflict, request_expired, request_changed, note_required
 */
export async function decideBatch(
  deps: Pick<Deps, 'store' | 'clock' | 'wake'>,
  actor: StaffActor,
  input: BatchDecision,
): Promise<BulkBatchRecord> {
  const { accountId } = actor
  const act = input.decision
  const batch = await deps.store.transaction(async (tx) => {
    const before = await lockBatch(tx, accountId, input.batchId, {
      act,
      can: ({ status }) => bulkCan(act, status),
    })
    const note = await checkDecision(deps, tx, actor, before, input)
    const now = deps.clock.now()
    const { rules } = await tx.refundPolicies.current(accountId)
    const decided = { decidedBy: actor.userId, decidedAt: now, decisionNote: note }
    const holdUntil = new Date(now.getTime() + (rules.bulkHoldMinutes ?? HOLD_MINUTES_DEFAULT) * MINUTE_MS)
    if (act === 'approve') await tx.refundRequests.extendBatch(before.id, expiryFrom(rules, holdUntil))
    await tx.bulk.move(accountId, before.id, {
      from: bulkStatesFor(act),
      to: act === 'approve' ? 'held' : 'rejected',
      now,
      nextAt: act === 'approve' ? holdUntil : now,
      set: act === 'approve' ? { ...decided, holdUntil } : { ...decided, finishedAt: now },
    })
    await noteDeed(tx, actor, {
      action: act,
      batchId: before.id,
      reason: note,
      before: { status: before.status },
      after: {
        rows: before.reservedRows,
        amountMinor: before.amountMinor,
        currency: before.currency,
        approvalHash: input.approvalHash,
        ...(act === 'approve' ? { holdUntil } : {}),
      },
    })
    return demandBatch(tx, accountId, before.id)
  })
  deps.wake('bulk')
  deps.wake('live')
  return batch
}

async function checkDecision(
  deps: Pick<Deps, 'clock'>,
  tx: StoreTx,
  actor: StaffActor,
  batch: BulkBatchRecord,
  input: BatchDecision,
): Promise<string | null> {
  const { accountId, userId } = actor
  if (batch.createdBy === userId || batch.submittedBy === userId)
    throw new Refusal('own_request', 'You asked for these refunds, so someone else must decide.')
  if ((await mayNow(tx, accountId, userId, 'refund:approve')) === null)
    throw new Refusal('permission_denied', deniedReason(actor.role, 'refund:approve'))
  const note = cleanNote(input.note)
  if (note !== null && note.length > NOTE_MAX_LENGTH)
    throw new Refusal('invalid_input', `Note must be ${NOTE_MAX_LENGTH} characters or less.`)
  if (input.decision === 'reject') {
    if (note === null) throw new Refusal('note_required', 'Note must say why, for the person who asked.')
    return note
  }
  if (batch.expiresAt === null || batch.expiresAt <= deps.clock.now())
    throw new Refusal('request_expired', 'The time to decide this batch has run out.', 'Run it again.')
  const now = await batchHash(tx, batch.id)
  const shown = Buffer.from(input.approvalHash, 'hex')
  if (batch.approvalHash === null || !now.equals(batch.approvalHash) || !now.equals(shown))
    throw new Refusal(
      'request_changed',
      'This is not what you were shown.',
      'Open the batch again and look at it once more.',
    )
  if (
    batch.submittedBy === null ||
    (await mayNow(tx, accountId, batch.submittedBy, 'refund:request')) === null
  )
    throw new Refusal(
      'conflict',
      'The person who asked can no longer request refunds.',
      'Reject it; someone else can ask for it again.',
    )
  return note
}
