import { moveAttempt, startAttempt } from './attempts.ts'
import type { Context } from './context.ts'
import type { AttemptOutcome } from './scenario-steps.ts'
import { applyOutcome } from './scenarios.ts'
import type { Instrument, OrderRecord } from './types.ts'

/** How a visit to the hosted page ended, for the shop: reference 8.3 tells the three apart. */
export type Ending =
  | { kind: 'tried' }
  /** The customer left: before any attempt nothing can happen any more, during one everything can. */
  | { kind: 'left' }
  /** The page cannot be paid on: too old a session, or too many attempts. */
  | { kind: 'refused'; expired: boolean; words: string }

export type PageOutcome = {
  id: string
  label: string
  /** What will happen, for the person who presses it. */
  hint: string
  group: (typeof OUTCOME_GROUPS)[number]
  act: (context: Context, order: OrderRecord, instrument: Instrument, at: number) => Ending
}

/** Headings of the buttons, in their order. */
export const OUTCOME_GROUPS = ['Paid', 'Not yet', 'Not paid', 'The customer leaves'] as const

const TRIED: Ending = { kind: 'tried' }
const LEFT: Ending = { kind: 'left' }
export const EXPIRED: Ending = {
  kind: 'refused',
  expired: true,
  words: 'The session has expired. Create a new one.',
}

const CASH: Instrument = { type: 'CASH', method: 'CASH', gateway: 'DUMMY', vpa: null, lastFour: null }

/** An attempt that has its outcome at once. */
const ends =
  (outcome: AttemptOutcome): PageOutcome['act'] =>
  (context, order, instrument, at) => {
    const attempt = startAttempt(context, order, instrument, at)
    if (attempt) applyOutcome(context, order, attempt.n, outcome, at)
    return TRIED
  }

/** Gives attempt `n` its outcome `seconds` from now. */
function later(
  context: Context,
  order: OrderRecord,
  at: number,
  step: { n: number; outcome: AttemptOutcome; seconds: number },
): void {
  const { n, outcome, seconds } = step
  context.scheduler.add('scenario.step', at + seconds * 1_000, {
    orderKey: order.id,
    step: { after: seconds, do: 'outcome', attempt: n, outcome },
  })
}

/** An attempt that stays open and has its outcome a little later. */
const waits =
  (outcome: AttemptOutcome, ending: Ending): PageOutcome['act'] =>
  (context, order, instrument, at) => {
    const seconds = context.configuration.settings().pendingSeconds
    const attempt = startAttempt(context, order, instrument, at)
    if (attempt) later(context, order, at, { n: attempt.n, outcome, seconds })
    return ending
  }

/** Each outcome of the hosted page (reference 12, "Hosted page"; the client's words for them are in 8.3). */
export const PAGE_OUTCOMES: readonly PageOutcome[] = [
  {
    id: 'success',
    label: 'Pay',
    hint: 'The bank approves and the money is taken.',
    group: 'Paid',
    act: ends('success'),
  },
  {
    id: 'double_charge',
    label: 'Pay twice',
    hint: 'Two attempts are charged.',
    group: 'Paid',
    act(context, order, instrument, at) {
      const first = startAttempt(context, order, instrument, at)
      const second = startAttempt(context, order, instrument, at)
      if (first) applyOutcome(context, order, first.n, 'success', at)
      if (second) applyOutcome(context, order, second.n, 'success', at)
      return TRIED
    },
  },
  {
    id: 'cash_on_delivery',
    label: 'Cash on delivery',
    hint: 'No money moves now.',
    group: 'Paid',
    act: (context, order, _instrument, at) => ends('success')(context, order, CASH, at),
  },
  {
    id: 'pending',
    label: 'Wait for the customer',
    hint: 'The UPI request is not answered yet; it is, a little later.',
    group: 'Not yet',
    act: waits('success', TRIED),
  },
  {
    id: 'authorizing',
    label: 'Wait for the bank',
    hint: 'Authenticated; the bank says yes a little later.',
    group: 'Not yet',
    act(context, order, instrument, at) {
      const seconds = context.configuration.settings().pendingSeconds
      const attempt = startAttempt(context, order, instrument, at)
      if (!attempt) return TRIED
      moveAttempt(context, order, attempt, 'AUTHORIZING', at)
      later(context, order, at, { n: attempt.n, outcome: 'success', seconds })
      return TRIED
    },
  },
  {
    id: 'late_success',
    label: 'Fail, then succeed late',
    hint: 'Fails now; the bank says yes afterwards.',
    group: 'Not yet',
    act(context, order, instrument, at) {
      const seconds = context.configuration.settings().lateSuccessSeconds
      const attempt = startAttempt(context, order, instrument, at)
      if (!attempt) return TRIED
      applyOutcome(context, order, attempt.n, 'authorization_failed', at)
      later(context, order, at, { n: attempt.n, outcome: 'success', seconds })
      return TRIED
    },
  },
  {
    id: 'authentication_failed',
    label: 'Fail authentication',
    hint: 'The OTP or UPI PIN is wrong.',
    group: 'Not paid',
    act: ends('authentication_failed'),
  },
  {
    id: 'authorization_failed',
    label: 'Fail at the bank',
    hint: 'Not sufficient funds.',
    group: 'Not paid',
    act: ends('authorization_failed'),
  },
  {
    id: 'declined',
    label: 'Refused by Juspay',
    hint: 'Never reaches the bank.',
    group: 'Not paid',
    act: ends('declined'),
  },
  {
    id: 'abandon',
    label: 'Leave without paying',
    hint: 'No attempt is made.',
    group: 'The customer leaves',
    act: () => LEFT,
  },
  {
    id: 'leave_at_bank',
    label: 'Leave at the bank’s page',
    hint: 'An attempt is open; it fails a little later.',
    group: 'The customer leaves',
    act: waits('authentication_failed', LEFT),
  },
  {
    id: 'expire',
    label: 'Let the session expire',
    hint: 'As after fifteen minutes without a choice.',
    group: 'The customer leaves',
    act(context, order, _instrument, at) {
      context.records.saveOrder({ ...order, tokenExpiresAt: at, expiresAt: at })
      return EXPIRED
    },
  },
]
