import { chargeAttempt, failAttempt, startAttempt, succeedAttempt } from './attempts.ts'
import type { Context } from './context.ts'
import { hex } from './random.ts'
import { checkRefund } from './refund-rules.ts'
import { acceptRefund } from './refunds.ts'
import type { Settings } from './settings.ts'
import { winningAttempt } from './status.ts'
import type { Instrument, OrderRecord, RefundOutcome } from './types.ts'

export type AttemptOutcome = 'success' | 'authentication_failed' | 'authorization_failed' | 'declined'

/** One thing that happens to an order, `after` seconds from its creation. Attempts are numbered from 1. */
export type Step = { after: number } & (
  | { do: 'attempt'; instrument: Instrument; percent?: number }
  | { do: 'outcome'; attempt: number; outcome: AttemptOutcome }
  | { do: 'refund'; percent: number; initiatedBy: string; outcome: RefundOutcome }
)

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
  if (!attempt || attempt.status === 'CHARGED' || attempt.status === 'AUTO_REFUNDED') return
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
  startAttempt(context, order, instrument, at, percent === 100 ? order.amountMinor : amountMinor)
}

function perform(context: Context, order: OrderRecord, step: Step, at: number): void {
  if (step.do === 'attempt') startPart(context, order, step, at)
  else if (step.do === 'outcome') applyOutcome(context, order, step.attempt, step.outcome, at)
  else portalRefund(context, order, step, at)
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

export const SCENARIOS = [
  'created',
  'charged',
  'authorized',
  'failed',
  'authentication_failed',
  'declined',
  'pending',
  'stuck',
  'late_success',
  'conflict',
  'double_charge',
  'split_tender',
  'auth_failed_then_success',
  'refunded',
  'partially_refunded',
  'refund_failed',
  'refund_stuck',
] as const

export type Scenario = (typeof SCENARIOS)[number]

const PORTAL_USER = 'priya.menon'

/** The named outcomes of /control/orders, as steps `pace` seconds apart. */
export function scenarioSteps(
  scenario: Scenario,
  instrument: Instrument,
  pace: number,
  settings: Settings,
  conflictMinutes: number,
): Step[] {
  const attempt = (after: number): Step => ({ after, do: 'attempt', instrument })
  const outcome = (after: number, n: number, what: AttemptOutcome): Step => ({
    after,
    do: 'outcome',
    attempt: n,
    outcome: what,
  })
  const refund = (percent: number, what: RefundOutcome): Step => ({
    after: 3 * pace,
    do: 'refund',
    percent,
    initiatedBy: PORTAL_USER,
    outcome: what,
  })
  const charged = [attempt(pace), outcome(2 * pace, 1, 'success')]
  const failed = [attempt(pace), outcome(2 * pace, 1, 'authorization_failed')]
  const late = (seconds: number) => [...failed, outcome(2 * pace + seconds, 1, 'success')]
  const steps: Record<Scenario, Step[]> = {
    created: [],
    charged,
    authorized: charged,
    failed,
    authentication_failed: [attempt(pace), outcome(2 * pace, 1, 'authentication_failed')],
    declined: [attempt(pace), outcome(2 * pace, 1, 'declined')],
    pending: [attempt(pace), outcome(pace + settings.pendingSeconds, 1, 'success')],
    stuck: [attempt(pace)],
    late_success: late(settings.lateSuccessSeconds),
    conflict: late(conflictMinutes * 60 + 60),
    double_charge: [...charged, attempt(2 * pace), outcome(3 * pace, 2, 'success')],
    split_tender: [
      { after: pace, do: 'attempt', instrument, percent: 40 },
      { after: pace, do: 'attempt', instrument, percent: -60 },
      outcome(2 * pace, 1, 'success'),
      outcome(2 * pace, 2, 'success'),
    ],
    auth_failed_then_success: [
      attempt(pace),
      outcome(2 * pace, 1, 'authentication_failed'),
      attempt(3 * pace),
      outcome(4 * pace, 2, 'success'),
    ],
    refunded: [...charged, refund(100, 'success')],
    partially_refunded: [...charged, refund(40, 'success')],
    refund_failed: [...charged, refund(100, 'failure')],
    refund_stuck: [...charged, refund(100, 'stuck')],
  }
  return steps[scenario]
}
