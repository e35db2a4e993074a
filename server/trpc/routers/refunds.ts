import { z } from 'zod'
import { CLIENT_KEY } from '../../domain/refund-key.ts'
import { procedure, router } from '../init.ts'
import { amountMinor, cursor, id, limit, note, searchText, word } from '../inputs.ts'
import { pending } from '../pending.ts'
import type {
  RefundDetailView,
  RefundPreviewView,
  RefundRequestedView,
  RefundRowView,
} from '../views/refund.ts'

/** Minted when the refund form opens; the same gesture can never become two requests. */
const clientKey = z.string().regex(CLIENT_KEY)

const requestInput = z.strictObject({
  orderId: id,
  version: z.int().min(1),
  clientKey,
  amountMinor,
  currency: z.string().regex(/^[A-Z]{3}$/),
  reason: word,
  note,
  confirmSameAmount: z.boolean().default(false),
})

export const refundsRouter = router({
  preview: procedure('refund:request')
    .input(z.strictObject({ orderId: id }))
    .query(async ({ ctx, input }): Promise<RefundPreviewView> => pending(ctx, input)),

  request: procedure('refund:request')
    .input(requestInput)
    .mutation(async ({ ctx, input }): Promise<RefundRequestedView> => pending(ctx, input)),

  byKey: procedure('refund:request')
    .input(z.strictObject({ clientKey }))
    .query(async ({ ctx, input }): Promise<RefundRequestedView | null> => pending(ctx, input)),

  byOrder: procedure('order:read')
    .input(z.strictObject({ orderId: id }))
    .query(async ({ ctx, input }): Promise<RefundRowView[]> => pending(ctx, input)),

  list: procedure('order:read')
    .input(
      z.strictObject({
        view: z.enum(['all', 'waiting', 'in_progress', 'review', 'failed', 'done']).default('all'),
        q: searchText,
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<{ rows: RefundRowView[]; nextCursor: string | null }> =>
      pending(ctx, input),
    ),

  get: procedure('order:read')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<RefundDetailView> => pending(ctx, input)),
})
