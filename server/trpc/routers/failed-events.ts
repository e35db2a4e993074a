import { z } from 'zod'
import { FAILURE_REASONS } from '../../domain/event-failure.ts'
import { ignoreFailed, retryFailedNow } from '../../services/webhooks/failed-events.ts'
import { procedure, router } from '../init.ts'
import { cursor, limit } from '../inputs.ts'
import { replayScope } from '../replay-inputs.ts'
import { failedGroupView, failedRowView, type FailedGroupsView, type FailedRowView } from '../views/replay.ts'

const REASON_MIN = 3
const REASON_MAX = 500

/** Events that could not be applied, by reason and one by one, and what to do about them. */
export const failedEventsRouter = router({
  groups: procedure('event:read').query(async ({ ctx }): Promise<FailedGroupsView> => {
    const found = await ctx.deps.store.failedEvents.groups(ctx.signedIn.accountId)
    return {
      groups: found.groups.map(failedGroupView),
      capped: found.capped,
      setAside: found.setAside,
    }
  }),

  list: procedure('event:read')
    .input(
      z.strictObject({
        among: z.enum(['open', 'set_aside']).default('open'),
        reason: z.enum(FAILURE_REASONS).nullable().default(null),
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<{ rows: FailedRowView[]; nextCursor: string | null }> => {
      const page = await ctx.deps.store.failedEvents.list(ctx.signedIn.accountId, input, input)
      return { rows: page.rows.map((row) => failedRowView(row, ctx.signedIn)), nextCursor: page.nextCursor }
    }),

  retryNow: procedure('event:replay')
    .input(z.strictObject({ scope: replayScope }))
    .mutation(({ ctx, input }): Promise<{ count: number }> => retryFailedNow(ctx.deps, ctx.signedIn, input)),

  ignore: procedure('event:replay')
    .input(z.strictObject({ scope: replayScope, reason: z.string().trim().min(REASON_MIN).max(REASON_MAX) }))
    .mutation(({ ctx, input }): Promise<{ count: number }> => ignoreFailed(ctx.deps, ctx.signedIn, input)),
})
