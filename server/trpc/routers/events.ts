import { tracked } from '@trpc/server'
import { z } from 'zod'
import { procedure, router } from '../init.ts'
import { cursor, id, instant, limit, searchText, selection, words } from '../inputs.ts'
import { pending } from '../pending.ts'
import type {
  EventBodyView,
  EventDetailView,
  EventHealthView,
  EventRowView,
  FailedGroupView,
  LiveMessage,
} from '../views/event.ts'

const listInput = z.strictObject({
  q: searchText,
  names: words,
  statuses: z
    .array(z.enum(['received', 'processed', 'ignored', 'failed', 'dead']))
    .max(5)
    .default([]),
  from: instant,
  to: instant,
  cursor,
  limit,
})

export const eventsRouter = router({
  list: procedure('event:read')
    .input(listInput)
    .query(async ({ ctx, input }): Promise<{ rows: EventRowView[]; nextCursor: string | null }> =>
      pending(ctx, input),
    ),

  live: procedure('event:read')
    .input(z.strictObject({ lastEventId: z.string().max(100).nullish() }).default({}))
    .subscription(async function* ({ ctx, input }) {
      yield tracked('0:0', { kind: 'hello', at: ctx.context.deps.clock.now() } as LiveMessage)
      pending(input)
    }),

  get: procedure('event:read')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<EventDetailView> => pending(ctx, input)),

  body: procedure('event:payload')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<EventBodyView> => pending(ctx, input)),

  failed: procedure('event:read').query(async ({ ctx }): Promise<FailedGroupView[]> => pending(ctx)),

  replay: procedure('event:replay')
    .input(z.strictObject({ ids: selection }))
    .mutation(async ({ ctx, input }): Promise<{ id: string; outcome: string; message: string }[]> =>
      pending(ctx, input),
    ),

  health: procedure('event:read').query(async ({ ctx }): Promise<EventHealthView> => pending(ctx)),
})
