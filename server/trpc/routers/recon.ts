import { z } from 'zod'
import { resolveDiscrepancy } from '../../services/reconciliation/resolve-discrepancy.ts'
import { runChecks, type RunResult } from '../../services/reconciliation/run-checks.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, limit, selection } from '../inputs.ts'
import { withShownChanges } from '../views/order-detail.ts'
import { discrepancyView, staleView, type ReconRowView } from '../views/recon.ts'

const RESOLUTION_MIN = 3
const RESOLUTION_MAX = 1_000

/** An order without an outcome is worth a question from here on; before, the customer is still paying. */
const STALE_AFTER_MS = 15 * 60_000

export const reconRouter = router({
  list: procedure('recon:read')
    .input(z.strictObject({ kind: z.enum(['disagree', 'stale']).default('disagree'), cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: ReconRowView[]; nextCursor: string | null }> => {
      const { accountId } = ctx.signedIn
      const { discrepancies } = ctx.deps.store
      if (input.kind === 'disagree') {
        const page = await discrepancies.listOpen(accountId, input)
        return { rows: page.rows.map(discrepancyView), nextCursor: page.nextCursor }
      }
      const before = new Date(ctx.deps.clock.now().getTime() - STALE_AFTER_MS)
      const page = await discrepancies.listStale(accountId, before, input)
      return { rows: page.rows.map(staleView), nextCursor: page.nextCursor }
    }),

  run: procedure('recon:run')
    .input(z.strictObject({ orderIds: selection }))
    .mutation(async ({ ctx, input }): Promise<RunResult[]> => {
      const results = await runChecks(ctx.deps, ctx.signedIn, { ...input, deed: 'recon.run' })
      return results.map(withShownChanges)
    }),

  resolve: procedure('recon:resolve')
    .input(
      z.strictObject({
        discrepancyId: id,
        resolution: z.string().trim().min(RESOLUTION_MIN).max(RESOLUTION_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ resolved: true }> => {
      await resolveDiscrepancy(ctx.deps, ctx.signedIn, input)
      return { resolved: true }
    }),
})
