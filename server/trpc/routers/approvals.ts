import { z } from 'zod'
import { COMMENT_MAX_LENGTH } from '../../domain/refund-request.ts'
import { commentOnRequest } from '../../services/refunds/comment-on-request.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkRequest } from '../../services/refunds/check-request.ts'
import { decideRefundRequest } from '../../services/refunds/decide-refund-request.ts'
import { withdrawRefundRequest } from '../../services/refunds/withdraw-refund-request.ts'
import { APPROVAL_TABS } from '../../store/refund-request-reads.ts'
import { demandStepUp, procedure, router } from '../init.ts'
import { cursor, id, limit, note } from '../inputs.ts'
import {
  approvalRowView,
  commentView,
  type ApprovalRowView,
  type ApprovalView,
  type CommentView,
  type RefundRowView,
} from '../views/refund.ts'

const SHA256_HEX = /^[0-9a-f]{64}$/

type Decided = { request: RefundRowView; message: string }

export const approvalsRouter = router({
  list: procedure('order:read')
    .input(z.strictObject({ tab: z.enum(APPROVAL_TABS).default('waiting'), cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: ApprovalRowView[]; nextCursor: string | null }> => {
      const { signedIn, deps } = ctx
      const filter = { ...input, userId: signedIn.userId }
      const page = await deps.store.refundRequests.approvals(signedIn.accountId, filter)
      const now = deps.clock.now()
      return {
        rows: page.rows.map((facts) => approvalRowView(facts, signedIn, now)),
        nextCursor: page.nextCursor,
      }
    }),

  get: procedure('order:read')
    .input(z.strictObject({ requestId: id }))
    .query(async ({ ctx, input }): Promise<ApprovalView> => {
      const { signedIn, deps } = ctx
      const facts = await deps.store.refundRequests.approval(signedIn.accountId, input.requestId)
      if (!facts) throw new Refusal('not_found', 'There is no such refund request in this account.')
      const now = deps.clock.now()
      const row = approvalRowView(facts, signedIn, now)
      return { row, checks: await checkRequest(deps, signedIn, input), checkedAt: now }
    }),

  decide: procedure('refund:approve', { secondFactor: true })
    .input(
      z.strictObject({
        requestId: id,
        decision: z.enum(['approve', 'reject']),
        note,
        approvalHash: z.string().regex(SHA256_HEX),
      }),
    )
    .use(({ ctx, input, next }) => {
      // To reject moves nothing.
      if (input.decision === 'approve') demandStepUp(ctx)
      return next()
    })
    .mutation(({ ctx, input }): Promise<Decided> => decideRefundRequest(ctx.deps, ctx.signedIn, input)),

  withdraw: procedure('refund:request')
    .input(z.strictObject({ requestId: id, note }))
    .mutation(({ ctx, input }): Promise<Decided> => withdrawRefundRequest(ctx.deps, ctx.signedIn, input)),

  comments: procedure('order:read')
    .input(z.strictObject({ requestId: id }))
    .query(async ({ ctx, input }): Promise<CommentView[]> => {
      const { signedIn, deps } = ctx
      const comments = await deps.store.requestComments.ofRequest(signedIn.accountId, input.requestId)
      return comments.map((comment) => commentView(comment, signedIn))
    }),

  /** Who may write is for the use case to say: approvers, and the person who asked whatever their role. */
  comment: procedure('order:read')
    .input(z.strictObject({ requestId: id, text: z.string().min(1).max(COMMENT_MAX_LENGTH) }))
    .mutation(async ({ ctx, input }): Promise<CommentView[]> => {
      const comments = await commentOnRequest(ctx.deps, ctx.signedIn, input)
      return comments.map((comment) => commentView(comment, ctx.signedIn))
    }),
})
