import { z } from 'zod'
import { clockOf, refundRow, refundSteps, tellCustomer } from '../../domain/refund-display.ts'
import { CLIENT_KEY } from '../../domain/refund-key.ts'
import { Refusal } from '../../domain/refusal.ts'
import { STEP_UP_REFUND_ABOVE_MINOR } from '../../domain/step-up.ts'
import type { RequestedRefund } from '../../services/refunds/describe-request.ts'
import { previewRefund, type RefundPreview } from '../../services/refunds/preview-refund.ts'
import { refundByKey, requestRefund } from '../../services/refunds/request-refund.ts'
import { REFUND_VIEWS } from '../../store/refund-reads.ts'
import { demandStepUp, procedure, router } from '../init.ts'
import { amountMinor, cursor, id, limit, note, searchText, word } from '../inputs.ts'
import type { RefundDetailView, RefundRowView } from '../views/refund.ts'

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
    .query(({ ctx, input }): Promise<RefundPreview> => previewRefund(ctx.deps, ctx.signedIn, input)),

  request: procedure('refund:request', { secondFactor: true })
    .input(requestInput)
    .use(({ ctx, input, next }) => {
      if (input.amountMinor > STEP_UP_REFUND_ABOVE_MINOR) demandStepUp(ctx)
      return next()
    })
    .mutation(({ ctx, input }): Promise<RequestedRefund> => requestRefund(ctx.deps, ctx.signedIn, input)),

  byKey: procedure('refund:request')
    .input(z.strictObject({ clientKey }))
    .query(({ ctx, input }): Promise<RequestedRefund | null> => refundByKey(ctx.deps, ctx.signedIn, input)),

  byOrder: procedure('order:read')
    .input(z.strictObject({ orderId: id }))
    .query(async ({ ctx, input }): Promise<RefundRowView[]> => {
      const now = ctx.deps.clock.now()
      const facts = await ctx.deps.store.refunds.byOrder(ctx.signedIn.accountId, input.orderId)
      return facts.map((refund) => refundRow(refund, now))
    }),

  list: procedure('order:read')
    .input(
      z.strictObject({
        view: z.enum(REFUND_VIEWS).default('all'),
        q: searchText,
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<{ rows: RefundRowView[]; nextCursor: string | null }> => {
      const now = ctx.deps.clock.now()
      const page = await ctx.deps.store.refunds.list(ctx.signedIn.accountId, input)
      return { rows: page.rows.map((refund) => refundRow(refund, now)), nextCursor: page.nextCursor }
    }),

  get: procedure('order:read')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<RefundDetailView> => {
      const facts = await ctx.deps.store.refunds.get(ctx.signedIn.accountId, input.id)
      if (!facts) throw new Refusal('not_found', 'There is no such refund.')
      const now = ctx.deps.clock.now()
      return {
        ...refundRow(facts, now),
        steps: refundSteps(facts),
        clock: clockOf(facts, now),
        tellCustomer: tellCustomer(facts, now),
      }
    }),
})
