import type { StaffActor } from '../../domain/actor.ts'
import { roleCan } from '../../domain/permission.ts'
import { COMMENT_MAX_LENGTH, COMMENTS_MAX } from '../../domain/refund-request.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { RequestComment } from '../../store/request-comments.ts'
import type { Deps } from '../deps.ts'
import { auditRefusal } from './audit-refusal.ts'

/**
 * Asks or answers a question about a waiting request, without deciding it: whoever may approve refunds asks, the
 * person who asked for it answers. The time to decide goes on running.
 * @returns all that was said, oldest first
 * @throws Refusal not_found, permission_denied, already_decided, invalid_input, limit_exceeded
 */
export async function commentOnRequest(
  deps: Deps,
  actor: StaffActor,
  input: { requestId: string; text: string },
): Promise<RequestComment[]> {
  const { accountId, userId } = actor
  const { requestId } = input
  const text = input.text.trim()
  const deed = { action: 'refund_request.comment', subjectKind: 'refund_request', subjectId: requestId }
  await auditRefusal(deps, actor, deed, () =>
    deps.store.transaction(async (tx) => {
      const found = await tx.refundRequests.byId(accountId, requestId)
      if (found === null) throw new Refusal('not_found', 'There is no such refund request in this account.')
      // Under the lock of a decision: nothing is said after it.
      await tx.orders.lockAggregate(accountId, found.orderId)
      const request = (await tx.refundRequests.byId(accountId, requestId)) ?? found
      const member = await tx.staff.member(accountId, userId)
      const mayAsk = member !== null && !member.disabled && roleCan(member.role, 'refund:approve')
      const mayAnswer = member !== null && !member.disabled && request.requestedBy === userId
      if (!mayAsk && !mayAnswer)
        throw new Refusal('permission_denied', 'Only approvers and the person who asked can write here.')
      if (request.status !== 'pending_approval')
        throw new Refusal('already_decided', 'This request is already decided.')
      if (text === '' || text.length > COMMENT_MAX_LENGTH)
        throw new Refusal('invalid_input', `Write 1 to ${COMMENT_MAX_LENGTH} characters.`)
      const comment = { id: deps.ids.uuid(), accountId, requestId, authorId: userId, text, max: COMMENTS_MAX }
      if (!(await tx.requestComments.insert({ ...comment, at: deps.clock.now() })))
        throw new Refusal('limit_exceeded', `There are ${COMMENTS_MAX} comments already. Decide, or talk.`)
      await tx.liveChanges.append(accountId, 'refund_request', requestId)
      await tx.audit.append({ actor, ...deed, outcome: 'done', reason: text })
    }),
  )
  deps.wake('live')
  return deps.store.requestComments.ofRequest(accountId, requestId)
}
