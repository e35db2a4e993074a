import { z } from 'zod'
import { procedure, router } from '../init.ts'
import { cursor, limit, searchText, word } from '../inputs.ts'
import type { AuditRowView } from '../views/admin.ts'
import { auditRowView } from '../views/audit.ts'

export const auditRouter = router({
  list: procedure('audit:read')
    .input(
      z.strictObject({
        q: searchText,
        action: word.nullable().default(null),
        outcome: z.enum(['done', 'refused']).nullable().default(null),
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<{ rows: AuditRowView[]; nextCursor: string | null }> => {
      const page = await ctx.deps.store.audit.list(ctx.signedIn.accountId, input)
      return {
        nextCursor: page.nextCursor,
        rows: page.rows.map((row) => auditRowView(row, ctx.signedIn)),
      }
    }),

  actions: procedure('audit:read').query(({ ctx }): Promise<string[]> =>
    ctx.deps.store.audit.actions(ctx.signedIn.accountId),
  ),
})
