/** Turns one stored webhook event into changes of its order, exactly once, in one transaction with the verdict. */
import type { FieldChange } from '../../domain/change.ts'
import type { AttemptBy, EventStatus, LockedEvent } from '../../store/webhook-queue.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { processEvents, type Processed } from './process-pass.ts'
import { learnOrder } from './process-unknown.ts'
import { nextTry, reasonOf } from './process-verdict.ts'

export type ProcessResult = {
  eventId: string
  status: EventStatus
  outcome: string
  orderId: string | null
  error: string | null
  /** What this pass changed; in a shadow run, what it would change. */
  changes: FieldChange[]
}

export type ProcessOptions = {
  /** Who asks; kept with the pass. */
  by?: AttemptBy
  /** Runs everything and rolls back: nothing is written, nobody is woken, Juspay is not asked. */
  shadow?: boolean
}

/** Processes one event whatever its status; null when it does not exist. */
export async function processEvent(
  deps: Deps,
  eventId: string,
  { by = 'processor', shadow = false }: ProcessOptions = {},
): Promise<ProcessResult | null> {
  const pass = { by, shadow, lock: (tx: StoreTx) => tx.webhookEvents.lock(eventId) }
  const done = await processOne(deps, pass)
  if (done === null || shadow || done.processed === null) return done?.result ?? null
  const unknown = unknownOrderOf(done.processed)
  if (unknown === null || !(await learnOrder(deps, unknown))) return done.result
  return (await processOne(deps, pass))?.result ?? null
}

/** The order to ask Juspay for when an event was about one that nobody knows. */
export function unknownOrderOf({ event, account, verdict }: Processed) {
  if (verdict.outcome !== 'no_order_yet' || verdict.orderRef === null) return null
  return { account, orderRef: verdict.orderRef, eventIds: [event.id] }
}

type OnePass = {
  by: AttemptBy
  shadow: boolean
  lock: (tx: StoreTx) => Promise<LockedEvent | null>
}

/** One event with its pass; `processed` is null when the pass threw. */
export type Done = { result: ProcessResult; processed: Processed | null }

/** Processes the event that `lock` finds, alone. A try that throws is noted with the event, and others go on (W10). */
export async function processOne(deps: Deps, { by, shadow, lock }: OnePass): Promise<Done | null> {
  const claimed: { event: LockedEvent | null; at: Date } = { event: null, at: deps.clock.now() }
  const work = async (tx: StoreTx): Promise<Processed | null> => {
    claimed.event = await lock(tx)
    claimed.at = deps.clock.now()
    if (claimed.event === null) return null
    const [processed] = await processEvents(deps, tx, { events: [claimed.event], by, now: claimed.at })
    return processed ?? null
  }
  try {
    const processed = await (shadow ? deps.store.rehearse(work) : deps.store.transaction(work))
    if (processed === null) return null
    if (!shadow) deps.wake('live')
    return { result: resultOf(processed), processed }
  } catch (error) {
    if (claimed.event === null) throw error
    const failure = { event: claimed.event, at: claimed.at, by, shadow, cause: error }
    return { result: await noteFailure(deps, failure), processed: null }
  }
}

function resultOf({ event, verdict, changes }: Processed): ProcessResult {
  const { status, outcome, orderId, error } = verdict
  return { eventId: event.id, status, outcome, orderId, error, changes }
}

/** A try that threw: its transaction is gone, so the note is written in its own. */
async function noteFailure(
  deps: Deps,
  failure: { event: LockedEvent; at: Date; by: AttemptBy; shadow: boolean; cause: unknown },
): Promise<ProcessResult> {
  const { event, at, by, shadow } = failure
  const now = deps.clock.now()
  const { tries, nextTryAt } = nextTry(event, now)
  const error = reasonOf(failure.cause)
  const status = nextTryAt === null ? 'dead' : 'failed'
  const outcome = 'error'
  const result: ProcessResult = { eventId: event.id, status, outcome, orderId: null, error, changes: [] }
  if (shadow) return result
  deps.log.error({ eventId: event.id, tries, error }, 'processing a webhook event failed')
  const tookMs = now.getTime() - at.getTime()
  const attempt = { at, tookMs, by, status, outcome, error, changes: 0 } as const
  await deps.store.transaction(async (tx) => {
    const noted = await tx.webhookEvents.noteFailure(event, { tries, nextTryAt, attempt })
    if (noted) await tx.liveChanges.append(event.accountId, 'webhook_event', event.id)
  })
  deps.wake('live')
  return result
}
