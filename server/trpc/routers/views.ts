import { z } from 'zod'
import {
  BUILT_IN_IDS,
  listPreference,
  VIEW_NAME_MAX,
  viewState,
  type ListPreference,
} from '../../domain/list-view.ts'
import { alertRule, ALERTS_MAX } from '../../domain/view-alert.ts'
import { changeView, createView, deleteView } from '../../services/views/save-view.ts'
import { seeAlerts, setAlert, stopAlert } from '../../services/views/set-alert.ts'
import { procedure, router } from '../init.ts'
import { id } from '../inputs.ts'
import { mayShowView, savedViewView, type SavedViewView } from '../views/saved-view.ts'
import { viewAlertView, type ViewAlertView } from '../views/view-alert.ts'

const name = z.string().trim().min(1).max(VIEW_NAME_MAX)
const view = z.union([id, z.enum(BUILT_IN_IDS)])

/** Saved views of the transactions list, and how each person has the list. */
export const viewsRouter = router({
  list: procedure('order:read').query(async ({ ctx }): Promise<SavedViewView[]> => {
    const { accountId, userId } = ctx.signedIn
    const views = await ctx.deps.store.savedViews.visibleTo(accountId, userId)
    return views
      .filter((view) => mayShowView(view, ctx.signedIn))
      .map((view) => savedViewView(view, ctx.signedIn))
  }),

  create: procedure('order:read')
    .input(z.strictObject({ name, shared: z.boolean(), state: viewState }))
    .mutation(({ ctx, input }): Promise<{ id: string }> => createView(ctx.deps, ctx.signedIn, input)),

  change: procedure('order:read')
    .input(
      z.strictObject({
        viewId: id,
        basedOn: z.int().min(1),
        name: name.optional(),
        shared: z.boolean().optional(),
        state: z.optional(viewState),
      }),
    )
    .mutation(({ ctx, input: { viewId, basedOn, ...rest } }): Promise<void> => {
      const { name: called, shared, state } = rest
      return changeView(ctx.deps, ctx.signedIn, {
        viewId,
        basedOn,
        ...(called !== undefined && { name: called }),
        ...(shared !== undefined && { shared }),
        ...(state !== undefined && { state }),
      })
    }),

  delete: procedure('order:read')
    .input(z.strictObject({ viewId: id }))
    .mutation(({ ctx, input }): Promise<void> => deleteView(ctx.deps, ctx.signedIn, input)),

  /** What the person wants to be told of views, and what there is to tell. */
  alerts: procedure('order:read').query(async ({ ctx }): Promise<ViewAlertView[]> => {
    const { accountId, userId } = ctx.signedIn
    const alerts = await ctx.deps.store.viewAlerts.own(accountId, userId)
    return alerts.map((alert) => viewAlertView(alert, ctx.signedIn))
  }),

  setAlert: procedure('order:read')
    .input(z.strictObject({ view, rule: alertRule }))
    .mutation(({ ctx, input }): Promise<void> => setAlert(ctx.deps, ctx.signedIn, input)),

  stopAlert: procedure('order:read')
    .input(z.strictObject({ view }))
    .mutation(({ ctx, input }): Promise<void> => stopAlert(ctx.deps, ctx.signedIn, input)),

  seeAlerts: procedure('order:read')
    .input(
      z.strictObject({
        seen: z
          .array(z.strictObject({ id, upTo: z.date() }))
          .min(1)
          .max(ALERTS_MAX),
      }),
    )
    .mutation(({ ctx, input }): Promise<void> => seeAlerts(ctx.deps, ctx.signedIn, input.seen)),

  preference: procedure('order:read').query(({ ctx }): Promise<ListPreference | null> =>
    ctx.deps.store.savedViews.preference(ctx.signedIn.accountId, ctx.signedIn.userId),
  ),

  // How a list looks is no fact about money or people: it is kept without an audit entry.
  savePreference: procedure('order:read')
    .input(listPreference)
    .mutation(({ ctx, input }): Promise<void> =>
      ctx.deps.store.savedViews.savePreference(
        ctx.signedIn.accountId,
        ctx.signedIn.userId,
        input,
        ctx.deps.clock.now(),
      ),
    ),
})
