/** Gets an order we never heard of from Juspay, because a person has its id and we do not have the order. */
import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { OrderAnswer } from '../../juspay/client.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef, Deps } from '../deps.ts'
import { applyProviderOrder } from './apply-order.ts'

/** What came of asking; `orderRef` is the order's, in Juspay's own case. */
export type Learned =
  | { outcome: 'known' | 'learned'; orderRef: string }
  | { outcome: 'not_found' | 'other_merchant' | 'unavailable'; orderRef: null; message: string }

/**
 * Asks Juspay for the order of an id and stores it the way a webhook would. Written down whatever comes of it.
 * @throws Refusal `rate_limited` when the call budget of the account or of this id is used up
 */
export async function askForOrder(
  deps: Deps,
  actor: StaffActor,
  { orderRef }: { orderRef: string },
): Promise<Learned> {
  const known = await deps.store.orders.byRef(actor.accountId, orderRef)
  if (known !== null) return { outcome: 'known', orderRef: known.orderRef }
  const account = await deps.store.accounts.byId(actor.accountId)
  if (account === null) throw new Refusal('not_found', 'There is no such account.')
  await takeCall(deps, account.id, orderRef)
  const client = await deps.juspay(account.id)
  const answer = await client.getOrder(orderRef, { routingId: orderRef, currency: account.currency })
  const learned = await deps.store.transaction(async (tx) => {
    const found = answer.ok ? await store(deps, tx, account, answer, actor) : failed(answer.error)
    await tx.audit.append({
      actor,
      action: 'order.ask_juspay',
      subjectKind: 'order',
      subjectId: null,
      outcome: 'done',
      after: { orderRef, outcome: found.outcome },
    })
    return found
  })
  if (learned.outcome === 'learned') deps.wake('live')
  return learned
}

async function takeCall(deps: Deps, accountId: string, orderRef: string): Promise<void> {
  const now = deps.clock.now()
  const may = await deps.store.transaction((tx) =>
    tx.statusBudget.takeCall(accountId, 'person', now, orderRef.toLowerCase()),
  )
  if (may) return
  throw new Refusal(
    'rate_limited',
    'Juspay was asked for this ID often enough, or is being asked too much at this moment.',
    'Try again in a few minutes.',
  )
}

async function store(
  deps: Deps,
  tx: StoreTx,
  account: AccountRef,
  answer: OrderAnswer,
  actor: StaffActor,
): Promise<Learned> {
  const orderId = await storeLearned(deps, tx, { account, answer, askedBy: actor.userId })
  if (orderId !== null) return { outcome: 'learned', orderRef: answer.order.orderRef }
  return { outcome: 'other_merchant', orderRef: null, message: 'That order is another merchant’s.' }
}

function failed(error: { kind: string; reason?: string }): Learned {
  if (error.kind === 'rejected' && error.reason === 'not_found')
    return { outcome: 'not_found', orderRef: null, message: 'Juspay does not know this ID either.' }
  return {
    outcome: 'unavailable',
    orderRef: null,
    message: 'Juspay gave no usable answer. Nothing is known about this ID yet; try again.',
  }
}

/** Stores an order that Juspay told us of, with the answer it came in. Null when it is another merchant's. */
export async function storeLearned(
  deps: Deps,
  tx: StoreTx,
  told: { account: AccountRef; answer: OrderAnswer; askedBy: string },
): Promise<string | null> {
  const { account, answer, askedBy } = told
  const [now, checkId] = [deps.clock.now(), deps.ids.uuid()]
  const { orderId } = await applyProviderOrder(tx, {
    account,
    order: answer.order,
    source: { kind: 'status_check', id: checkId, occurredAt: answer.order.statedAt },
    now,
  })
  if (orderId === null) return null
  await tx.statusChecks.append({
    id: checkId,
    accountId: account.id,
    orderId,
    askedBy,
    askedAt: now,
    tookMs: answer.tookMs,
    outcome: 'changed',
    body: answer.raw,
  })
  return orderId
}
