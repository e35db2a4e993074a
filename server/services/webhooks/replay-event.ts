import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { processEvent } from './process-event.ts'

export type ReplayResult = { id: string; outcome: string; message: string }

/**
 * Processes a stored event again, as if it had just arrived. Applying a message twice changes nothing (invariant J3),
 * so a replay is always safe.
 * @throws Refusal `not_found` when the account has no such event.
 */
export async function replayEvent(
  deps: Deps,
  actor: StaffActor,
  input: { eventId: string },
): Promise<ReplayResult> {
  const event = await deps.store.webhookEvents.byId(actor.accountId, input.eventId)
  if (event === null) throw new Refusal('not_found', 'There is no such event.')
  await deps.store.transaction(async (tx) => {
    await tx.webhookEvents.restart(event.id, deps.clock.now())
    await tx.audit.append({
      actor,
      action: 'webhook_event.replay',
      subjectKind: 'webhook_event',
      subjectId: event.id,
      outcome: 'done',
      before: { status: event.status, outcome: event.outcome },
    })
  })
  const result = await processEvent(deps, event.id, { by: 'replay' })
  if (result === null) throw new Refusal('not_found', 'There is no such event.')
  return { id: event.id, outcome: result.outcome, message: messageOf(result.outcome, result.error) }
}

function messageOf(outcome: string, error: string | null): string {
  if (error !== null) return error
  if (outcome === 'applied') return 'Applied.'
  return outcome === 'no_change' || outcome === 'stale'
    ? 'Nothing to change: already applied.'
    : 'Kept, with nothing to apply.'
}
