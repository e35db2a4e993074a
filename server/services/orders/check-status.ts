/** Asks Juspay about one order now, and applies the answer the same way as a webhook. */
import type { Actor } from '../../domain/actor.ts'
import type { FieldChange } from '../../domain/change.ts'
import { retryCheckAt } from '../../domain/check-schedule.ts'
import { checkedWords, tooManyText, type StatusMove } from '../../domain/check-words.ts'
import { reviewed } from '../../domain/confirmation.ts'
import { describeStatus } from '../../domain/payment-status.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { CallPurpose } from '../../domain/status-budget.ts'
import type { OrderAnswer } from '../../juspay/client.ts'
import type { CallFailure } from '../../juspay/door.ts'
import type { LockedAggregate } from '../../store/order-locks.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef, Deps } from '../deps.ts'
import { applyProviderOrder } from './apply-order.ts'
import { noteGaps } from './note-gaps.ts'
import type { ApplyOutcome } from './weigh-message.ts'

export const CHECK_OUTCOMES = [
  'changed',
  'no_change',
  'not_found',
  'wrong_merchant',
  'unavailable',
  'unauthorised',
] as const
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number]

export type CheckResult = {
  outcome: CheckOutcome
  /** One or two sentences for the person who asked. */
  message: string
  changes: FieldChange[]
  /** The order's status before the answer and after it; null without an answer that could be read. */
  status: StatusMove | null
  checkedAt: Date
  /** When Juspay, which was asked too much, may be asked again; null when it did not say, or took the question. */
  retryAt: Date | null
}

/**
 * Asks for one order and writes an audit entry when a person asked. A provider that does not answer leaves the order
 * as it is: no answer is never an outcome.
 * @throws Refusal `not_found` when the account has no such order, `rate_limited` when the call budget is used up
 */
export async function checkStatus(
  deps: Deps,
  actor: Actor,
  input: { orderId: string },
): Promise<CheckResult> {
  const result = await askJuspay(deps, actor, input.orderId)
  if (actor.kind === 'user' || actor.kind === 'machine')
    await deps.store.transaction((tx) =>
      tx.audit.append({
        actor,
        action: 'order.check_status',
        subjectKind: 'order',
        subjectId: input.orderId,
        outcome: 'done',
        after: { outcome: result.outcome, changes: result.changes.length },
      }),
    )
  return result
}

/**
 * The same without an audit entry, for jobs and for checks of many orders that are audited as one deed.
 * @param purpose whose share of the call budget it takes; the sweep has taken its calls when it took the orders
 * @throws Refusal `rate_limited` when the budget is used up
 */
export async function askJuspay(
  deps: Deps,
  actor: Actor,
  orderId: string,
  purpose: Exclude<CallPurpose, 'unknown_order'> = 'person',
): Promise<CheckResult> {
  const account = await deps.store.accounts.byId(actor.accountId)
  const order = await deps.store.orders.byId(actor.accountId, orderId)
  if (account === null || order === null) throw new Refusal('not_found', 'There is no such order.')
  if (purpose !== 'sweep') await takeCall(deps, account.id, purpose)
  const client = await deps.juspay(account.id)
  const askedAt = deps.clock.now()
  const answer = await client.getOrder(order.orderRef, {
    routingId: order.customerRef ?? order.orderRef,
    currency: order.currency,
  })
  const call: Call = {
    deps,
    account,
    order,
    askedBy: actor.kind === 'user' ? actor.userId : actor.name,
    byPerson: actor.kind !== 'system',
    // Ten daily looks at every order would keep ten copies of the same answer.
    keepsSame: purpose !== 'sweep' || order.paymentStatus !== 'charged' || order.unconfirmedSince !== null,
    askedAt,
  }
  const result = answer.ok ? await applyAnswer(call, answer) : await noteFailure(call, answer)
  deps.wake('live')
  return result
}

async function takeCall(deps: Deps, accountId: string, purpose: CallPurpose): Promise<void> {
  const now = deps.clock.now()
  if (await deps.store.transaction((tx) => tx.statusBudget.takeCall(accountId, purpose, now))) return
  throw new Refusal(
    'rate_limited',
    'Too many status checks.',
    // Ten more are allowed each second: there is nothing to count down.
    'You can check again in a few seconds.',
  )
}

type Call = {
  deps: Deps
  account: AccountRef
  order: StoredOrder
  askedBy: string
  byPerson: boolean
  /** Whether the answer's bytes are kept when it changed nothing. */
  keepsSame: boolean
  askedAt: Date
}

