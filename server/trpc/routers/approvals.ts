import { z } from 'zod'
import { procedure, router } from '../init.ts'
import { cursor, id, limit, note } from '../inputs.ts'
import { pending } from '../pending.ts'
import type { ApprovalRowView, RequestRowView } from '../views/refund.ts'

const SHA256_HEX = /^[0-9a-f]{64}$/

export const approvalsRouter = router({
  list: procedure('order:read')
    .input(z.strictObject({ tab: z.enum(['mine', 'waiting', 'decided']).default('waiting'), cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: ApprovalRowView[]; nextCursor: string | null }> =>
      pending(ctx, input),
    ),

  decide: procedure('refund:approve')
    .input(
      z.strictObject({
        requestId: id,
        decision: z.enum(['approve', 'reject']),
        note,
        approvalHash: z.string().regex(SHA256_HEX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ request: RequestRowView; message: string }> =>
      pending(ctx, input),
    ),

  withdraw: procedure('refund:request')
    .input(z.strictObject({ requestId: id, note }))
    .mutation(async ({ ctx, input }): Promise<{ request: RequestRowView; message: string }> =>
      pending(ctx, input),
    ),
})
