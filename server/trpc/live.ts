/** What all live feeds of one server share: the reader, the messages made of what it reads, and who may listen. */
import type { StaffAuth } from '../auth/staff-auth.ts'
import { Refusal } from '../domain/refusal.ts'
import { createLiveHub, type LiveHub } from '../live/hub.ts'
import type { Wakeups } from '../live/wake.ts'
import type { AppDeps } from '../services/deps.ts'
import type { FeedItem } from '../store/live-changes.ts'
import { createAccessWatch, type AccessWatch } from './live-access.ts'
import { createTeller, type Teller } from './live-batches.ts'

/** Streams of one person in one process: tabs, not programs. */
const STREAMS_PER_PERSON = 12
const STREAMS_MAX = 1_000

export type Live = {
  hub: LiveHub<FeedItem>
  tell: Teller
  access: AccessWatch
  /** Takes a place for one stream of a person; the returned function gives it back. @throws Refusal `limit_exceeded` */
  enter(userId: string): () => void
  /** How many streams are open. */
  streams(): number
}

/** Makes what the streams of one server share. It does nothing while none is open. */
export function createLive({
  deps,
  auth,
  wakeups,
}: {
  deps: Pick<AppDeps, 'store' | 'log'>
  auth: StaffAuth
  wakeups: Pick<Wakeups, 'on'>
}): Live {
  const { store, log } = deps
  const open = new Map<string, number>()
  let streams = 0
  return {
    hub: createLiveHub<FeedItem>({ source: store.liveChanges, wakeups, log }),
    tell: createTeller(store),
    access: createAccessWatch({
      log,
      // Nobody did anything: a page that is open is not activity.
      actorOf: async (sessionId) => {
        const actor = await auth.actorOfSession(sessionId, { requestId: 'live', ip: null }, { passive: true })
        // The page has another session by now: it asks again with that one.
        if (actor === null && (await auth.wasReplaced(sessionId))) return 'unknown'
        return actor
      },
    }),
    streams: () => streams,
    enter(userId) {
      const mine = open.get(userId) ?? 0
      if (mine >= STREAMS_PER_PERSON || streams >= STREAMS_MAX)
        throw new Refusal('limit_exceeded', 'Too many live screens are open. Close some tabs.')
      open.set(userId, mine + 1)
      streams += 1
      return () => {
        streams -= 1
        const left = (open.get(userId) ?? 1) - 1
        if (left > 0) open.set(userId, left)
        else open.delete(userId)
      }
    },
  }
}
