import { z } from 'zod'
import type { SecondFactorState } from '../../auth/second-factor.ts'
import { demandOther } from '../../services/staff/guard.ts'
import { setSecondFactorRule } from '../../services/settings/set-second-factor-rule.ts'
import { demandStepUp, procedure, router, signedInProcedure } from '../init.ts'
import { id } from '../inputs.ts'

/** To set up the factor one proves the password again, but cannot need the factor. */
const steppedUpProcedure = signedInProcedure
  .meta({ access: 'session', stepUp: true })
  .use(({ ctx, next }) => {
    demandStepUp(ctx)
    return next()
  })

type RecoveryCodes = { recoveryCodes: string[] }

export const secondFactorRouter = router({
  state: signedInProcedure.query(({ ctx }): Promise<SecondFactorState> =>
    ctx.auth.secondFactors.state(ctx.signedIn.userId),
  ),

  begin: steppedUpProcedure.mutation(({ ctx }): Promise<{ secret: string; uri: string }> =>
    ctx.auth.secondFactors.begin(ctx.signedIn),
  ),

  confirm: steppedUpProcedure
    .input(z.strictObject({ code: z.string().regex(/^\d{6}$/, 'Enter the 6 digits of the code.') }))
    .mutation(({ ctx, input }): Promise<RecoveryCodes> =>
      ctx.auth.secondFactors.confirm(ctx.signedIn, input.code),
    ),

  renewRecoveryCodes: steppedUpProcedure.mutation(({ ctx }): Promise<RecoveryCodes> =>
    ctx.auth.secondFactors.renewRecoveryCodes(ctx.signedIn),
  ),

  remove: steppedUpProcedure.mutation(({ ctx }): Promise<void> =>
    ctx.auth.secondFactors.remove(ctx.signedIn, ctx.signedIn.userId, ctx.signedIn.sessionId),
  ),

  /** For somebody who lost app and recovery codes; only another person's. */
  reset: procedure('user:manage', { stepUp: true })
    .input(z.strictObject({ userId: id }))
    .mutation(async ({ ctx, input }): Promise<void> => {
      await demandOther(ctx.deps.store, ctx.signedIn, input.userId)
      await ctx.auth.secondFactors.remove(ctx.signedIn, input.userId, null)
    }),

  setRule: procedure('settings:write', { stepUp: true })
    .input(z.strictObject({ required: z.boolean() }))
    .mutation(({ ctx, input }): Promise<void> => setSecondFactorRule(ctx.deps, ctx.signedIn, input)),
})
