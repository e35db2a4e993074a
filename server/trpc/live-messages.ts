/**
 * The one subscription of a browser tab. It resumes after the last message the tab has seen, holds nothing back for a
 * tab that does not read, and ends by itself when its owner signs out, is disabled or loses the permission.
 */
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { StaffActor } from '../domain/actor.ts'
import { deniedReason, roleCan } from '../domain/permission.ts'
import { Refusal } from '../domain/refusal.ts'
import { liveFeed } from '../live/feed.ts'
import { isFeedCursor, type FeedItem } from '../store/live-changes.ts'
import type { Context } from './context.ts'
import { eventRowView, type LiveMessage } from './views/event.ts'

/** A revoked person sees nothing new after this long. */
const RECHECK_MS = 5_000
/** Streams of one person in one process: tabs, not programs. */
const STREAMS_PER_PERSON = 12
const STREAMS_MAX = 1_000

const open = new Map<string, number>()

/** How many live feeds this process serves. */
export function openStreams(): number {
  let total = 0
  for (const count of open.values()) total += count
  return total
}

/**
 * Messages from after `lastEventId` on; from now on when it is null or not one of ours.
 * @throws Refusal `limit_exceeded`, and, while open, `not_signed_in` or `permission_denied`
 */
export async function* liveMessages(
  ctx: Context & { signedIn: StaffActor },
  lastEventId: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrackedEnvelope<LiveMessage>, void, void> {
  const { deps, signedIn, wakeups } = ctx
  const leave = enter(signedIn.userId)
  const watch = watchAccess(ctx)
  const ending = AbortSignal.any([ctx.closing, watch.signal, ...(signal ? [signal] : [])])
  try {
    const resumes = lastEventId !== null && isFeedCursor(lastEventId)
    const cursor = resumes ? lastEventId : await deps.store.liveChanges.currentCursor()
    yield tracked(cursor, { kind: 'hello', at: deps.clock.now() })
    const feed = liveFeed<FeedItem>({
      source: deps.store.liveChanges,
      wakeups,
      accountId: signedIn.accountId,
      cursor,
      signal: ending,
    })
    for await (const items of feed) {
      for (const [at, message] of await messagesOf(ctx, items)) yield tracked(at, message)
      if (ending.aborted) break
    }
    watch.throwIfRevoked()
  } finally {
    watch.stop()
    leave()
  }
}

async function messagesOf(
  ctx: Context & { signedIn: StaffActor },
  items: readonly FeedItem[],
): Promise<[string, LiveMessage][]> {
  const ids = items.flatMap((item) => (item.kind === 'event' ? [item.eventId] : []))
  const rows = ids.length === 0 ? [] : await ctx.deps.store.webhookEvents.byIds(ctx.signedIn.accountId, ids)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return items.flatMap((item): [string, LiveMessage][] => {
    if (item.kind === 'change')
      return [
        [item.cursor, { kind: 'change', subject: item.subject, subjectId: item.subjectId, at: item.at }],
      ]
    const row = byId.get(item.eventId)
    return row ? [[item.cursor, { kind: 'event', row: eventRowView(row) }]] : []
  })
}

/** Asks again and again whether the person may still listen; an open stream is not activity of theirs. */
function watchAccess(ctx: Context & { signedIn: StaffActor }) {
  const over = new AbortController()
  let refusal: Refusal | null = null
  const check = async (): Promise<void> => {
    const now = await ctx.auth.actorOf(ctx.visit, { passive: true })
    if (!now || now.userId !== ctx.signedIn.userId)
      refusal = new Refusal('not_signed_in', 'You were signed out.')
    else if (now.accountId !== ctx.signedIn.accountId)
      refusal = new Refusal('conflict', 'You changed to another account.')
    else if (!roleCan(now.role, 'event:read'))
      refusal = new Refusal('permission_denied', deniedReason(now.role, 'event:read'))
    if (refusal) over.abort()
  }
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      ctx.deps.log.warn({ err: error }, 'access of an open live feed could not be checked; it ends')
      over.abort()
    })
  }, RECHECK_MS)
  return {
    signal: over.signal,
    stop: () => clearInterval(timer),
    throwIfRevoked: () => {
      if (refusal) throw refusal
    },
  }
}

function enter(userId: string): () => void {
  const mine = open.get(userId) ?? 0
  if (mine >= STREAMS_PER_PERSON || openStreams() >= STREAMS_MAX)
    throw new Refusal('limit_exceeded', 'Too many live screens are open. Close some tabs.')
  open.set(userId, mine + 1)
  return () => {
    const left = (open.get(userId) ?? 1) - 1
    if (left > 0) open.set(userId, left)
    else open.delete(userId)
  }
}
