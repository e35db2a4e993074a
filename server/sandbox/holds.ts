/** Capture and release of money that is only held (reference 4.3 "pre-auth", 9.2). */
import { moveAttempt } from './attempts.ts'
import type { Context } from './context.ts'
import { emitOrderEvent, emitTxnEvent } from './events.ts'
import { minimalDecimal } from './money.ts'
import { alphanumeric, digits } from './random.ts'
import type { AttemptRecord, HoldPart, OrderRecord } from './types.ts'

type HoldTimer = { txnUuid: string; amountMinor: string }

/** Takes all of the hold, or `amountMinor` of it, in the way the switch `captureOutcome` says. */
export function captureHold(
  context: Context,
  order: OrderRecord,
  held: AttemptRecord,
  amountMinor: bigint,
  at: number,
): void {
  const { captureOutcome, holdSettleSeconds } = context.configuration.settings()
  if (captureOutcome === 'success') return completeCapture(context, order, held, amountMinor, at)
  if (captureOutcome === 'failure') return failHold(context, order, held, 'capture', at)
  // "Gateway timeout leaves AUTHORIZED" (reference 9.2): nothing moves, and no event says so.
  if (captureOutcome === 'timeout') return
  moveAttempt(context, order, held, 'CAPTURE_INITIATED', at)
  const timer: HoldTimer = { txnUuid: held.txnUuid, amountMinor: amountMinor.toString() }
  context.scheduler.add('hold.capture', at + holdSettleSeconds * 1_000, timer)
}

/** Gives the held money back, in the way the switch `voidOutcome` says. */
export function voidHold(context: Context, order: OrderRecord, held: AttemptRecord, at: number): void {
  const { voidOutcome, holdSettleSeconds } = context.configuration.settings()
  if (voidOutcome === 'success') return completeVoid(context, order, held, at)
  if (voidOutcome === 'failure') return failHold(context, order, held, 'void', at)
  if (voidOutcome === 'timeout') return
  moveAttempt(context, order, held, 'VOID_INITIATED', at)
  const timer: HoldTimer = { txnUuid: held.txnUuid, amountMinor: held.amountMinor.toString() }
  context.scheduler.add('hold.void', at + holdSettleSeconds * 1_000, timer)
}

/** The gateway refuses: the money stays held, and the merchant may try again (reference 4.1, 34 and 35). */
export function failHold(
  context: Context,
  order: OrderRecord,
  held: AttemptRecord,
  verb: 'capture' | 'void',
  at: number,
): void {
  const failed = moveAttempt(context, order, held, verb === 'capture' ? 'CAPTURE_FAILED' : 'VOID_FAILED', at)
  const eventName = verb === 'capture' ? 'ORDER_CAPTURE_FAILED' : 'ORDER_VOID_FAILED'
  emitOrderEvent(context, eventName, order, failed, at)
}

function withPart(
  held: AttemptRecord,
  kind: HoldPart['kind'],
  order: OrderRecord,
  amountMinor: bigint,
  at: number,
): { parts: readonly HoldPart[] } {
  const amount = minimalDecimal(amountMinor, order.currency)
  const part = { kind, txnId: `moz${digits(10)}`, txnUuid: `moz${alphanumeric(16)}`, amount, at }
  return { parts: [...(held.parts ?? []), part] }
}

/** Gives a part of the held money back; the rest stays held. */
export function voidPart(
  context: Context,
  order: OrderRecord,
  held: AttemptRecord,
  amountMinor: bigint,
  at: number,
): void {
  const parts = withPart(held, 'PARTIAL_VOID', order, amountMinor, at)
  const left = { ...held, ...parts, amountMinor: held.amountMinor - amountMinor }
  moveAttempt(context, order, left, 'AUTHORIZED', at)
}

function completeCapture(
  context: Context,
  order: OrderRecord,
  held: AttemptRecord,
  amountMinor: bigint,
  at: number,
): void {
  const isPart = amountMinor < held.amountMinor
  const parts = isPart ? withPart(held, 'PARTIAL_CAPTURE', order, amountMinor, at) : {}
  const charged = moveAttempt(context, order, { ...held, ...parts, amountMinor }, 'CHARGED', at)
  emitTxnEvent(context, 'TXN_CHARGED', order, charged, at)
  emitOrderEvent(context, 'ORDER_SUCCEEDED', order, charged, at)
}

function completeVoid(context: Context, order: OrderRecord, held: AttemptRecord, at: number): void {
  const voided = moveAttempt(context, order, held, 'VOIDED', at)
  emitOrderEvent(context, 'ORDER_VOIDED', order, voided, at)
}

/** Connects the timers of captures and voids that take a while; called once at start. */
export function scheduleHolds(context: Context): void {
  const pending = (payload: unknown, status: AttemptRecord['status']) => {
    const { txnUuid, amountMinor } = payload as HoldTimer // written only by the two functions above
    const attempt = context.records.attempt(txnUuid)
    const order = attempt && context.records.order(attempt.orderKey)
    return order && attempt?.status === status ? { attempt, order, amountMinor: BigInt(amountMinor) } : null
  }
  context.scheduler.handle('hold.capture', (payload, at) => {
    const found = pending(payload, 'CAPTURE_INITIATED')
    if (found) completeCapture(context, found.order, found.attempt, found.amountMinor, at)
  })
  context.scheduler.handle('hold.void', (payload, at) => {
    const found = pending(payload, 'VOID_INITIATED')
    if (found) completeVoid(context, found.order, found.attempt, at)
  })
}
