import { z } from 'zod'
import { AMOUNT_MINOR_MAX } from '../../domain/money.ts'
import { DISPLAY_STATUSES } from '../../domain/payment-status.ts'
import { Refusal } from '../../domain/refusal.ts'
import { FIND_FIELDS } from '../../domain/search-query.ts'
import { stuckBefore } from '../../domain/stuck.ts'
import { TRIGRAM_CHARS, type OrderFilter } from '../../store/orders-where.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, instant, limit, PAGE_MAX, searchText, words } from '../inputs.ts'
import { orderExtrasView, type OrderExtrasView } from '../views/order-extras.ts'
import { orderRowView, type OrderFacetsView, type OrderPageView } from '../views/order.ts'
import { orderRecord } from './order-record.ts'

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

/** Counts stop here: "999+" says enough, and a count beyond costs. */
const COUNT_MAX = 999

/** What a screen asks for as what the store narrows by. */
function filterOf({ stuck, ...rest }: z.infer<typeof filterInput>, now: Date): OrderFilter {
  // Fewer characters than the index needs would read every order; the screens do not send them.
  if (rest.searchIn !== null && rest.searchIn !== 'order' && rest.q.trim().length < TRIGRAM_CHARS)
    throw new Refusal('invalid_input', `Type at least ${TRIGRAM_CHARS} characters to search one field.`)
  return { ...rest, stuckBefore: stuck ? stuckBefore(now) : null }
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

  extras: procedure('order:read')
    .input(z.strictObject({ orderIds: z.array(id).min(1).max(PAGE_MAX) }))
    .query(async ({ ctx, input }): Promise<OrderExtrasView[]> => {
      const rows = await ctx.deps.store.orders.extras(ctx.signedIn.accountId, input.orderIds)
      return rows.map(orderExtrasView)
    }),

  ...orderRecord,
})
