import { z } from 'zod'
import type { StaffActor } from '../../domain/actor.ts'
import { AMOUNT_MINOR_MAX } from '../../domain/money.ts'
import { DISPLAY_STATUSES } from '../../domain/payment-status.ts'
import { Refusal } from '../../domain/refusal.ts'
import { FIND_FIELDS } from '../../domain/search-query.ts'
import { stuckBefore } from '../../domain/stuck.ts'
import type { TimelineEntry } from '../../domain/timeline.ts'
import type { AppDeps } from '../../services/deps.ts'
import { checkStatus } from '../../services/orders/check-status.ts'
import { revealCustomer } from '../../services/orders/reveal-customer.ts'
import { TRIGRAM_CHARS, type OrderFilter } from '../../store/orders-where.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, instant, limit, searchText, word, words } from '../inputs.ts'
import { orderTimeline } from '../order-timeline.ts'
import { eventRowView, type EventRowView } from '../views/event.ts'
import { rawMessageViews } from '../views/raw.ts'
import { attemptViews, orderDetailView, orderRowView } from '../views/order.ts'
import type {
  AttemptView,
  CustomerContactView,
  OrderDetailView,
  OrderFacetsView,
  OrderPageView,
  RawMessageView,
  StatusCheckView,
} from '../views/order.ts'

const amountBound = z.bigint().min(0n).max(AMOUNT_MINOR_MAX).nullable().default(null)

const filterInput = z.strictObject({
  q: searchText,
  /** The one field that `q` is looked for in; null looks in all. */
  searchIn: z.enum(FIND_FIELDS).nullable().default(null),
  /** Only orders that need a person (server/domain/stuck.ts). */
  stuck: z.boolean().default(false),
  status: z.array(z.enum(DISPLAY_STATUSES)).max(DISPLAY_STATUSES.length).default([]),
  gateway: words,
  methodType: words,
  amountMin: amountBound,
  amountMax: amountBound,
  from: instant,
  to: instant,
})

const listInput = filterInput.extend({
  sort: z.enum(['created', '-created', 'amount', '-amount']).default('-created'),
  cursor,
  limit,
})

const byOrder = z.strictObject({ orderId: id })

/** Raw messages shown for one order, of each kind. */
const RAW_MAX = 50

/** Counts stop here: "999+" says enough, and a count beyond costs. */
const COUNT_MAX = 999

/** What a screen asks for as what the store narrows by. */
function filterOf({ stuck, ...rest }: z.infer<typeof filterInput>, now: Date): OrderFilter {
  // Fewer characters than the index needs would read every order; the screens do not send them.
  if (rest.searchIn !== null && rest.searchIn !== 'order' && rest.q.trim().length < TRIGRAM_CHARS)
    throw new Refusal('invalid_input', `Type at least ${TRIGRAM_CHARS} characters to search one field.`)
  return { ...rest, stuckBefore: stuck ? stuckBefore(now) : null }
}

/** The order, or the refusal that there is none on this account: another account's order does not exist here. */
async function demandOrder(
  ctx: { deps: AppDeps; signedIn: StaffActor },
  orderId: string,
): Promise<StoredOrder> {
  const order = await ctx.deps.store.orders.byId(ctx.signedIn.accountId, orderId)
  if (!order) throw new Refusal('not_found', 'There is no such order.')
  return order
}

export const ordersRouter = router({
  list: procedure('order:read')
    .input(listInput)
    .query(async ({ ctx, input }): Promise<OrderPageView> => {
      const { sort, cursor: after, limit: rows, ...narrowed } = input
      const { accountId } = ctx.signedIn
      const now = ctx.deps.clock.now()
      const filter = filterOf(narrowed, now)
      const [page, estimate] = await Promise.all([
        ctx.deps.store.orders.list(accountId, filter, { sort, cursor: after, limit: rows }),
        // Only the first page says how many there are: counting is what makes a list slow.
        after === null ? ctx.deps.store.orders.estimate(accountId, filter) : null,
      ])
      return {
        rows: page.rows.map((row) => orderRowView(row, now)),
        nextCursor: page.nextCursor,
        asOf: now,
        estimate,
      }
    }),

  count: procedure('order:read')
    .input(filterInput)
    .query(({ ctx, input }): Promise<{ count: number; more: boolean }> => {
      const filter = filterOf(input, ctx.deps.clock.now())
      return ctx.deps.store.orders.countUpTo(ctx.signedIn.accountId, filter, COUNT_MAX)
    }),

  facets: procedure('order:read')
    .input(z.strictObject({ from: instant, to: instant }))
    .query(({ ctx, input }): Promise<OrderFacetsView> =>
      ctx.deps.store.orders.facets(ctx.signedIn.accountId, input),
    ),

  get: procedure('order:read')
    .input(z.strictObject({ orderRefOrId: word }))
    .query(async ({ ctx, input }): Promise<OrderDetailView> => {
      const { accountId } = ctx.signedIn
      const { store } = ctx.deps
      const order = await store.orders.find(accountId, input.orderRefOrId)
      if (!order) throw new Refusal('not_found', 'There is no such order.')
      const [attempts, refunds, discrepancies] = await Promise.all([
        store.orders.attempts(accountId, order.id),
        store.refunds.byOrder(accountId, order.id),
        store.discrepancies.byOrder(accountId, order.id),
      ])
      return orderDetailView(order, {
        actor: ctx.signedIn,
        attempts,
        refunds: refunds.flatMap((refund) => (refund.refundStatus ? [{ status: refund.refundStatus }] : [])),
        discrepancies,
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
      return attemptViews(attempts, refunds, order.currency)
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
})
