import { z } from 'zod'
import { GAP_CAUSES, GAP_SHOWN_AFTER_MS } from '../../domain/webhook-gap.ts'
import { procedure, router } from '../init.ts'
import { cursor, limit } from '../inputs.ts'
import { gapCountView, gapView, type GapCountView, type GapPageView } from '../views/gap.ts'

/** Gaps younger than this may turn out to be an event that a check overtook. */
function shownBefore(now: Date): Date {
  return new Date(now.getTime() - GAP_SHOWN_AFTER_MS)
}

/** What Juspay's order status told and webhooks had not. */
export const gapsRouter = router({
  list: procedure('event:read')
    .input(
      z.strictObject({
        causes: z.array(z.enum(GAP_CAUSES)).max(GAP_CAUSES.length).default([]),
        healed: z.boolean().nullable().default(null),
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<GapPageView> => {
      const filter = { ...input, dueBefore: shownBefore(ctx.deps.clock.now()) }
      const page = await ctx.deps.store.webhookGaps.list(ctx.signedIn.accountId, filter, input)
      return { rows: page.rows.map(gapView), nextCursor: page.nextCursor }
    }),

  counts: procedure('event:read')
    .input(z.strictObject({ from: z.date(), to: z.date().nullable().default(null) }))
    .query(async ({ ctx, input }): Promise<GapCountView[]> => {
      const now = ctx.deps.clock.now()
      const range = { from: input.from, to: input.to ?? now, dueBefore: shownBefore(now) }
      const counts = await ctx.deps.store.webhookGaps.gapCounts(ctx.signedIn.accountId, range)
      return counts.map(gapCountView)
    }),
})
