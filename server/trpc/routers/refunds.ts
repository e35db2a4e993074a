import { z } from 'zod'
import { clockOf, refundSteps, tellCustomer } from '../../domain/refund-display.ts'
import { CLIENT_KEY } from '../../domain/refund-key.ts'
import { REFUND_ORIGINS } from '../../domain/refund.ts'
import { REVIEW_NOTE_MAX, REVIEW_OUTCOMES, type ReviewStatus } from '../../domain/refund-review.ts'
import { Refusal } from '../../domain/refusal.ts'
import { STEP_UP_ABOVE_MINOR_DEFAULT } from '../../domain/step-up.ts'
import type { RequestedRefund } from '../../services/refunds/describe-request.ts'
import { previewRefund, type RefundPreview } from '../../services/refunds/preview-refund.ts'
import { refundByKey, requestRefund } from '../../services/refunds/request-refund.ts'
import { decideReview, proposeReview } from '../../services/refunds/resolve-review.ts'
import { retryRefund } from '../../services/refunds/retry-refund.ts'
import { REFUND_VIEWS } from '../../store/refund-reads.ts'
import { demandStepUp, procedure, router } from '../init.ts'
import { showBody } from '../views/masking.ts'
import { amountMinor, cursor, id, limit, note, PAGE_MAX, searchText, timeRange, word } from '../inputs.ts'
import {
  ageingCellView,
  refundCallView,
  refundRowView,
  retryView,
  reviewView,
  type RefundCallView,
  type AgeingCellView,
  type RefundDetailView,
  type RefundPageView,
  type RefundRowView,
} from '../views/refund.ts'

/** Minted when the refund form opens; the same gesture can never become two requests. */
const clientKey = z.string().regex(CLIENT_KEY)

const requestInput = z.strictObject({
  orderId: id,
  version: z.int().min(1),
  clientKey,
  amountMinor,
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Which charged attempt to give back, where there are several. */
  txnRef: word.nullable().default(null),
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
    .use(async ({ ctx, input, next }) => {
      const { accountId } = ctx.signedIn
      const { rules } = await ctx.deps.store.refundPolicies.current(accountId)
      const account = await ctx.deps.store.accounts.byId(accountId)
      // The line is in the account's currency and says nothing about amounts of another one.
      if (
        input.currency !== account?.currency ||
        input.amountMinor > (rules.stepUpAboveMinor ?? STEP_UP_ABOVE_MINOR_DEFAULT)
      )
        demandStepUp(ctx)
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
      const stops = await ctx.deps.store.refundStops.inForce(ctx.signedIn.accountId, now)
      return facts.map((refund) => refundRowView(refund, { role: ctx.signedIn.role, stops, now }))
    }),

  list: procedure('order:read')
    .input(
      z.strictObject({
        view: z.enum(REFUND_VIEWS).default('all'),
        q: searchText,
        gateway: word.nullable().default(null),
        origin: z.enum(REFUND_ORIGINS).nullable().default(null),
        settled: timeRange.nullable().default(null),
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<RefundPageView> => {
      const now = ctx.deps.clock.now()
      const page = await ctx.deps.store.refunds.list(ctx.signedIn.accountId, input, now)
      const stops = await ctx.deps.store.refundStops.inForce(ctx.signedIn.accountId, now)
      return {
        rows: page.rows.map((refund) => refundRowView(refund, { role: ctx.signedIn.role, stops, now })),
        nextCursor: page.nextCursor,
        asOf: now,
      }
    }),

  /** Rows that changed while they were on screen, by a refund's id or a request's. */
  rows: procedure('order:read')
    .input(z.strictObject({ ids: z.array(id).min(1).max(PAGE_MAX) }))
    .query(async ({ ctx, input }): Promise<RefundRowView[]> => {
      const now = ctx.deps.clock.now()
      const facts = await ctx.deps.store.refunds.rowsByIds(ctx.signedIn.accountId, input.ids)
      const stops = await ctx.deps.store.refundStops.inForce(ctx.signedIn.accountId, now)
      return facts.map((refund) => refundRowView(refund, { role: ctx.signedIn.role, stops, now }))
    }),

  /** How long refunds have been on their way, by gateway. */
  ageing: procedure('order:read').query(async ({ ctx }): Promise<AgeingCellView[]> => {
    const cells = await ctx.deps.store.refunds.ageing(ctx.signedIn.accountId, ctx.deps.clock.now())
    return cells.map(ageingCellView)
  }),

  /** Writes down what the gateway says of a refund in review; a second person has to confirm it. */
  proposeReview: procedure('refund:request')
    .input(
      z.strictObject({
        refundId: id,
        outcome: z.enum(REVIEW_OUTCOMES),
        reference: word.nullable(),
        note: z.string().max(REVIEW_NOTE_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ reviewId: string }> => {
      const review = await proposeReview(ctx.deps, ctx.signedIn, input)
      return { reviewId: review.id }
    }),

  resolveReview: procedure('refund:approve', { secondFactor: true, stepUp: true })
    .input(z.strictObject({ reviewId: id, decision: z.enum(['confirm', 'decline']), note }))
    .mutation(async ({ ctx, input }): Promise<{ status: ReviewStatus }> => {
      const review = await decideReview(ctx.deps, ctx.signedIn, input)
      return { status: review.status }
    }),

  /** Asks for a failed refund again, under a new key and with a decision of its own. */
  retry: procedure('refund:request', { secondFactor: true, stepUp: true })
    .input(z.strictObject({ refundId: id, clientKey, note }))
    .mutation(({ ctx, input }): Promise<RequestedRefund> => retryRefund(ctx.deps, ctx.signedIn, input)),

  /** Every call to Juspay for a refund and for the other tries of its request, newest first. */
  calls: procedure('order:read')
    .input(z.strictObject({ refundId: id }))
    .query(async ({ ctx, input }): Promise<RefundCallView[]> => {
      const calls = await ctx.deps.store.refundCalls.ofRefund(ctx.signedIn.accountId, input.refundId)
      return calls.map(refundCallView)
    }),

  /** What Juspay answered to one call, masked. */
  callBody: procedure('event:payload')
    .input(z.strictObject({ callId: id }))
    .query(async ({ ctx, input }): Promise<{ json: unknown; text: string | null }> => {
      const body = await ctx.deps.store.refundCalls.bodyOf(ctx.signedIn.accountId, input.callId)
      if (!body) throw new Refusal('not_found', 'Nothing was kept of this answer.')
      return showBody(body)
    }),

  get: procedure('order:read')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<RefundDetailView> => {
      const facts = await ctx.deps.store.refunds.get(ctx.signedIn.accountId, input.id)
      if (!facts) throw new Refusal('not_found', 'There is no such refund.')
      const now = ctx.deps.clock.now()
      const stops = await ctx.deps.store.refundStops.inForce(ctx.signedIn.accountId, now)
      const reviews =
        facts.refundId === null
          ? []
          : await ctx.deps.store.refundReviews.ofRefund(ctx.signedIn.accountId, facts.refundId)
      return {
        ...refundRowView(facts, { role: ctx.signedIn.role, stops, now }),
        reviews: reviews.map((review) => reviewView(review, facts, ctx.signedIn)),
        steps: refundSteps(facts),
        clock: clockOf(facts, now),
        retry: retryView(facts, now),
        tellCustomer: tellCustomer(facts, stops, now),
      }
    }),
})
