import { z } from 'zod'
import { eventFilterSchema } from '../../domain/event-filter.ts'
import { procedure } from '../init.ts'
import { liveMessages } from '../live-messages.ts'

const CURSOR_MAX = 100

const input = z
  .strictObject({
    lastEventId: z.string().max(CURSOR_MAX).nullish(),
    /** Which events come as rows; null for none: pages other than the feed live on changes alone. */
    events: z.nullable(eventFilterSchema).default(null),
    /** Whether events may be sampled when they come faster than anybody can read. */
    sample: z.boolean().default(false),
  })
  .prefault({})

/** The live feed of the account as server-sent events: resumable, filtered, and over as soon as access is. */
export const liveEvents = procedure('event:read')
  .input(input)
  .subscription(({ ctx, input: asked, signal }) =>
    liveMessages(ctx, { ...asked, lastEventId: asked.lastEventId ?? null }, signal),
  )
