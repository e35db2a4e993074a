import { setTimeout as pause } from 'node:timers/promises'
import type { StaffActor } from '../../domain/actor.ts'
import type { FieldChange } from '../../domain/change.ts'
import type { StatusMove } from '../../domain/check-words.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { askJuspay, type CheckOutcome, type CheckResult } from '../orders/check-status.ts'

/** Most orders checked in one run: each is a call to Juspay that a person waits for. */
export const RUN_MAX = 200
const AT_ONCE = 4
/** A run is longer than the call budget: each question waits for its turn, at most this long in all. */
const TURN_WAIT_MS = 250
const TURN_TRIES = 100

export type RunResult = {
  orderId: string
  orderRef: string | null
  outcome: CheckOutcome | 'no_such_order' | 'error'
  message: string
  changes: FieldChange[]
  /** As in {@link CheckResult}. */
  status: StatusMove | null
}

/** What a run was: a part of reconciliation, or the status of orders that somebody chose in a list. */
export type RunDeed = 'recon.run' | 'order.check_status'

/** Checks the chosen orders with Juspay, as one audited deed. The results are in the order asked for. */
export async function runChecks(
  deps: Deps,
  actor: StaffActor,
  input: { orderIds: readonly string[]; deed: RunDeed },
): Promise<RunResult[]> {
  const orderIds = [...new Set(input.orderIds)]
  if (orderIds.length > RUN_MAX)
    throw new Refusal('limit_exceeded', `Choose at most ${RUN_MAX} orders at a time.`)
  const results = new Map<string, RunResult>()
  const queue = [...orderIds]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results.set(next, await checkOne(deps, actor, next))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const ordered = orderIds.flatMap((id) => results.get(id) ?? [])
  await deps.store.transaction((tx) =>
    tx.audit.append({
      actor,
      action: input.deed,
      subjectKind: 'order',
      subjectId: null,
      outcome: 'done',
      after: { orders: orderIds, changed: ordered.filter((result) => result.outcome === 'changed').length },
    }),
  )
  return ordered
}

async function checkOne(deps: Deps, actor: StaffActor, orderId: string): Promise<RunResult> {
  const order = await deps.store.orders.byId(actor.accountId, orderId)
  if (order === null)
    return {
      orderId,
      orderRef: null,
      outcome: 'no_such_order',
      message: 'There is no such order.',
      changes: [],
      status: null,
    }
  try {
    const { outcome, message, changes, status } = await askInTurn(deps, actor, orderId)
    return { orderId, orderRef: order.orderRef, outcome, message, changes, status }
  } catch (error) {
    deps.log.error({ orderId, error: String(error) }, 'status check failed')
    const message = 'The check did not finish. Nothing was changed; try again.'
    return { orderId, orderRef: order.orderRef, outcome: 'error', message, changes: [], status: null }
  }
}

async function askInTurn(deps: Deps, actor: StaffActor, orderId: string): Promise<CheckResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await askJuspay(deps, actor, orderId)
    } catch (error) {
      const full = error instanceof Refusal && error.code === 'rate_limited'
      if (!full || tries === TURN_TRIES) throw error
      await pause(TURN_WAIT_MS)
    }
  }
}
