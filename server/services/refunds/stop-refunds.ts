import type { StaffActor, SystemActor } from '../../domain/actor.ts'
import { stopEndProblem, stopReasonProblem } from '../../domain/refund-stop.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { RefundStopRecord } from '../../store/refund-stops.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

export type StopInput = {
  /** A person, or the job that found something wrong. */
  by: StaffActor | SystemActor
  /** Juspay's code of one gateway; null for all refunds of the account. */
  gateway: string | null
  reason: string
  /** When the stop ends by itself; null until a person lifts it. */
  expiresAt: Date | null
}

type StopDeps = Pick<Deps, 'store' | 'clock' | 'ids' | 'wake'>

/**
 * Stops refunds: once this has committed nothing is claimed for sending, whatever was approved (C25). Calls in flight
 * are not called back. A job that finds the same fault again finds its own stop in force and adds none.
 * @returns the stop; null when this job already holds refunds of this scope
 * @throws Refusal invalid_input
 */
export async function stopRefunds(deps: StopDeps, input: StopInput): Promise<RefundStopRecord | null> {
  const { by, gateway, expiresAt } = input
  const now = deps.clock.now()
  const reason = input.reason.trim()
  const problem = stopReasonProblem(reason) ?? stopEndProblem(expiresAt, now)
  if (problem !== null) throw new Refusal('invalid_input', problem)
  const stored = await deps.store.transaction((tx) =>
    setStop(deps, tx, { by, gateway, reason, expiresAt }, now),
  )
  deps.wake('live')
  return stored
}

/** Sets a stop in the caller's transaction; see {@link stopRefunds}. The caller has checked the words and wakes `live`. */
export async function setStop(
  deps: Pick<Deps, 'ids'>,
  tx: StoreTx,
  { by, gateway, reason, expiresAt }: StopInput,
  now: Date,
): Promise<RefundStopRecord | null> {
  const { accountId } = by
  const id = deps.ids.uuid()
  const setBy = by.kind === 'user' ? by.userId : by.name
  const stop = {
    id,
    accountId,
    gateway,
    reason,
    setByKind: by.kind,
    setBy,
    setByName: by.name,
    expiresAt,
    now,
  }
  await tx.refundStops.lock(accountId)
  await tx.refundStops.closeExpired(stop)
  if (!(await tx.refundStops.insert(stop))) return null
  await tx.liveChanges.append(accountId, 'refund_stop', id)
  await tx.audit.append({
    actor: by,
    action: 'refund_stop.set',
    subjectKind: 'refund_stop',
    subjectId: id,
    outcome: 'done',
    reason,
    after: { gateway, expiresAt },
  })
  return tx.refundStops.byId(accountId, id)
}

/**
 * Lifts a stop; what waited is sent from now on, each refund after the checks of its claim.
 * @throws Refusal not_found, conflict, invalid_input
 */
export async function liftStop(
  deps: StopDeps,
  actor: StaffActor,
  input: { stopId: string; note: string },
): Promise<RefundStopRecord> {
  const { accountId } = actor
  const note = input.note.trim()
  const problem = stopReasonProblem(note)
  if (problem !== null) throw new Refusal('invalid_input', problem.replace('Reason', 'Note'))
  const stop = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    await tx.refundStops.lock(accountId)
    const before = await tx.refundStops.byId(accountId, input.stopId)
    if (before === null) throw new Refusal('not_found', 'There is no such stop in this account.')
    if (!(await tx.refundStops.lift({ accountId, id: before.id, by: actor.name, note, now })))
      throw new Refusal('conflict', 'This stop has already ended.')
    await tx.refundStops.sendNow(accountId, now)
    await tx.liveChanges.append(accountId, 'refund_stop', before.id)
    await tx.audit.append({
      actor,
      action: 'refund_stop.lift',
      subjectKind: 'refund_stop',
      subjectId: before.id,
      outcome: 'done',
      reason: note,
      before: { gateway: before.gateway, reason: before.reason, setBy: before.setByName },
      after: { liftedAt: now },
    })
    return (await tx.refundStops.byId(accountId, before.id)) ?? before
  })
  deps.wake('live')
  deps.wake('refunds')
  return stop
}
