import { z } from 'zod'
import { procedure, router } from '../init.ts'
import { cursor, id, limit, selection } from '../inputs.ts'
import { pending } from '../pending.ts'
import type { ReconResultView, ReconRowView } from '../views/recon.ts'

const RESOLUTION_MIN = 3
const RESOLUTION_MAX = 1_000

export const reconRouter = router({
  list: procedure('recon:read')
    .input(z.strictObject({ kind: z.enum(['disagree', 'stale']).default('disagree'), cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: ReconRowView[]; nextCursor: string | null }> =>
      pending(ctx, input),
    ),

  run: procedure('recon:run')
    .input(z.strictObject({ orderIds: selection }))
    .mutation(async ({ ctx, input }): Promise<ReconResultView[]> => pending(ctx, input)),

  resolve: procedure('recon:resolve')
    .input(
      z.strictObject({
        discrepancyId: id,
        resolution: z.string().trim().min(RESOLUTION_MIN).max(RESOLUTION_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ resolved: boolean }> => pending(ctx, input)),
})
