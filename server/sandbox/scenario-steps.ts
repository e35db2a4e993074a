/** What happens to an order that ends as asked, as a plan: no order is touched here. */
import { instrumentFrom } from './instruments.ts'
import { offerSchema } from './settings.ts'
import type { Offer, Settings, Terms } from './settings.ts'
import type { Instrument, Mandate, RefundOutcome } from './types.ts'

export type AttemptOutcome = 'success' | 'authentication_failed' | 'authorization_failed' | 'declined'

/** One thing that happens to an order, `after` seconds from its creation. Attempts are numbered from 1. */
export type Step = { after: number } & (
  | { do: 'attempt'; instrument: Instrument; percent?: number }
  | { do: 'outcome'; attempt: number; outcome: AttemptOutcome }
  | { do: 'refund'; percent: number; initiatedBy: string; outcome: RefundOutcome }
  /** `fails` overrides the switches of captures and voids for this one. */
  | { do: 'capture' | 'void'; attempt: number; percent: number; fails: boolean }
  /** Something beside the order: a mandate, a debit notice or a dispute (reference 6.4). */
  | { do: 'tell'; event: string }
)

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
  'auto_refunded',
  'captured',
  'partly_captured',
  'capture_failed',
  'voided',
  'void_failed',
  'partly_charged',
  'refunded',
  'partially_refunded',
  'refund_failed',
  'refund_stuck',
  'disputed',
  'dispute_lost',
  'mandate',
  'surcharge',
  'offer',
  'cash_on_delivery',
] as const

export type Scenario = (typeof SCENARIOS)[number]

/** Scenarios in which the bank only holds the money at first. */
const HOLDING: ReadonlySet<Scenario> = new Set([
  'authorized',
  'captured',
  'partly_captured',
  'capture_failed',
  'voided',
  'void_failed',
])

const OFFER: Offer = offerSchema.parse({ value: 15, maxAmount: 1_000 })

/** Later debits of up to a thousand, whenever the shop presents them. */
const MANDATE: Mandate = {
  status: null,
  frequency: 'ASPRESENTED',
  amountRule: 'VARIABLE',
  maxAmount: '1000.00',
  startDate: null,
  endDate: null,
  ruleType: null,
  ruleValue: null,
  revocable: true,
  blockFunds: false,
  noticeAt: null,
}

/** What an order must have from the start to end as its scenario says. */
export function scenarioOrder(scenario: Scenario): {
  autoCapture: boolean
  metadata: Record<string, unknown>
  terms?: Terms
  mandate?: Mandate
} {
  const isSplit = scenario === 'split_tender' || scenario === 'partly_charged'
  return {
    autoCapture: !HOLDING.has(scenario),
    ...(scenario === 'mandate' ? { mandate: MANDATE } : {}),
    ...(scenario === 'surcharge' ? { terms: { surchargePercent: 8, offer: null } } : {}),
    ...(scenario === 'offer' ? { terms: { surchargePercent: 0, offer: OFFER } } : {}),
    metadata: {
      ...(isSplit ? { split_tender: true } : {}),
      // Every late success counts as too late, so that nobody has to wait for the threshold (reference 2.1).
      ...(scenario === 'auto_refunded'
        ? { auto_refund_conflict_threshold_minutes: '0', auto_refund_post_success: 'true' }
        : {}),
    },
  }
}

const PORTAL_USER = 'priya.menon'
/** Between a failure and the late success that Juspay refunds by itself. */
const SHORTLY = 3

/** The words plans are written in: steps of one instrument, `pace` seconds apart. */
function vocabulary(instrument: Instrument, pace: number) {
  const attempt = (paces: number, percent?: number): Step => ({
    after: paces * pace,
    do: 'attempt',
    instrument,
    ...(percent === undefined ? {} : { percent }),
  })
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
  const hold = (verb: 'capture' | 'void', percent: number, fails = false): Step => ({
    after: 3 * pace,
    do: verb,
    attempt: 1,
    percent,
    fails,
  })
  const tell = (paces: number, event: string): Step => ({ after: paces * pace, do: 'tell', event })
  return { attempt, outcome, refund, hold, tell }
}

/** The named outcomes of /control/orders, as steps `pace` seconds apart. */
export function scenarioSteps(
  scenario: Scenario,
  instrument: Instrument,
  pace: number,
  settings: Settings,
  conflictMinutes: number,
): Step[] {
  const { attempt, outcome, refund, hold, tell } = vocabulary(instrument, pace)
  const success = outcome(2 * pace, 1, 'success')
  const charged = [attempt(1), success]
  const failed = [attempt(1), outcome(2 * pace, 1, 'authorization_failed')]
  const late = (seconds: number) => [...failed, outcome(2 * pace + seconds, 1, 'success')]
  const parts = [attempt(1, 40), attempt(1, -60)]
  const disputed = [...charged, tell(3, 'CHARGEBACK_RECEIVED')]
  const steps: Record<Scenario, Step[]> = {
    created: [],
    charged,
    authorized: charged,
    failed,
    authentication_failed: [attempt(1), outcome(2 * pace, 1, 'authentication_failed')],
    declined: [attempt(1), outcome(2 * pace, 1, 'declined')],
    pending: [attempt(1), outcome(pace + settings.pendingSeconds, 1, 'success')],
    stuck: [attempt(1)],
    late_success: late(settings.lateSuccessSeconds),
    conflict: late(conflictMinutes * 60 + 60),
    auto_refunded: late(SHORTLY),
    double_charge: [...charged, attempt(2), outcome(3 * pace, 2, 'success')],
    split_tender: [...parts, success, outcome(2 * pace, 2, 'success')],
    partly_charged: [...parts, success],
    auth_failed_then_success: [
      attempt(1),
      outcome(2 * pace, 1, 'authentication_failed'),
      attempt(3),
      outcome(4 * pace, 2, 'success'),
    ],
    captured: [...charged, hold('capture', 100)],
    partly_captured: [...charged, hold('capture', 60)],
    capture_failed: [...charged, hold('capture', 100, true)],
    voided: [...charged, hold('void', 100)],
    void_failed: [...charged, hold('void', 100, true)],
    refunded: [...charged, refund(100, 'success')],
    partially_refunded: [...charged, refund(40, 'success')],
    refund_failed: [...charged, refund(100, 'failure')],
    refund_stuck: [...charged, refund(100, 'stuck')],
    disputed: [...disputed, tell(4, 'CHARGEBACK_EVIDENCE_REQUIRED')],
    dispute_lost: [...disputed, tell(4, 'CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR')],
    surcharge: charged,
    offer: charged,
    mandate: charged,
    cash_on_delivery: [{ after: pace, do: 'attempt', instrument: instrumentFrom({ type: 'CASH' }) }, success],
  }
  return steps[scenario]
}
