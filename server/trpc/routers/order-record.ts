/** The procedures of one order's page. */
import { z } from 'zod'
import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { TimelineEntry } from '../../domain/timeline.ts'
import type { AppDeps } from '../../services/deps.ts'
import { checkStatus } from '../../services/orders/check-status.ts'
import { revealCustomer } from '../../services/orders/reveal-customer.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import { procedure } from '../init.ts'
import { id, word } from '../inputs.ts'
import { orderTimeline } from '../order-timeline.ts'
import { eventRowView, type EventRowView } from '../views/event.ts'
import { attemptViews, orderDetailView } from '../views/order-detail.ts'
import type {
  AttemptView,
  CustomerContactView,
  OrderDetailView,
  RawMessageView,
  StatusCheckView,
} from '../views/order-detail.ts'
import { rawMessageViews } from '../views/raw.ts'

const byOrder = z.strictObject({ orderId: id })

/** Raw messages shown for one order, of each kind. */
const RAW_MAX = 50

/** The order, or the refusal that there is none on this account: another account's order does not exist here. */
async function demandOrder(
  ctx: { deps: AppDeps; signedIn: StaffActor },
  orderId: string,
): Promise<StoredOrder> {
  const order = await ctx.deps.store.orders.byId(ctx.signedIn.accountId, orderId)
  if (!order) throw new Refusal('not_found', 'There is no such order.')
  return order
}

export const orderRecord = {
  get: procedure('order:read')
    .input(z.strictObject({ orderRefOrId: word }))
    .query(async ({ ctx, input }): Promise<OrderDetailView> => {
      const { accountId } = ctx.signedIn
      const { store } = ctx.deps
      const order = await store.orders.find(accountId, input.orderRefOrId)
      if (!order) throw new Refusal('not_found', 'There is no such order.')
      const [attempts, refunds, discrepancies, disputes] = await Promise.all([
        store.orders.attempts(accountId, order.id),
        store.refunds.byOrder(accountId, order.id),
        store.discrepancies.byOrder(accountId, order.id),
        store.disputes.byOrder(accountId, order.id),
      ])
      return orderDetailView(order, {
        actor: ctx.signedIn,
        attempts,
        refunds,
        discrepancies,
        disputes,
        now: ctx.deps.clock.now(),
      })
    }),

  revealCustomer: procedure('order:pii')
    .input(byOrder)
    .mutation(({ ctx, input }): Promise<CustomerContactView> =>
      revealCustomer(ctx.deps, ctx.signedIn, input),
    ),

  timeline: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<TimelineEntry[]> => {
      const order = await demandOrder(ctx, input.orderId)
      return orderTimeline(ctx.deps.store, order, ctx.deps.clock.now())
    }),

  attempts: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<AttemptView[]> => {
      const order = await demandOrder(ctx, input.orderId)
      const { store } = ctx.deps
      const [attempts, refunds] = await Promise.all([
        store.orders.attempts(order.merchantAccountId, order.id),
        store.refunds.byOrder(order.merchantAccountId, order.id),
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

  raw: procedure('event:payload')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<RawMessageView[]> => {
      const order = await demandOrder(ctx, input.orderId)
      const { store } = ctx.deps
      const [events, checks] = await Promise.all([
        store.webhookEvents.bodiesByOrder(order.merchantAccountId, order.id, RAW_MAX),
        store.statusChecks.bodiesByOrder(order.merchantAccountId, order.id, RAW_MAX),
      ])
      return rawMessageViews(events, checks)
    }),

  checkStatus: procedure('order:sync')
    .input(byOrder)
    .mutation(({ ctx, input }): Promise<StatusCheckView> => checkStatus(ctx.deps, ctx.signedIn, input)),
}
