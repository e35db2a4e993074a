import { z } from 'zod'
import { STOP_REASON_MAX } from '../../domain/refund-stop.ts'
import { liftStop, stopRefunds } from '../../services/refunds/stop-refunds.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, instant, limit } from '../inputs.ts'
import { stopView, type StopView } from '../views/stop.ts'

const reason = z.string().max(STOP_REASON_MAX)
/** Juspay's code, such as RAZORPAY. */
const gateway = z
  .string()
  .regex(/^[A-Z0-9_]{1,40}$/)
  .nullable()

/** The kill switch. Those who work with refunds may stop them; letting them run again is for those who set the rules. */
export const stopsRouter = router({
  inForce: procedure('order:read').query(async ({ ctx }): Promise<StopView[]> => {
    const { signedIn, deps } = ctx
    const stops = await deps.store.refundStops.inForce(signedIn.accountId, deps.clock.now())
    return stops.map((stop) => stopView(stop, signedIn))
  }),

  history: procedure('settings:read')
    .input(z.strictObject({ cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: StopView[]; nextCursor: string | null }> => {
      const page = await ctx.deps.store.refundStops.history(ctx.signedIn.accountId, input)
      return { rows: page.rows.map((stop) => stopView(stop, ctx.signedIn)), nextCursor: page.nextCursor }
    }),

  set: procedure('refund:stop')
    .input(z.strictObject({ gateway, reason, expiresAt: instant }))
    .mutation(async ({ ctx, input }): Promise<StopView | null> => {
      const stop = await stopRefunds(ctx.deps, { by: ctx.signedIn, ...input })
      return stop === null ? null : stopView(stop, ctx.signedIn)
    }),

  lift: procedure('settings:write', { stepUp: true })
    .input(z.strictObject({ stopId: id, note: reason }))
    .mutation(async ({ ctx, input }): Promise<StopView> =>
      stopView(await liftStop(ctx.deps, ctx.signedIn, input), ctx.signedIn),
    ),
})
