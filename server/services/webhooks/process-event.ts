/** Turns one stored webhook event into changes of its order, exactly once, in one transaction with the verdict. */
import { retryDelayMs } from '../../domain/webhook-retry.ts'
import type { ProviderEvent } from '../../domain/provider-order.ts'
import type { EventStatus, EventVerdict, LockedEvent } from '../../store/webhook-events.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef, Deps } from '../deps.ts'
import { applyProviderOrder } from '../orders/apply-order.ts'

export type ProcessResult = {
  eventId: string
  status: EventStatus
  outcome: string
  orderId: string | null
  error: string | null
}

/** Longest reason kept with an event; stack traces stay in the log. */
const ERROR_MAX = 500

/** Processes one event whatever its status; null when it does not exist. */
export function processEvent(deps: Deps, eventId: string): Promise<ProcessResult | null> {
  return process(deps, (tx) => tx.webhookEvents.lock(eventId))
}

/** Processes the next event that is due; null when there is none. Safe to run in many processes at once. */
export function processNextEvent(deps: Deps): Promise<ProcessResult | null> {
  return process(deps, (tx) => tx.webhookEvents.lockNextDue(deps.clock.now()))
}

async function process(
  deps: Deps,
  lock: (tx: StoreTx) => Promise<LockedEvent | null>,
): Promise<ProcessResult | null> {
  const claimed: { event: LockedEvent | null } = { event: null }
  const handled = await deps.store
    .transaction(async (tx) => {
      claimed.event = await lock(tx)
      return claimed.event === null ? null : handle(deps, tx, claimed.event)
    })
    .catch((error: unknown) => {
      if (claimed.event === null) throw error
      return noteFailure(deps, claimed.event, error)
    })
  if (handled === null) return null
  deps.wake('live')
  if ('error' in handled) return handled
  const { eventId, verdict, account } = handled
  if (verdict.outcome !== 'no_order_yet' || verdict.orderRef === null) return resultOf(eventId, verdict)
  const learned = await learnOrder(deps, account, verdict.orderRef)
  return learned ? processEvent(deps, eventId) : resultOf(eventId, verdict)
}

function resultOf(eventId: string, verdict: EventVerdict): ProcessResult {
  const { status, outcome, orderId, error } = verdict
  return { eventId, status, outcome, orderId, error }
}

type Handled = { eventId: string; verdict: EventVerdict; account: AccountRef }

async function handle(deps: Deps, tx: StoreTx, event: LockedEvent): Promise<Handled> {
  const account = await tx.accounts.byId(event.accountId)
  if (account === null) throw new Error('an event of no account')
  const told = deps.readEvent(event.body, { currency: account.currency })
  const now = deps.clock.now()
  const verdict =
    'failure' in told
      ? unreadable(event, told.message, now)
      : await judge(tx, { account, event, told, now, log: deps.log })
  await tx.webhookEvents.settle(event.id, verdict)
  await tx.liveChanges.append(account.id, 'webhook_event', event.id)
  return { eventId: event.id, verdict, account }
}

/** Trying again cannot make bytes readable: such an event is given up at once and stays visible as failed (W11). */
function unreadable(event: LockedEvent, message: string, now: Date): EventVerdict {
  return {
    status: 'dead',
    outcome: 'parse_failed',
    eventRef: null,
    eventName: null,
    family: 'unknown',
    occurredAt: null,
    orderRef: null,
    orderId: null,
    error: message,
    tries: event.tries + 1,
    nextTryAt: null,
    processedAt: now,
  }
}

type Case = { account: AccountRef; event: LockedEvent; told: ProviderEvent; now: Date; log: Deps['log'] }

