import { SLOT_SECONDS, slotOf } from '../domain/event-rate.ts'
import type { RejectionCause, RejectionDetail } from '../domain/rejection.ts'
import type { Deps } from '../services/deps.ts'
import { countRejections } from '../services/webhooks/count-rejections.ts'
import type { RejectionTally } from '../store/webhook-rejections.ts'

export type Rejection = {
  cause: RejectionCause
  accountId: string | null
  slug: string
  remoteAddress: string
  detail: RejectionDetail
}

export type RejectionRecorder = {
  /** Never waits and never fails the request. */
  record(rejection: Rejection): void
  /** Writes what is counted and stops. */
  close(): Promise<void>
}

/** One kept per cause and account in this time: a flood of refused deliveries costs nothing. */
const SAMPLE_EVERY_MS = 1_000
/** Counts are written this often. */
const FLUSH_MS = 1_000
/** An open screen is told at once of the first refusal, and then this often at most. */
const TELL_EVERY_MS = 5_000
/** Counts of so many slots per cause and account are kept while the database is away; later ones join the last. */
const SLOTS_MAX = 360

/**
 * Counts refused deliveries exactly and keeps a sample of them, because a wrong password loses events after a day (W15).
 * Memory is bounded by accounts and causes, of which a sender can make up neither. Counts are written every second and at
 * the end: a process that is killed loses at most what it refused in its last second, or since the database went away.
 */
export function rejectionRecorder(deps: Deps): RejectionRecorder {
  const sampledAt = new Map<string, number>()
  const sampling = new Set<string>()
  const toldAt = new Map<string, number>()
  const counts = new Map<string, RejectionTally[]>()
  let timer: NodeJS.Timeout | null = null
  let flushing: Promise<void> = Promise.resolve()

  const count = (tallies: readonly RejectionTally[]): void => {
    for (const tally of tallies) addTo(counts, tally)
    if (counts.size > 0) timer ??= setTimeout(() => void flush(), FLUSH_MS).unref()
  }
  const write = async (): Promise<void> => {
    const tallies = [...counts.values()].flat()
    counts.clear()
    if (tallies.length === 0) return
    const now = deps.clock.now().getTime()
    const accounts = new Set(tallies.flatMap(({ accountId }) => accountId ?? []))
    const tell = [...accounts].filter((id) => now - (toldAt.get(id) ?? -Infinity) >= TELL_EVERY_MS)
    try {
      await countRejections(deps, tallies, tell)
      for (const id of tell) toldAt.set(id, now)
    } catch (error) {
      deps.log.warn({ error: String(error) }, 'refused deliveries could not be counted; it is tried again')
      count(tallies)
    }
  }
  /** One after the other: what is counted meanwhile goes with the next. */
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    flushing = flushing.then(write)
    return flushing
  }

  return {
    record(rejection) {
      const now = deps.clock.now()
      const { cause, accountId } = rejection
      count([{ accountId, cause, slot: slotOf(now, SLOT_SECONDS), count: 1, lastAt: now }])
      const key = keyOf(rejection)
      const last = sampledAt.get(key)
      // A slow database gets one at a time, too.
      if ((last !== undefined && now.getTime() - last < SAMPLE_EVERY_MS) || sampling.has(key)) return
      sampledAt.set(key, now.getTime())
      sampling.add(key)
      deps.log.warn({ ...rejection }, 'a webhook delivery was refused')
      deps.store.webhookEvents
        .reject({ ...rejection, at: now })
        .catch((error: unknown) => deps.log.warn({ error: String(error) }, 'the refusal could not be noted'))
        .finally(() => sampling.delete(key))
    },
    async close() {
      await flush()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** Unknown accounts share one place: their names are the sender's choice. */
function keyOf({ accountId, cause }: Pick<Rejection, 'accountId' | 'cause'>): string {
  return `${accountId ?? ''} ${cause}`
}

function addTo(counts: Map<string, RejectionTally[]>, tally: RejectionTally): void {
  const slots = counts.get(keyOf(tally)) ?? []
  counts.set(keyOf(tally), slots)
  const last = slots.at(-1)
  const same = slots.find(({ slot }) => slot.getTime() === tally.slot.getTime())
  const into = same ?? (slots.length >= SLOTS_MAX ? last : undefined)
  if (into === undefined) slots.push({ ...tally })
  else {
    into.count += tally.count
    into.lastAt = tally.lastAt > into.lastAt ? tally.lastAt : into.lastAt
  }
}
