import { chargeAttempt, failAttempt, startAttempt, succeedAttempt } from './attempts.ts'
import type { Context } from './context.ts'
import { emitSideEvent } from './events.ts'
import { captureHold, failHold, voidHold } from './holds.ts'
import { hex } from './random.ts'
import { checkRefund } from './refund-rules.ts'
import { acceptRefund } from './refunds.ts'
import type { AttemptOutcome, Step } from './scenario-steps.ts'
import { isHeld, tookMoney, winningAttempt } from './status.ts'
import type { OrderRecord } from './types.ts'

const FAILURE_STATUS = {
  authentication_failed: 'AUTHENTICATION_FAILED',
  authorization_failed: 'AUTHORIZATION_FAILED',
  declined: 'JUSPAY_DECLINED',
} as const

/** Gives one attempt its outcome; a failed attempt that succeeds now is a late success. */
export function applyOutcome(
  context: Context,
  order: OrderRecord,
  n: number,
  outcome: AttemptOutcome,
  at: number,
): void {
  const attempt = context.records.attempts(order.id).find((candidate) => candidate.n === n)
  if (!attempt || tookMoney(attempt.status)) return
  if (outcome !== 'success') failAttempt(context, order, attempt, FAILURE_STATUS[outcome], at)
  else if (attempt.status === 'PENDING_VBV') succeedAttempt(context, order, attempt, at)
  else chargeAttempt(context, order, attempt, at)
}

/** A refund from the portal: a share of the charge, in whole major units when possible, under a portal id. */
function portalRefund(
  context: Context,
  order: OrderRecord,
  step: Extract<Step, { do: 'refund' }>,
  at: number,
): void {
  const attempt = winningAttempt(context.records.attempts(order.id))
  if (!attempt) return
  const share = (attempt.amountMinor * BigInt(step.percent)) / 100n
  const amountMinor = step.percent < 100 && share >= 100n ? share - (share % 100n) : share
  const uniqueRequestId = `erf_${hex(16)}`
  const checked = checkRefund(context, order, uniqueRequestId, amountMinor, null, at)
  if ('refusal' in checked) return
  const { initiatedBy, outcome } = step
  const ask = { uniqueRequestId, amountMinor, initiatedBy, refundType: 'STANDARD', outcome, webhookUrl: null }
  acceptRefund(context, order, checked.attempt, ask, at)
}

/** An attempt; of a split order with its share, in whole major units when possible. */
function startPart(
  context: Context,
  order: OrderRecord,
  { instrument, percent = 100 }: Extract<Step, { do: 'attempt' }>,
  at: number,
): void {
  const taken = context.records.attempts(order.id).reduce((sum, attempt) => sum + attempt.amountMinor, 0n)
  const share = (order.amountMinor * BigInt(Math.abs(percent))) / 100n
  // The last share is the rest, whatever rounding left.
  const amountMinor = percent < 0 ? order.amountMinor - taken : share
  startAttempt(context, order, instrument, at, percent === 100 ? null : amountMinor)
}

/** The merchant's capture or void, as if it had called the API. */
function endHold(
  context: Context,
  order: OrderRecord,
  { do: verb, attempt: n, percent, fails }: Extract<Step, { do: 'capture' | 'void' }>,
  at: number,
): void {
  const held = context.records.attempts(order.id).find((candidate) => candidate.n === n)
  if (!held || !isHeld(held.status)) return
  if (fails) failHold(context, order, held, verb, at)
  else if (verb === 'void') voidHold(context, order, held, at)
  else captureHold(context, order, held, (held.amountMinor * BigInt(percent)) / 100n, at)
}

function perform(context: Context, order: OrderRecord, step: Step, at: number): void {
  switch (step.do) {
    case 'attempt':
      return startPart(context, order, step, at)
    case 'outcome':
      return applyOutcome(context, order, step.attempt, step.outcome, at)
    case 'refund':
      return portalRefund(context, order, step, at)
    case 'capture':
    case 'void':
      return endHold(context, order, step, at)
    case 'tell':
      return emitSideEvent(context, step.event, order, at)
  }
}

/** Queues a plan's steps; those already due run with the next pass of the scheduler, at their own instants. */
export function scheduleSteps(
  context: Context,
  order: OrderRecord,
  steps: readonly Step[],
  from: number,
): void {
  for (const step of steps) {
    context.scheduler.add('scenario.step', from + step.after * 1_000, { orderKey: order.id, step })
  }
}

export function handleSteps(context: Context): void {
  context.scheduler.handle('scenario.step', (payload, at) => {
    const { orderKey, step } = payload as { orderKey: string; step: Step } // written only by scheduleSteps
    const order = context.records.order(orderKey)
    if (order) perform(context, order, step, at)
  })
}
