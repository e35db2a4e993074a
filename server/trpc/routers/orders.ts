import { z } from 'zod'
import { ORDER_SORTS } from '../../domain/order-columns.ts'
import { personalLooks } from '../../domain/personal-search.ts'
import { notePersonalSearch } from '../../services/orders/note-personal-search.ts'
import { orderFilterOf } from '../../services/orders/order-filter.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, limit, PAGE_MAX } from '../inputs.ts'
import { orderFacets } from '../order-facets.ts'
import { orderFilterInput, searching } from '../order-filter.ts'
import { orderWayOut, orderWayOutInput } from '../order-way-out.ts'
import { selectionFilterOf, selectionToken, selectionTokenOf } from '../order-selection.ts'
import { orderExtrasView, type OrderExtrasView } from '../views/order-extras.ts'
import {
  orderRowView,
  type OrderFacetsView,
  type OrderPageView,
  type OrderRowView,
  type OrderTotalView,
} from '../views/order.ts'
import { orderSelectionView, type OrderSelectionView } from '../views/order-selection.ts'
import type { CountView, WayOutView } from '../views/way-out.ts'
import { COUNT_MAX } from '../way-out.ts'
import { orderRecord } from './order-record.ts'

/** Rows on a page of the list behind a cursor at most. */
const FURTHER_MAX = 500

const listInput = orderFilterInput.extend({
  sort: z.enum(ORDER_SORTS).default('-created'),
  cursor,
  /** Without a cursor: the page around this order, in place of the first one. */
  at: id.nullable().default(null),
  limit,
  /** Rows of a page behind a cursor, when those may be more: nobody waits for it with an empty screen. */
  furtherLimit: z.int().min(1).max(FURTHER_MAX).optional(),
})

export const ordersRouter = router({
  list: procedure('order:read')
    .input(listInput)
    .query(async ({ ctx, input }): Promise<OrderPageView> => {
      const { sort, cursor: position, limit, furtherLimit, at, ...narrowed } = input
      const { accountId } = ctx.signedIn
      const rows = position === null ? limit : (furtherLimit ?? limit)
      const now = ctx.deps.clock.now()
      const filter = orderFilterOf(narrowed, ctx.signedIn, now)
      await notePersonalSearch(ctx.deps, ctx.signedIn, personalLooks(filter.query))
      const page = await searching(
        at === null || position !== null
          ? ctx.deps.store.orders.list(accountId, filter, { sort, cursor: position, limit: rows })
          : ctx.deps.store.orders.listAround(accountId, filter, { sort, orderId: at, limit }),
      )
      return {
        rows: page.rows.map((row) => orderRowView(row, now, ctx.signedIn.role)),
        nextCursor: page.nextCursor,
        previousCursor: page.previousCursor,
        asOf: now,
      }
    }),

  /** How many orders match. Not part of the list: rows do not wait for a count. */
  total: procedure('order:read')
    .input(orderFilterInput.extend({ exactly: z.boolean().default(false) }))
    .query(({ ctx, input: { exactly, ...narrowed } }): Promise<OrderTotalView> => {
      const { accountId } = ctx.signedIn
      const filter = orderFilterOf(narrowed, ctx.signedIn, ctx.deps.clock.now())
      const { orders } = ctx.deps.store
      return searching(exactly ? orders.countExactly(accountId, filter) : orders.estimate(accountId, filter))
    }),

  count: procedure('order:read')
    .input(orderFilterInput)
    .query(({ ctx, input }): Promise<CountView> => {
      const filter = orderFilterOf(input, ctx.signedIn, ctx.deps.clock.now())
      return searching(ctx.deps.store.orders.countUpTo(ctx.signedIn.accountId, filter, COUNT_MAX))
    }),

  /** Why a list may be empty: asked for when it is. */
  wayOut: procedure('order:read')
    .input(orderWayOutInput)
    .query(({ ctx, input }): Promise<WayOutView> => orderWayOut(ctx.deps, ctx.signedIn, input)),

  facets: procedure('order:read')
    .input(orderFilterInput)
    .query(({ ctx, input }): Promise<OrderFacetsView> => orderFacets(ctx.deps, ctx.signedIn, input)),

  /** Counts and adds up all that match and pins them, for the bar of "all matching" and what it does. */
  selection: procedure('order:read')
    .input(orderFilterInput)
    .query(async ({ ctx, input }): Promise<OrderSelectionView> => {
      const { accountId } = ctx.signedIn
      const asOf = ctx.deps.clock.now()
      const token = selectionTokenOf(input, accountId, asOf)
      const filter = selectionFilterOf(token, ctx.signedIn)
      const sums = await searching(ctx.deps.store.orders.sums(accountId, filter))
      return orderSelectionView(sums, { token, asOf })
    }),

  /** The orders of a selection page by page, newest first: without those that came or changed since. */
  selected: procedure('order:read')
    .input(z.strictObject({ token: selectionToken, cursor, limit }))
    .query(async ({ ctx, input }): Promise<OrderPageView> => {
      const { accountId } = ctx.signedIn
      const { token, ...place } = input
      const filter = selectionFilterOf(token, ctx.signedIn)
      const page = await searching(
        ctx.deps.store.orders.list(accountId, filter, { sort: '-created', ...place }),
      )
      const now = ctx.deps.clock.now()
      return {
        ...page,
        rows: page.rows.map((row) => orderRowView(row, now, ctx.signedIn.role)),
        asOf: filter.now,
      }
    }),

  /** Rows that changed while they were on screen. */
  rows: procedure('order:read')
    .input(z.strictObject({ orderIds: z.array(id).min(1).max(PAGE_MAX) }))
    .query(async ({ ctx, input }): Promise<OrderRowView[]> => {
      const rows = await ctx.deps.store.orders.rowsByIds(ctx.signedIn.accountId, input.orderIds)
      const now = ctx.deps.clock.now()
      return rows.map((row) => orderRowView(row, now, ctx.signedIn.role))
    }),

  extras: procedure('order:read')
    .input(z.strictObject({ orderIds: z.array(id).min(1).max(PAGE_MAX) }))
    .query(async ({ ctx, input }): Promise<OrderExtrasView[]> => {
      const { accountId } = ctx.signedIn
      const { orders, bulk } = ctx.deps.store.pages
      const [rows, locks] = await Promise.all([
        orders.extras(accountId, input.orderIds),
        bulk.locksOn(accountId, input.orderIds),
      ])
      return rows.map((row) => orderExtrasView(row, locks))
    }),

  ...orderRecord,
})
