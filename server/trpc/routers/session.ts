import { z } from 'zod'
import { publicProcedure, router, signedInProcedure } from '../init.ts'
import { word } from '../inputs.ts'
import { pending } from '../pending.ts'
import type { CountsView, DemoView, SessionView } from '../views/admin.ts'

export const sessionRouter = router({
  get: publicProcedure.query(async ({ ctx }): Promise<SessionView | null> => pending(ctx)),

  demo: publicProcedure.query(async ({ ctx }): Promise<DemoView> => pending(ctx)),

  counts: signedInProcedure.query(async ({ ctx }): Promise<CountsView> => pending(ctx)),

  switchAccount: signedInProcedure
    .input(z.strictObject({ slug: word }))
    .mutation(async ({ ctx, input }): Promise<SessionView> => pending(ctx, input)),
})
