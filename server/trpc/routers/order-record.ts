/** The procedures of one order's page. */
import { z } from 'zod'
import type { StaffActor } from '../../domain/actor.ts'
import { roleCan } from '../../domain/permission.ts'
import { Refusal } from '../../domain/refusal.ts'
import { REVEAL_FIELDS, REVEAL_REASON_MAX } from '../../domain/reveal.ts'
import { TIMELINE_FILTERS } from '../../domain/timeline-fold.ts'
import { checkStatus } from '../../services/orders/check-status.ts'
import { revealField } from '../../services/orders/reveal-field.ts'
import { runChecks, type RunResult } from '../../services/reconciliation/run-checks.ts'
import type { PageOrder } from '../../store/order-page.ts'
import { procedure } from '../init.ts'
import { orderSide } from '../event-sides.ts'
import { cursor, id, selection, side, word } from '../inputs.ts'
import { ifAny, type OrderParts } from '../order-parts.ts'
import { orderTimeline, type TimelinePage } from '../order-timeline.ts'
import { eventRowView, type EventRowView } from '../views/event.ts'
import { attemptViews, orderDetailView, withShownChanges } from '../views/order-detail.ts'
import type { AttemptView, OrderDetailView, RevealedView, StatusCheckView } from '../views/order-detail.ts'
import { relatedOrdersView, type RelatedOrdersView } from '../views/related.ts'
import type { EventSideView } from '../views/event-detail.ts'
import { orderMessageViews, type OrderMessageView } from '../views/raw.ts'

const byOrder = z.strictObject({ orderId: id })

/** Messages offered for one order, of each kind, the newest. */
const MESSAGES_MAX = 100
/** Other orders of the customer that are listed. */
const RELATED_MAX = 20

/** The order, or the refusal that there is none on this account: another account's order does not exist here. */
async function demandOrder(
  ctx: { orderParts: OrderParts; signedIn: StaffActor },
  orderId: string,
): Promise<PageOrder> {
  const order = await ctx.orderParts.order(ctx.signedIn.accountId, orderId)
  if (!order) throw new Refusal('not_found', 'There is no such order.')
  return order
}

export const orderRecord = {
  get: procedure('order:read')
    .input(z.strictObject({ orderRefOrId: word }))
    .query(async ({ ctx, input }): Promise<OrderDetailView> => {
      const { pages } = ctx.deps.store
      const order = await ctx.orderParts.find(ctx.signedIn.accountId, input.orderRefOrId)
      if (!order) throw new Refusal('not_found', 'There is no such order.')
      const now = ctx.deps.clock.now()
      const [attempts, refunds, stops, discrepancies, disputes, locks] = await Promise.all([
        ctx.orderParts.attempts(order),
        ctx.orderParts.refunds(order),
        ctx.orderParts.stops(order, now),
        ctx.orderParts.discrepancies(order),
        ifAny('disputes', (accountId, orderId) => pages.disputes.byOrder(accountId, orderId))(order),
        // Most orders have nothing set aside.
        order.reservedMinor > 0n ? pages.bulk.locksOn(order.merchantAccountId, [order.id]) : [],
      ])
      return orderDetailView(order, {
        actor: ctx.signedIn,
        attempts,
        refunds,
        stops,
        discrepancies,
        disputes,
        locks,
        now,
      })
    }),

  /** One field of the customer as it is, for a reason; logged and told on the timeline. */
  reveal: procedure('order:pii')
    .input(byOrder.extend({ field: z.enum(REVEAL_FIELDS), reason: z.string().max(REVEAL_REASON_MAX + 100) }))
    .mutation(({ ctx, input }): Promise<RevealedView> => revealField(ctx.deps, ctx.signedIn, input)),

  timeline: procedure('order:read')
    .input(
      byOrder.extend({
        cursor,
        order: z.enum(['newest', 'oldest']).default('newest'),
        filter: z.enum(TIMELINE_FILTERS).default('all'),
      }),
    )
    .query(async ({ ctx, input }): Promise<TimelinePage> => {
      const order = await demandOrder(ctx, input.orderId)
      const { cursor: after, order: direction, filter } = input
      const now = ctx.deps.clock.now()
      const personal = roleCan(ctx.signedIn.role, 'order:pii')
      return orderTimeline(
        ctx.deps.store,
        order,
        { order: direction, filter, cursor: after, now, personal },
        ctx.orderParts,
      )
    }),

  /** Other orders of the same customer, newest first. */
  related: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<RelatedOrdersView> => {
      const order = await demandOrder(ctx, input.orderId)
      const rows = await ctx.deps.store.orders.related(order, RELATED_MAX + 1)
      return relatedOrdersView(order, rows, RELATED_MAX)
    }),

  attempts: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<AttemptView[]> => {
      const order = await demandOrder(ctx, input.orderId)
      const [attempts, refunds] = await Promise.all([
        ctx.orderParts.attempts(order),
        ctx.orderParts.refunds(order),
      ])
      return attemptViews(order, attempts, refunds)
    }),

  events: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<EventRowView[]> => {
      const order = await demandOrder(ctx, input.orderId)
      const rows = await ctx.deps.store.webhookEvents.byOrder(order.merchantAccountId, order.id)
      return rows.map(eventRowView)
    }),

  /** What Juspay said about the order, message by message, newest first; bodies are asked for one by one. */
  messages: procedure('event:payload')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<OrderMessageView[]> => {
      const order = await demandOrder(ctx, input.orderId)
      const { store } = ctx.deps
      const [events, checks] = await Promise.all([
        store.webhookEvents.byOrder(order.merchantAccountId, order.id, MESSAGES_MAX),
        store.statusChecks.answered(order.merchantAccountId, order.id, MESSAGES_MAX),
      ])
      return orderMessageViews(events, checks)
    }),

  /** One message or what we hold, masked as payloads are. */
  side: procedure('event:payload')
    .input(byOrder.extend({ side }))
    .query(async ({ ctx, input }): Promise<EventSideView> => {
      const { accountId } = ctx.signedIn
      const found = await orderSide({ deps: ctx.deps, accountId, orderId: input.orderId }, input.side)
      if (found === null) throw new Refusal('not_found', 'There is no such message about this order.')
      return found
    }),

  checkStatus: procedure('order:sync')
    .input(byOrder)
    .mutation(async ({ ctx, input }): Promise<StatusCheckView> =>
      withShownChanges(await checkStatus(ctx.deps, ctx.signedIn, input)),
    ),

  /** The same for several orders: who may ask about one may ask about those they selected. */
  checkMany: procedure('order:sync')
    .input(z.strictObject({ orderIds: selection }))
    .mutation(async ({ ctx, input }): Promise<RunResult[]> => {
      const results = await runChecks(ctx.deps, ctx.signedIn, { ...input, deed: 'order.check_status' })
      return results.map(withShownChanges)
    }),
}
