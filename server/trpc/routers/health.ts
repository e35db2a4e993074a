import { z } from 'zod'
import { DAY_MS } from '../../domain/event-rate.ts'
import { providerHealth, type ProviderHealth } from '../../domain/provider-health.ts'
import { procedure, router, signedInProcedure } from '../init.ts'
import type { WebhookHealthView } from '../views/health.ts'
import { safetyView, type SafetyView } from '../views/safety.ts'
import { webhookHealth } from '../webhook-health.ts'

export const healthRouter = router({
  /** Whether webhooks are well: everything the health page shows, except gaps, which have lists of their own. */
  webhooks: procedure('event:read')
    .input(
      z.strictObject({
        /** When "today" began where the person is; at most a day ago. */
        dayStart: z.date(),
      }),
    )
    .query(async ({ ctx, input }): Promise<WebhookHealthView> => {
      const now = ctx.deps.clock.now().getTime()
      const dayStart = Math.min(now, Math.max(input.dayStart.getTime(), now - DAY_MS))
      const health = await webhookHealth(ctx.deps, ctx.signedIn.accountId, new Date(dayStart))
      return { ...health, streams: ctx.live.streams() }
    }),

  /** Whether Juspay answers: everybody who acts may know it. Reads one row. */
  provider: signedInProcedure.query(async ({ ctx }): Promise<ProviderHealth> => {
    const { store, clock } = ctx.deps
    return providerHealth(await store.providerCalls.record(ctx.signedIn.accountId), clock.now())
  }),

  /** Whether refunds keep to their invariants, as the newest standing check found. */
  safety: procedure('order:read').query(async ({ ctx }): Promise<SafetyView> => {
    const { invariantChecks } = ctx.deps.store
    const [check, scan, open] = await Promise.all([
      invariantChecks.newest(),
      invariantChecks.scan(),
      invariantChecks.openViolations(ctx.signedIn.accountId),
    ])
    return safetyView(check, scan, open, ctx.deps.clock.now())
  }),
})
