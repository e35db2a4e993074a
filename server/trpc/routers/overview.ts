import { z } from 'zod'
import { OVERVIEW_COMPARISONS, OVERVIEW_RANGES } from '../../domain/overview.ts'
import { procedure, router, signedInProcedure } from '../init.ts'
import {
  overviewGateways,
  overviewMethods,
  overviewNeeds,
  overviewSeries,
  overviewSummary,
} from '../overview-figures.ts'
import type {
  GatewaysView,
  MethodsView,
  NeedsView,
  SeriesView,
  StepsView,
  SummaryView,
} from '../views/overview.ts'

const range = z.enum(OVERVIEW_RANGES).default('today')
const byRange = z.strictObject({ range })

/** The landing page: figures for those who may see them, and for everybody what waits for them. */
export const overviewRouter = router({
  summary: procedure('analytics:read')
    .input(z.strictObject({ range, compare: z.enum(OVERVIEW_COMPARISONS).default('last_week') }))
    .query(({ ctx, input }): Promise<SummaryView> =>
      overviewSummary(ctx.deps, ctx.signedIn.accountId, input),
    ),

  series: procedure('analytics:read')
    .input(byRange)
    .query(({ ctx, input }): Promise<SeriesView> =>
      overviewSeries(ctx.deps, ctx.signedIn.accountId, input.range),
    ),

  gateways: procedure('analytics:read').query(({ ctx }): Promise<GatewaysView> =>
    overviewGateways(ctx.deps, ctx.signedIn.accountId),
  ),

  methods: procedure('analytics:read')
    .input(byRange)
    .query(({ ctx, input }): Promise<MethodsView> =>
      overviewMethods(ctx.deps, ctx.signedIn.accountId, input.range),
    ),

  /** Only what the role can act on. */
  needs: signedInProcedure.query(({ ctx }): Promise<NeedsView> => overviewNeeds(ctx.deps, ctx.signedIn)),

  /** How far a new account has come; all true from its first charged payment on. */
  steps: signedInProcedure.query(async ({ ctx }): Promise<StepsView> => {
    const { accountId } = ctx.signedIn
    const [steps, secrets] = await Promise.all([
      ctx.deps.store.needs.steps(accountId),
      ctx.deps.secretStates(accountId),
    ])
    return { connected: secrets.apiKey === 'set', webhook: steps.event, payment: steps.charged }
  }),
})
