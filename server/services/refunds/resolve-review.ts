/**
 * Refunds in manual review: one person proposes what the gateway says became of the money, another confirms it. The
 * refund's status and the order's balance follow; nothing is ever sent, and Juspay's later word wins or opens a work item.
 */
import type { StaffActor } from '../../domain/actor.ts'
import { deniedReason, type Permission } from '../../domain/permission.ts'
import { cleanNote, NOTE_MAX_LENGTH } from '../../domain/refund-reason.ts'
import { readProposal, type ReviewProposal } from '../../domain/refund-review.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { RefundReview } from '../../store/refund-reviews.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { auditRefusal } from './audit-refusal.ts'
import { mayNow, noteChange, rebalance } from './refund-facts.ts'

/**
 * Proposes how a refund in review ended. @returns the proposal, which waits for a second person
 * @throws Refusal not_found, permission_denied, invalid_input, already_decided, conflict
 */
export async function proposeReview(
  deps: Deps,
  actor: StaffActor,
  input: ReviewProposal & { refundId: string },
): Promise<RefundReview> {
  const { accountId, userId } = actor
  const deed = { action: 'refund_review.propose', subjectKind: 'refund', subjectId: input.refundId }
  const id = deps.ids.uuid()
  await auditRefusal(deps, actor, deed, async () => {
    const read = readProposal(input)
    if (!read.ok) throw new Refusal('invalid_input', read.problem)
    await deps.store.transaction(async (tx) => {
      const refund = await lockInReview(tx, actor, input.refundId, 'refund:request')
      if (input.outcome === 'failed' && (await tx.refunds.isPartlyPaid(refund.id)))
        throw new Refusal(
          'invalid_input',
          'Part of this refund was paid, so it cannot be marked as failed.',
          'Ask the gateway to pay the rest, or Juspay to settle it.',
        )
      const { refundId, now } = { refundId: refund.id, now: deps.clock.now() }
      const stored = await tx.refundReviews.insert({
        id,
        accountId,
        refundId,
        proposedBy: userId,
        now,
        ...read.proposal,
      })
      if (!stored)
        throw new Refusal(
          'conflict',
          'Somebody has already proposed how this refund ended.',
          'Confirm or decline that first.',
        )
      await tx.liveChanges.append(accountId, 'refund', refundId)
      const { note, ...after } = read.proposal
      await tx.audit.append({ actor, ...deed, outcome: 'done', reason: note, after })
    })
  })
  deps.wake('live')
  return demandReview(deps.store, accountId, id)
}

/**
 * Confirms or declines a proposal; never by the person who made it (CHECK as well).
 * @throws Refusal not_found, own_request, permission_denied, already_decided, note_required, invalid_input
 */
export async function decideReview(
  deps: Deps,
  actor: StaffActor,
  input: { reviewId: string; decision: 'confirm' | 'decline'; note: string | null },
): Promise<RefundReview> {
  const { accountId } = actor
  const deed = {
    action: input.decision === 'confirm' ? 'refund_review.confirm' : 'refund_review.decline',
    subjectKind: 'refund_review',
    subjectId: input.reviewId,
  }
  await auditRefusal(deps, actor, deed, async () => {
    const note = cleanNote(input.note)
    if (note !== null && note.length > NOTE_MAX_LENGTH)
      throw new Refusal('invalid_input', `Note must be ${NOTE_MAX_LENGTH} characters or less.`)
    if (input.decision === 'decline' && note === null)
      throw new Refusal('note_required', 'Note must say why, for the person who proposed it.')
    const { refundId, proposedBy } = await demandReview(deps.store, accountId, input.reviewId)
    if (proposedBy.id === actor.userId)
      throw new Refusal('own_request', 'You proposed this, so someone else must confirm it.')
    await deps.store.transaction(async (tx) => {
      const refund = await lockInReview(tx, actor, refundId, 'refund:approve')
      const review = await demandReview(tx, accountId, input.reviewId)
      await close(deps, tx, { actor, review, refund, decision: input.decision, note })
    })
  })
  deps.wake('live')
  return demandReview(deps.store, accountId, input.reviewId)
}

async function close(
  deps: Deps,
  tx: StoreTx,
  decided: {
    actor: StaffActor
    review: RefundReview
    refund: RefundWork
    decision: 'confirm' | 'decline'
    note: string | null
  },
): Promise<void> {
  const { actor, review, refund, decision, note } = decided
  const { accountId, orderId } = refund
  const now = deps.clock.now()
  const status = decision === 'confirm' ? 'confirmed' : 'declined'
  const closed = await tx.refundReviews.close({
    accountId,
    id: review.id,
    status,
    decidedBy: actor.userId,
    note,
    now,
  })
  if (!closed) throw new Refusal('already_decided', 'Somebody else has decided this proposal.')
  if (decision === 'confirm') {
    if (!(await tx.refundReviews.settle(refund.id, review.outcome, now))) throw notInReview()
    await rebalance(tx, accountId, orderId, now)
    const subject = { kind: 'refund', id: refund.id, name: refund.uniqueRequestId } as const
    const told = { accountId, orderId, source: 'person', subject, now } as const
    await noteChange(tx, { ...told, before: refund.status, after: review.outcome })
  } else {
    await tx.liveChanges.append(accountId, 'refund', refund.id)
  }
  await tx.audit.append({
    actor,
    action: decision === 'confirm' ? 'refund_review.confirm' : 'refund_review.decline',
    subjectKind: 'refund',
    subjectId: refund.id,
    outcome: 'done',
    reason: note,
    before: { status: refund.status, proposedBy: review.proposedBy.name },
    after: { status: decision === 'confirm' ? review.outcome : refund.status, reference: review.reference },
  })
}

/** The refund under its order's lock, in review, for a person who may act on it now. */
async function lockInReview(
  tx: StoreTx,
  actor: StaffActor,
  refundId: string,
  permission: Permission,
): Promise<RefundWork> {
  const refund = await tx.refunds.lockForAnswer(refundId)
  if (refund === null || refund.accountId !== actor.accountId)
    throw new Refusal('not_found', 'There is no such refund in this account.')
  if ((await mayNow(tx, actor.accountId, actor.userId, permission)) === null)
    throw new Refusal('permission_denied', deniedReason(actor.role, permission))
  if (refund.status !== 'manual_review') throw notInReview()
  return refund
}

function notInReview(): Refusal {
  return new Refusal(
    'already_decided',
    'This refund is not in review any more: Juspay has said what became of it.',
  )
}

async function demandReview(
  store: Pick<StoreTx, 'refundReviews'>,
  accountId: string,
  id: string,
): Promise<RefundReview> {
  const review = await store.refundReviews.byId(accountId, id)
  if (review === null) throw new Refusal('not_found', 'There is no such proposal in this account.')
  return review
}
