import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps } from '../../services/deps.ts'
import { isTimeout } from '../../store/database.ts'
import { isIndexed, type EventSearch } from '../../store/event-search.ts'
import type { WebhookEventDetail } from '../../store/webhook-events-read.ts'
import { relatedOf, sideOf } from '../event-sides.ts'
import { eventSearchInput, eventWayOut, eventWayOutInput } from '../event-way-out.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, instant, limit, side } from '../inputs.ts'
import { eventFacetsView, eventRowView, type EventFacetsView, type EventRowView } from '../views/event.ts'
import {
  eventDetailView,
  type EventBodyView,
  type EventDetailView,
  type EventRelatedView,
  type EventSideView,
} from '../views/event-detail.ts'
import { explainBody } from '../views/masking.ts'
import type { FeedHealthView } from '../views/health.ts'
import type { WayOutView } from '../views/way-out.ts'
import { feedHealth } from '../webhook-health.ts'
import { liveEvents } from './live-events.ts'

const listInput = eventSearchInput.extend({ cursor, limit })

/** A list that no index answers may take this long before it is told to ask for less. */
const SEARCH_TIMEOUT_MS = 4_000

const ALONE = { previous: null, next: null }
type Asking = { deps: AppDeps; signedIn: StaffActor }

async function demandEvent(ctx: Asking, eventId: string): Promise<WebhookEventDetail> {
  const event = await ctx.deps.store.webhookEvents.byId(ctx.signedIn.accountId, eventId)
  if (!event) throw new Refusal('not_found', 'There is no such event.')
  return event
}

async function searchEvents(
  { deps, signedIn }: Asking,
  search: EventSearch,
  page: { cursor: string | null; limit: number },
) {
  const { accountId } = signedIn
  if (isIndexed(search)) return deps.store.webhookEvents.list(accountId, search, page)
  try {
    return await deps.store.transaction(async (tx) => {
      await tx.webhookEvents.limitTime(SEARCH_TIMEOUT_MS)
      return tx.webhookEvents.list(accountId, search, page)
    })
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw new Refusal(
      'limit_exceeded',
      'This filter has to look through too many events.',
      'Choose a shorter time range, or add an order.',
    )
  }
}

export const eventsRouter = router({
  list: procedure('event:read')
    .input(listInput)
    .query(async ({ ctx, input }): Promise<{ rows: EventRowView[]; nextCursor: string | null }> => {
      const { cursor: after, limit: rows, ...search } = input
      const page = await searchEvents(ctx, search, { cursor: after, limit: rows })
      return { rows: page.rows.map(eventRowView), nextCursor: page.nextCursor }
    }),

  /** Why a list may be empty: asked for when it is. */
  wayOut: procedure('event:read')
    .input(eventWayOutInput)
    .query(({ ctx, input }): Promise<WayOutView> => eventWayOut(ctx.deps, ctx.signedIn, input)),

  /** Counts beside the suggestions of the filter bar. */
  facets: procedure('event:read')
    .input(z.strictObject({ from: instant, to: instant }))
    .query(async ({ ctx, input }): Promise<EventFacetsView> =>
      eventFacetsView(await ctx.deps.store.webhookEvents.countsBy(ctx.signedIn.accountId, input)),
    ),

  live: liveEvents,

  get: procedure('event:read')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<EventDetailView> => {
      const event = await demandEvent(ctx, input.id)
      const { accountId } = ctx.signedIn
      const { webhookEvents, orderChanges } = ctx.deps.store
      const { orderId } = event
      const [changed, around, twins] = await Promise.all([
        orderChanges.entriesBySource(accountId, event.id),
        orderId === null ? ALONE : webhookEvents.neighboursOf(accountId, { ...event, orderId }),
        orderId === null ? [] : webhookEvents.twinsOf(accountId, { id: event.id, orderId }),
      ])
      return eventDetailView(event, { changed, ...around, twins })
    }),

  /** The messages about the same order. */
  related: procedure('event:read')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<EventRelatedView> => {
      const event = await demandEvent(ctx, input.id)
      return relatedOf({ deps: ctx.deps, accountId: ctx.signedIn.accountId, event })
    }),

  /** One side of a comparison: the event's own body or something else about its order. */
  side: procedure('event:payload')
    .input(z.strictObject({ id, side }))
    .query(async ({ ctx, input }): Promise<EventSideView> => {
      const event = await demandEvent(ctx, input.id)
      const asked = { deps: ctx.deps, accountId: ctx.signedIn.accountId, event }
      const found = await sideOf(asked, input.side)
      if (!found) throw new Refusal('not_found', 'There is no such message about this order.')
      return found
    }),

  body: procedure('event:payload')
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }): Promise<EventBodyView> => {
      const found = await ctx.deps.store.webhookEvents.bodyOf(ctx.signedIn.accountId, input.id)
      if (!found) throw new Refusal('not_found', 'There is no such event.')
      return {
        ...explainBody(found.body),
        sha256: createHash('sha256').update(found.body).digest('hex'),
      }
    }),

  /** The few figures around the feed. */
  health: procedure('event:read').query(({ ctx }): Promise<FeedHealthView> =>
    feedHealth(ctx.deps, ctx.signedIn.accountId),
  ),
})
