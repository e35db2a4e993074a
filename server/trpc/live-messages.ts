/**
 * One stream of a browser tab. It resumes after the last message the tab has seen, holds nothing back for a tab that
 * does not read, and ends by itself when its owner signs out, is disabled or loses the permission.
 */
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { StaffActor } from '../domain/actor.ts'
import type { EventFilter } from '../domain/event-filter.ts'
import { readFeedCursor } from '../domain/feed-cursor.ts'
import { deniedReason, roleCan } from '../domain/permission.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Step } from '../live/hub.ts'
import { createPacer, type Pacer } from '../live/pace.ts'
import type { FeedItem } from '../store/live-changes.ts'
import type { Context } from './context.ts'
import { mergeMessages, type StreamFilter } from './live-batches.ts'
import type { LiveBatch, LiveMessage } from './views/live.ts'

/** How much is still to come is counted this far and this often. */
const BEHIND_MAX = 10_000
const BEHIND_EVERY_MS = 2_000
/** The true rate of a sampled stream is told this often. */
const PACE_EVERY_MS = 1_000
/** A stream whose filter takes nothing is told where it is after this many items, or a reconnect would read them again. */
const UNSAID_MAX = 1_000

export type LiveRequest = {
  /** Continue after this message; null, or one that is not ours, begins with what commits from now on. */
  lastEventId: string | null
  /** Which events are sent as rows; null for none. */
  events: EventFilter | null
  /** Whether a fast feed may be sampled. Off, every event is sent. */
  sample: boolean
}

type SignedIn = Context & { signedIn: StaffActor }
type Sent = TrackedEnvelope<LiveMessage> | LiveMessage

/**
 * The messages of one stream.
 * @throws Refusal `limit_exceeded`, and, while open, `not_signed_in` or `permission_denied`
 */
export function liveMessages(
  ctx: SignedIn,
  request: LiveRequest,
  signal: AbortSignal | undefined,
): AsyncIterable<Sent, void, void> {
  const messages = generate(ctx, request, signal)
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const next = messages.next()
        // tRPC asks ahead and looks at the answer once the tab has read: a refusal that comes meanwhile would count as
        // unhandled and end the process.
        next.catch(() => undefined)
        return next
      },
      return: () => messages.return(),
    }),
  }
}

async function* generate(
  ctx: SignedIn,
  request: LiveRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Sent, void, void> {
  const { deps, signedIn, live } = ctx
  const leave = live.enter(signedIn.userId)
  const watch = await watchAccess(ctx).catch((error: unknown) => {
    leave()
    throw error
  })
  const ending = AbortSignal.any([ctx.closing, watch.signal, ...(signal ? [signal] : [])])
  const resumed = request.lastEventId !== null && readFeedCursor(request.lastEventId) !== null
  const speaker = createSpeaker(ctx, request)
  let greeted = false
  try {
    const steps = live.hub.follow({
      accountId: signedIn.accountId,
      cursor: resumed ? request.lastEventId : null,
      events: request.events !== null,
      signal: ending,
    })
    for await (const step of steps) {
      if (greeted) yield* speaker.say(step)
      else yield tracked(step.cursor, { kind: 'hello', at: deps.clock.now(), resumed })
      greeted = true
      if (ending.aborted) break
    }
    watch.throwIfRevoked()
  } finally {
    watch.stop()
    leave()
  }
}

/** Says what a step means to this stream: rows by its filter and at its pace, and how far behind it is. */
function createSpeaker(ctx: SignedIn, request: LiveRequest) {
  const { deps, signedIn, live } = ctx
  const { events } = request
  const wanted: StreamFilter = events === null ? null : { key: JSON.stringify(events), filter: events }
  const pacer = events !== null && request.sample ? createPacer() : null
  const sayPace = createPaceWords()
  const about = createBehindWords((cursor) =>
    deps.store.liveChanges.countAfter(signedIn.accountId, cursor, BEHIND_MAX, { events: events !== null }),
  )
  let unsaid = 0

  return {
    async *say(step: Step<FeedItem>): AsyncGenerator<Sent, void, void> {
      const now = deps.clock.now()
      yield* await about(step, now.getTime())
      if (step.batches.length === 0) {
        if (pacer) yield* sayPace(pacer.idle(now), now.getTime())
        return
      }
      const told = await Promise.all(
        step.batches.map((batch) => live.tell(signedIn.accountId, batch, wanted)),
      )
      const whole = mergeMessages(told)
      if (pacer) yield* sayPace(pacer.count(whole.events.map((row) => row.receivedAt)), now.getTime())
      const message = pacer ? paced(whole, pacer) : whole
      for (const { items } of step.batches) unsaid += items.length
      if (saysNothing(message) && unsaid < UNSAID_MAX) return
      unsaid = 0
      yield tracked(step.cursor, message)
    },
  }
}

function saysNothing({ events, renewed, changes }: LiveBatch): boolean {
  return events.length + renewed.length + changes.length === 0
}

/** The same message when nothing is left out, so that it stays shared. */
function paced(whole: LiveBatch, pacer: Pacer): LiveBatch {
  const events = pacer.take(whole.events)
  const renewed = pacer.take(whole.renewed)
  if (events.length === whole.events.length && renewed.length === whole.renewed.length) return whole
  return { ...whole, events, renewed }
}

function createPaceWords() {
  let said = { oneIn: 1, perSecond: 0 }
  let saidAt = 0
  return (pace: { oneIn: number; perSecond: number }, now: number): LiveMessage[] => {
    const factor = pace.oneIn !== said.oneIn
    const rate = pace.oneIn > 1 && pace.perSecond !== said.perSecond && now - saidAt >= PACE_EVERY_MS
    if (!factor && !rate) return []
    said = pace
    saidAt = now
    return [{ kind: 'pace', ...pace }]
  }
}

function createBehindWords(countAfter: (cursor: string) => Promise<number>) {
  let saidAt: number | null = null
  return async (step: Step<FeedItem>, now: number): Promise<LiveMessage[]> => {
    if (!step.behind) {
      if (saidAt === null) return []
      saidAt = null
      return [{ kind: 'behind', about: 0 }]
    }
    if (saidAt !== null && now - saidAt < BEHIND_EVERY_MS) return []
    saidAt = now
    return [{ kind: 'behind', about: await countAfter(step.cursor) }]
  }
}

/** Follows the answers about the session of this stream. */
async function watchAccess(ctx: SignedIn) {
  const over = new AbortController()
  let refusal: Refusal | null = null
  const sessionId = await ctx.auth.sessionIdOf(ctx.visit)
  if (sessionId === null) throw new Refusal('not_signed_in', 'You were signed out.')
  const stop = ctx.live.access.watch(sessionId, (now) => {
    // Without a refusal the page tries again, and is then answered by whoever can tell.
    if (now === 'unknown') return over.abort()
    if (!now || now.userId !== ctx.signedIn.userId)
      refusal = new Refusal('not_signed_in', 'You were signed out.')
    else if (now.accountId !== ctx.signedIn.accountId)
      refusal = new Refusal('conflict', 'You changed to another account.')
    else if (!roleCan(now.role, 'event:read'))
      refusal = new Refusal('permission_denied', deniedReason(now.role, 'event:read'))
    if (refusal) over.abort()
  })
  return {
    signal: over.signal,
    stop,
    throwIfRevoked: () => {
      if (refusal) throw refusal
    },
  }
}
