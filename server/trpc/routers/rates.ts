import { SLOT_MS, SLOT_SECONDS, slotOf, STRIP_MS } from '../../domain/event-rate.ts'
import { procedure, router } from '../init.ts'
import { stripView, type SilenceView, type StripView } from '../views/rate.ts'
import { silenceNow } from '../webhook-health.ts'

export const ratesRouter = router({
  /** The last quarter of an hour in slots of ten seconds: what the strip above the feed draws. */
  strip: procedure('event:read').query(async ({ ctx }): Promise<StripView> => {
    const to = slotOf(ctx.deps.clock.now(), SLOT_SECONDS)
    const from = new Date(to.getTime() - STRIP_MS + SLOT_MS)
    const rows = await ctx.deps.store.eventRates.strip(ctx.signedIn.accountId, from)
    return stripView(rows, SLOT_MS, from, to)
  }),

  /** Whether nothing has come for longer than is usual at this hour. */
  silence: procedure('event:read').query(({ ctx }): Promise<SilenceView> =>
    silenceNow(ctx.deps, ctx.signedIn.accountId),
  ),
})
