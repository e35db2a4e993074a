/** Which events a replay, a retry or a download is about, as a screen may ask. */
import { z } from 'zod'
import { FAILURE_REASONS } from '../domain/event-failure.ts'
import { REPLAY_IDS_MAX } from '../domain/replay.ts'
import { id, instant, word, words } from './inputs.ts'

const filter = z.strictObject({
  kind: z.literal('filter'),
  among: z.enum(['open', 'set_aside', 'any']).default('open'),
  reasons: z.array(z.enum(FAILURE_REASONS)).max(FAILURE_REASONS.length).default([]),
  statuses: z
    .array(z.enum(['processed', 'ignored', 'failed', 'dead']))
    .max(4)
    .default([]),
  outcomes: words,
  names: words,
  orderRef: word.nullable().default(null),
  from: instant,
  to: instant,
})

const events = z.strictObject({
  kind: z.literal('events'),
  ids: z
    .array(id)
    .min(1)
    .max(REPLAY_IDS_MAX)
    // The same choice is the same scope, in whatever order it was made.
    .transform((ids) => [...new Set(ids)].toSorted()),
})

/** {@link ReplayScope}, parsed. */
export const replayScope = z.discriminatedUnion('kind', [events, filter])
