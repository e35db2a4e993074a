import { z } from 'zod'
import { decideRefundRequest } from '../../services/refunds/decide-refund-request.ts'
import { withdrawRefundRequest } from '../../services/refunds/withdraw-refund-request.ts'
import { APPROVAL_TABS } from '../../store/refund-request-reads.ts'
import { demandStepUp, procedure, router } from '../init.ts'
import { cursor, id, limit, note } from '../inputs.ts'
import { approvalRowView, type ApprovalRowView, type RefundRowView } from '../views/refund.ts'

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

  decide: procedure('refund:approve')
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
})
