/** Turns one stored webhook event into changes of its order, exactly once, in one transaction with the verdict. */
import type { FieldChange } from '../../domain/change.ts'
import { retryDelayMs } from '../../domain/webhook-retry.ts'
import type { ProviderEvent } from '../../domain/provider-order.ts'
import type { AttemptBy, EventStatus, EventVerdict, LockedEvent } from '../../store/webhook-events.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef, Deps } from '../deps.ts'
import { applyProviderOrder } from '../orders/apply-order.ts'

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

type Pass = Required<ProcessOptions>

/** Longest reason kept with an event; stack traces stay in the log. */
const ERROR_MAX = 500

/** Processes one event whatever its status; null when it does not exist. */
export function processEvent(
  deps: Deps,
  eventId: string,
  { by = 'processor', shadow = false }: ProcessOptions = {},
): Promise<ProcessResult | null> {
  return process(deps, { by, shadow }, (tx) => tx.webhookEvents.lock(eventId))
}

/** Processes the next event that is due; null when there is none. Safe to run in many processes at once. */
export function processNextEvent(deps: Deps): Promise<ProcessResult | null> {
  return process(deps, { by: 'processor', shadow: false }, (tx) =>
    tx.webhookEvents.lockNextDue(deps.clock.now()),
  )
}

async function process(
  deps: Deps,
  pass: Pass,
  lock: (tx: StoreTx) => Promise<LockedEvent | null>,
): Promise<ProcessResult | null> {
  const claimed: { event: LockedEvent | null; at: Date } = { event: null, at: deps.clock.now() }
  const work = async (tx: StoreTx): Promise<Handled | null> => {
    claimed.event = await lock(tx)
    claimed.at = deps.clock.now()
    return claimed.event === null ? null : handle(deps, tx, pass, { event: claimed.event, now: claimed.at })
  }
  const handled = await (pass.shadow ? deps.store.rehearse(work) : deps.store.transaction(work)).catch(
    (error: unknown) => {
      if (claimed.event === null) throw error
      return noteFailure(deps, pass, { event: claimed.event, at: claimed.at, cause: error })
    },
  )
  if (handled === null) return null
  if (!pass.shadow) deps.wake('live')
  if ('error' in handled) return handled
  const { eventId, verdict, account, changes } = handled
  if (pass.shadow || verdict.outcome !== 'no_order_yet' || verdict.orderRef === null)
    return resultOf(eventId, verdict, changes)
  const learned = await learnOrder(deps, account, verdict.orderRef)
  return learned ? processEvent(deps, eventId, pass) : resultOf(eventId, verdict, changes)
}

function resultOf(eventId: string, verdict: EventVerdict, changes: FieldChange[]): ProcessResult {
  const { status, outcome, orderId, error } = verdict
  return { eventId, status, outcome, orderId, error, changes }
}

type Handled = { eventId: string; verdict: EventVerdict; account: AccountRef; changes: FieldChange[] }

async function handle(
  deps: Deps,
  tx: StoreTx,
  { by }: Pass,
  { event, now }: { event: LockedEvent; now: Date },
): Promise<Handled> {
  const account = await tx.accounts.byId(event.accountId)
  if (account === null) throw new Error('an event of no account')
  const told = deps.readEvent(event.body, { currency: account.currency })
  const { verdict, changes } =
    'failure' in told
      ? { verdict: unreadable(event, told.message, now), changes: [] }
      : await judge(tx, { account, event, told, now, log: deps.log })
  await tx.webhookEvents.settle(event.id, verdict, {
    at: now,
    tookMs: deps.clock.now().getTime() - now.getTime(),
    by,
    status: verdict.status,
    outcome: verdict.outcome,
    error: verdict.error,
    changes: changes.length,
  })
  await tx.liveChanges.append(account.id, 'webhook_event', event.id)
  return { eventId: event.id, verdict, account, changes }
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

type Judged = { verdict: EventVerdict; changes: FieldChange[] }

async function judge(tx: StoreTx, { account, event, told, now, log }: Case): Promise<Judged> {
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
    return { verdict: { ...done, status: 'ignored', outcome, orderId: known?.id ?? null }, changes: [] }
  }
  const applied = await applyProviderOrder(tx, {
    account,
    order: told.order,
    source: { kind: 'webhook', id: event.id, occurredAt: told.occurredAt },
    now,
  })
  const { changes } = applied
  switch (applied.outcome) {
    case 'wrong_merchant': {
      log.warn({ accountId: account.id, eventId: event.id }, 'a webhook names another merchant')
      const error = `The message is about merchant ${told.order.merchantRef ?? ''}, this address belongs to ${account.juspayMerchantId}.`
      return { verdict: { ...done, status: 'dead', outcome: 'wrong_merchant', error }, changes }
    }
    case 'insufficient': {
      const delay = retryDelayMs(event.tries + 1)
      const verdict: EventVerdict = {
        ...done,
        status: delay === null ? 'dead' : 'failed',
        outcome: 'no_order_yet',
        error: 'The message tells of an order that neither we nor Juspay know.',
        nextTryAt: delay === null ? null : new Date(now.getTime() + delay),
        processedAt: delay === null ? now : null,
      }
      return { verdict, changes }
    }
    case 'applied':
    case 'no_change':
    case 'stale': {
      // Replaying an event that once changed something does not make it a duplicate.
      const outcome =
        applied.outcome !== 'applied' && event.outcome === 'applied' ? 'applied' : applied.outcome
      return { verdict: { ...done, outcome, orderId: applied.orderId }, changes }
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
async function noteFailure(
  deps: Deps,
  pass: Pass,
  { event, at, cause }: { event: LockedEvent; at: Date; cause: unknown },
): Promise<ProcessResult> {
  const tries = event.tries + 1
  const delay = retryDelayMs(tries)
  const error = (cause instanceof Error ? cause.message : String(cause)).slice(0, ERROR_MAX)
  const status = delay === null ? 'dead' : 'failed'
  const result: ProcessResult = {
    eventId: event.id,
    status,
    outcome: 'error',
    orderId: null,
    error,
    changes: [],
  }
  if (pass.shadow) return result
  deps.log.error({ eventId: event.id, tries, error }, 'processing a webhook event failed')
  const now = deps.clock.now().getTime()
  const nextTryAt = delay === null ? null : new Date(now + delay)
  const attempt = {
    at,
    tookMs: now - at.getTime(),
    by: pass.by,
    status,
    outcome: 'error',
    error,
    changes: 0,
  } as const
  await deps.store.transaction(async (tx) => {
    const noted = await tx.webhookEvents.noteFailure(event.id, { tries, nextTryAt, attempt })
    if (noted) await tx.liveChanges.append(event.accountId, 'webhook_event', event.id)
  })
  return result
}