async function judge(tx: StoreTx, { account, event, told, now, log }: Case): Promise<EventVerdict> {
  const done: EventVerdict = {
    status: 'processed',
    outcome: 'applied',
    eventRef: told.eventRef,
    eventName: told.name,
    family: told.family,
    occurredAt: told.occurredAt,
    orderRef: told.orderRef,
    orderId: null,
    error: null,
    tries: event.tries + 1,
    nextTryAt: null,
    processedAt: now,
  }
  if (told.family === 'unknown' || told.order === null) {
    const known = told.orderRef === null ? null : await tx.orders.byRef(account.id, told.orderRef)
    const outcome = told.family === 'unknown' ? 'unknown_event' : 'no_order'
    return { ...done, status: 'ignored', outcome, orderId: known?.id ?? null }
  }
  const applied = await applyProviderOrder(tx, {
    account,
    order: told.order,
    source: { kind: 'webhook', id: event.id, occurredAt: told.occurredAt },
    now,
  })
  switch (applied.outcome) {
    case 'wrong_merchant': {
      log.warn({ accountId: account.id, eventId: event.id }, 'a webhook names another merchant')
      const error = `The message is about merchant ${told.order.merchantRef ?? ''}, this address belongs to ${account.juspayMerchantId}.`
      return { ...done, status: 'dead', outcome: 'wrong_merchant', error }
    }
    case 'insufficient': {
      const delay = retryDelayMs(event.tries + 1)
      return {
        ...done,
        status: delay === null ? 'dead' : 'failed',
        outcome: 'no_order_yet',
        error: 'The message tells of an order that neither we nor Juspay know.',
        nextTryAt: delay === null ? null : new Date(now.getTime() + delay),
        processedAt: delay === null ? now : null,
      }
    }
    case 'applied':
    case 'no_change':
    case 'stale': {
      // Replaying an event that once changed something does not make it a duplicate.
      const outcome =
        applied.outcome !== 'applied' && event.outcome === 'applied' ? 'applied' : applied.outcome
      return { ...done, outcome, orderId: applied.orderId }
    }
  }
}

/** Gets an order we never heard of from the order status API; outside any transaction (W9). */
async function learnOrder(deps: Deps, account: AccountRef, orderRef: string): Promise<boolean> {
  const client = await deps.juspay(account.id)
  const answer = await client.getOrder(orderRef, { routingId: orderRef, currency: account.currency })
  if (!answer.ok) return false
  const [now, checkId] = [deps.clock.now(), deps.ids.uuid()]
  return deps.store.transaction(async (tx) => {
    const { orderId } = await applyProviderOrder(tx, {
      account,
      order: answer.order,
      source: { kind: 'status_check', id: checkId, occurredAt: answer.order.statedAt },
      now,
    })
    if (orderId === null) return false
    await tx.statusChecks.append({
      id: checkId,
      accountId: account.id,
      orderId,
      askedBy: EVENT_PROCESSOR,
      askedAt: now,
      tookMs: answer.tookMs,
      outcome: 'changed',
      body: answer.raw,
    })
    return true
  })
}

/** Who asked, in the status check's row. */
const EVENT_PROCESSOR = 'event-processor'

/** A try that threw: its transaction is gone, so the note is written in its own. Other events go on (W10). */
async function noteFailure(deps: Deps, event: LockedEvent, cause: unknown): Promise<ProcessResult> {
  const tries = event.tries + 1
  const delay = retryDelayMs(tries)
  const now = deps.clock.now()
  const error = (cause instanceof Error ? cause.message : String(cause)).slice(0, ERROR_MAX)
  deps.log.error({ eventId: event.id, tries, error }, 'processing a webhook event failed')
  const nextTryAt = delay === null ? null : new Date(now.getTime() + delay)
  await deps.store.transaction(async (tx) => {
    const noted = await tx.webhookEvents.noteFailure(event.id, { tries, error, nextTryAt, now })
    if (noted) await tx.liveChanges.append(event.accountId, 'webhook_event', event.id)
  })
  return {
    eventId: event.id,
    status: delay === null ? 'dead' : 'failed',
    outcome: 'error',
    orderId: null,
    error,
  }
}
