import { z } from 'zod'
import { exportRequest } from '../../domain/order-export.ts'
import { removeExport, requestExport } from '../../services/exports/request-export.ts'
import { procedure, router } from '../init.ts'
import { id } from '../inputs.ts'
import { exportView, type ExportView } from '../views/export.ts'

/** Made when the dialog opens: a double click is the same file. */
const requestKey = z.string().min(8).max(100)

/** Files of the transactions list. They are fetched at `/downloads/exports/:id`. */
export const exportsRouter = router({
  create: procedure('export:create')
    .input(z.strictObject({ requestKey, request: exportRequest }))
    .mutation(async ({ ctx, input }): Promise<ExportView> =>
      exportView(await requestExport(ctx.deps, ctx.signedIn, input)),
    ),

  list: procedure('export:create').query(async ({ ctx }): Promise<ExportView[]> => {
    const { accountId, userId } = ctx.signedIn
    const files = await ctx.deps.store.exports.ofPerson(accountId, userId, ctx.deps.clock.now())
    return files.map(exportView)
  }),

  remove: procedure('export:create')
    .input(z.strictObject({ exportId: id }))
    .mutation(({ ctx, input }): Promise<void> => removeExport(ctx.deps, ctx.signedIn, input)),
})