async function applyAnswer(
  { deps, account, order, byPerson, keepsSame, askedBy, askedAt }: Call,
  answer: OrderAnswer,
): Promise<CheckResult> {
  const [now, checkId] = [deps.clock.now(), deps.ids.uuid()]
  return deps.store.transaction(async (tx) => {
    await tx.statusChecks.append({
      id: checkId,
      accountId: account.id,
      orderId: order.id,
      askedBy,
      askedAt,
      tookMs: answer.tookMs,
      outcome: 'no_change',
      body: keepsSame ? answer.raw : null,
    })
    const applied = await applyProviderOrder(tx, {
      account,
      order: answer.order,
      source: { kind: 'status_check', id: checkId, occurredAt: answer.order.statedAt },
      now,
    })
    const after = (await tx.orders.byId(account.id, order.id)) ?? order
    const nextCheckAt = applied.outcome === 'wrong_merchant' ? null : after.nextCheckAt
    await tx.orders.markChecked(account.id, order.id, { checkedAt: now, nextCheckAt })
    const outcome = outcomeOf(applied.outcome)
    if (outcome !== 'no_change') await tx.statusChecks.setOutcome(checkId, outcome, answer.raw)
    await noteGaps(deps, tx, {
      account,
      order: after,
      changes: applied.changes,
      checkId,
      statedAt: answer.order.statedAt,
      byPerson,
      now,
    })
    if (applied.changes.length === 0) await tx.liveChanges.append(account.id, 'order', order.id)
    const status = outcome === 'wrong_merchant' ? null : moveOf(order, after)
    const message =
      status === null
        ? 'Juspay answered about an order of another merchant. Nothing was changed.'
        : checkedWords(status, { changed: outcome === 'changed' })
    return { outcome, message, changes: applied.changes, status, checkedAt: now, retryAt: null }
  })
}

function outcomeOf(applied: ApplyOutcome['outcome']): CheckOutcome {
  if (applied === 'applied') return 'changed'
  return applied === 'wrong_merchant' ? 'wrong_merchant' : 'no_change'
}

function moveOf(before: StoredOrder, after: StoredOrder): StatusMove {
  return {
    was: describeStatus(before.providerStatus).label,
    is: describeStatus(after.providerStatus).label,
  }
}

async function noteFailure(
  { deps, account, order, askedBy, askedAt }: Call,
  failure: CallFailure,
): Promise<CheckResult> {
  const [now, checkId] = [deps.clock.now(), deps.ids.uuid()]
  const { outcome, message, retryAt = null } = readFailure(failure, now)
  deps.log.warn(
    { accountId: account.id, orderId: order.id, error: failure.error.kind },
    'status check got no answer',
  )
  await deps.store.transaction(async (tx) => {
    await tx.statusChecks.append({
      id: checkId,
      accountId: account.id,
      orderId: order.id,
      askedBy,
      askedAt,
      tookMs: failure.tookMs,
      outcome,
      body: failure.raw,
    })
    const locked = await tx.orders.lockAggregate(account.id, order.id)
    const missing = outcome === 'not_found'
    await tx.orders.markChecked(account.id, order.id, {
      checkedAt: missing ? now : null,
      nextCheckAt:
        missing || locked === null || locked.nextCheckAt === null
          ? null
          : retryCheckAt(locked.changedAt, now),
    })
    if (missing) {
      const finding = {
        kind: 'missing_at_juspay' as const,
        detail: `Juspay answered that it has no order ${order.orderRef}.`,
        ours: order.providerStatus,
        theirs: 'NOT_FOUND',
      }
      const id = await tx.discrepancies.open(account.id, order.id, finding, now)
      if (id !== null) await tx.liveChanges.append(account.id, 'discrepancy', id)
      if (locked !== null) await reviewUnknown(tx, locked, checkId, now)
    }
    await tx.liveChanges.append(account.id, 'order', order.id)
  })
  return { outcome, message, changes: [], status: null, checkedAt: now, retryAt }
}

/** Money that only webhooks claim, on an order that Juspay does not know, is for a person to look at (W16). */
async function reviewUnknown(
  tx: StoreTx,
  locked: LockedAggregate,
  checkId: string,
  now: Date,
): Promise<void> {
  if (locked.unconfirmedSince === null) return
  const { accountId, orderId } = locked
  const { next, changes } = reviewed({ next: locked, changes: [], findings: [] }, true)
  if (changes.length === 0) return
  await tx.orders.saveBalance(accountId, orderId, next.order, now)
  const source = { source: 'status_check', sourceId: checkId, occurredAt: null } as const
  await tx.orderChanges.append({ accountId, orderId, ...source, changes, at: now })
}

type ReadFailure = { outcome: CheckOutcome; message: string; retryAt?: Date | null }

function readFailure({ error }: CallFailure, now: Date): ReadFailure {
  if (error.kind === 'rejected' && error.reason === 'not_found')
    return { outcome: 'not_found', message: 'Juspay does not know this order.' }
  if (error.kind === 'unauthorised')
    return {
      outcome: 'unauthorised',
      message: 'Juspay did not accept our API key. Nothing was changed; tell an administrator.',
    }
  if (error.kind === 'unavailable' && error.cause === 'throttled') {
    const waitMs = error.retryAfterMs
    const retryAt = waitMs === null ? null : new Date(now.getTime() + waitMs)
    return { outcome: 'unavailable', message: tooManyText(waitMs), retryAt }
  }
  return { outcome: 'unavailable', message: 'Juspay gave no usable answer. Nothing was changed; try again.' }
}
