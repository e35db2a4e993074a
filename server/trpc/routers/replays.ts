import { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'
import { REPLAY_ITEM_STATES } from '../../domain/replay.ts'
import { applyReplay, pauseReplay, resumeReplay, stopReplay } from '../../services/webhooks/replay-control.ts'
import { createReplay, previewReplay } from '../../services/webhooks/replay-create.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, limit } from '../inputs.ts'
import { replayScope } from '../replay-inputs.ts'
import {
  replayItemView,
  replayJobView,
  type ReplayItemView,
  type ReplayJobView,
  type ReplayPreviewView,
} from '../views/replay.ts'

const REASON_MAX = 500
const REQUEST_KEY_MAX = 100
/** An order's reference, or a number of events. */
const TYPED_MAX = 200

const job = z.strictObject({ jobId: id })

/** Replay jobs: made, looked at, applied, paused, resumed, stopped. */
export const replaysRouter = router({
  preview: procedure('event:replay')
    .input(z.strictObject({ scope: replayScope }))
    .query(async ({ ctx, input }): Promise<ReplayPreviewView> => {
      const found = await previewReplay(ctx.deps, ctx.signedIn, input.scope)
      return {
        count: found.count,
        appliedBefore: found.appliedBefore,
        oldestAt: found.oldestAt,
        newestAt: found.newestAt,
        groups: found.groups.map(({ reason, count }) => ({ reason, count })),
      }
    }),

  create: procedure('event:replay')
    .input(
      z.strictObject({
        scope: replayScope,
        reason: z.string().trim().max(REASON_MAX).nullable().default(null),
        requestKey: z.string().min(8).max(REQUEST_KEY_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<ReplayJobView> => {
      const reason = input.reason === '' ? null : input.reason
      const made = await createReplay(ctx.deps, ctx.signedIn, { ...input, reason })
      return replayJobView(made, ctx.signedIn, ctx.deps.clock.now())
    }),

  get: procedure('event:read')
    .input(job)
    .query(async ({ ctx, input }): Promise<ReplayJobView> => {
      const found = await ctx.deps.store.replays.byId(ctx.signedIn.accountId, input.jobId)
      if (!found) throw new Refusal('not_found', 'There is no such replay.')
      return replayJobView(found, ctx.signedIn, ctx.deps.clock.now())
    }),

  items: procedure('event:read')
    .input(
      z.strictObject({
        jobId: id,
        states: z.array(z.enum(REPLAY_ITEM_STATES)).max(9).default([]),
        cursor,
        limit,
      }),
    )
    .query(async ({ ctx, input }): Promise<{ rows: ReplayItemView[]; nextCursor: string | null }> => {
      const { replays } = ctx.deps.store
      const found = await replays.byId(ctx.signedIn.accountId, input.jobId)
      if (!found) throw new Refusal('not_found', 'There is no such replay.')
      const page = await replays.items(found.id, { states: input.states }, input)
      return { rows: page.rows.map(replayItemView), nextCursor: page.nextCursor }
    }),

  list: procedure('event:read')
    .input(z.strictObject({ cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: ReplayJobView[]; nextCursor: string | null }> => {
      const page = await ctx.deps.store.replays.list(ctx.signedIn.accountId, input)
      const now = ctx.deps.clock.now()
      return {
        rows: page.rows.map((row) => replayJobView(row, ctx.signedIn, now)),
        nextCursor: page.nextCursor,
      }
    }),

  // "apply" is a word that tRPC keeps to itself.
  applyJob: procedure('event:replay')
    .input(z.strictObject({ jobId: id, again: z.string().max(TYPED_MAX).nullable().default(null) }))
    .mutation(async ({ ctx, input }): Promise<ReplayJobView> =>
      replayJobView(await applyReplay(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  pause: procedure('event:replay')
    .input(job)
    .mutation(async ({ ctx, input }): Promise<ReplayJobView> =>
      replayJobView(await pauseReplay(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  resume: procedure('event:replay')
    .input(job)
    .mutation(async ({ ctx, input }): Promise<ReplayJobView> =>
      replayJobView(await resumeReplay(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  stop: procedure('event:replay')
    .input(job)
    .mutation(async ({ ctx, input }): Promise<ReplayJobView> =>
      replayJobView(await stopReplay(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),
})
