import { z } from 'zod'
import { AMOUNT_MINOR_MAX } from '../../domain/money.ts'
import { DISPLAY_STATUSES } from '../../domain/payment-status.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, instant, limit, searchText, word, words } from '../inputs.ts'
import { pending } from '../pending.ts'
import type { EventRowView } from '../views/event.ts'
import type {
  AttemptView,
  CustomerContactView,
  OrderDetailView,
  OrderFacetsView,
  OrderPageView,
  RawMessageView,
  StatusCheckView,
  TimelineEntryView,
} from '../views/order.ts'

const amountBound = z.bigint().min(0n).max(AMOUNT_MINOR_MAX).nullable().default(null)

const listInput = z.strictObject({
  q: searchText,
  status: z.array(z.enum(DISPLAY_STATUSES)).max(DISPLAY_STATUSES.length).default([]),
  gateway: words,
  methodType: words,
  amountMin: amountBound,
  amountMax: amountBound,
  from: instant,
  to: instant,
  sort: z.enum(['created', '-created', 'amount', '-amount']).default('-created'),
  cursor,
  limit,
})

const byOrder = z.strictObject({ orderId: id })

export const ordersRouter = router({
  list: procedure('order:read')
    .input(listInput)
    .query(async ({ ctx, input }): Promise<OrderPageView> => pending(ctx, input)),

  facets: procedure('order:read')
    .input(z.strictObject({ from: instant, to: instant }))
    .query(async ({ ctx, input }): Promise<OrderFacetsView> => pending(ctx, input)),

  get: procedure('order:read')
    .input(z.strictObject({ orderRefOrId: word }))
    .query(async ({ ctx, input }): Promise<OrderDetailView> => pending(ctx, input)),

  revealCustomer: procedure('order:pii')
    .input(byOrder)
    .mutation(async ({ ctx, input }): Promise<CustomerContactView> => pending(ctx, input)),

  timeline: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<TimelineEntryView[]> => pending(ctx, input)),

  attempts: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<AttemptView[]> => pending(ctx, input)),

  events: procedure('order:read')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<EventRowView[]> => pending(ctx, input)),

  raw: procedure('event:payload')
    .input(byOrder)
    .query(async ({ ctx, input }): Promise<RawMessageView[]> => pending(ctx, input)),

  checkStatus: procedure('order:sync')
    .input(byOrder)
    .mutation(async ({ ctx, input }): Promise<StatusCheckView> => pending(ctx, input)),
})
