/**
 * The simulations by name: the one list that `npm run simulate`, `POST /control/simulate` and the dashboard's menu share.
 * A simulation is a scenario with words for people, and at times trouble on the way of its webhooks.
 */
import type { Scenario } from './scenario-steps.ts'
import type { Trouble } from './types.ts'

/** What a simulation shows, in words. */
export type Simulation = {
  title: string
  /** What the customer, the bank and Juspay do. */
  story: string
  /** What is to be seen in Paydesk afterwards. */
  result: string
  scenario: Scenario
  troubles?: readonly Trouble[]
}

export const SIMULATIONS = {
  paid: {
    title: 'Paid',
    story: 'The bank approves at once.',
    result: 'Charged.',
    scenario: 'charged',
  },
  failed: {
    title: 'Failed',
    story: 'The bank refuses: not enough money.',
    result: 'Failed, with the bank’s reason.',
    scenario: 'failed',
  },
  'not-authenticated': {
    title: 'Not authenticated',
    story: 'The customer leaves the bank’s page.',
    result: 'Failed.',
    scenario: 'authentication_failed',
  },
  retried: {
    title: 'Failed, then paid',
    story: 'The first attempt fails, the customer tries again.',
    result: 'Charged on attempt 2.',
    scenario: 'auth_failed_then_success',
  },
  unpaid: {
    title: 'Not paid',
    story: 'The customer never starts to pay.',
    result: 'Pending, without attempts.',
    scenario: 'created',
  },
  'pending-then-paid': {
    title: 'Pending, then paid',
    story: 'The bank takes its time, then approves.',
    result: 'Pending, later Charged.',
    scenario: 'pending',
  },
  stuck: {
    title: 'Pending for ever',
    story: 'The bank never answers.',
    result: 'Pending; later reported as stuck.',
    scenario: 'stuck',
  },
  'late-success': {
    title: 'Late success',
    story: 'The payment fails, and the bank says yes afterwards.',
    result: 'Failed, later Charged: the status goes forward only.',
    scenario: 'late_success',
  },
  'double-charge': {
    title: 'Charged twice',
    story: 'Two attempts take the money; Juspay refunds the second.',
    result: 'Charged twice, one of them refunded automatically.',
    scenario: 'double_charge',
  },
  'auto-refund': {
    title: 'Refunded automatically',
    story: 'A success comes too late, and Juspay returns the money by rule.',
    result: 'Refunded, never a sale.',
    scenario: 'auto_refunded',
  },
  refunded: {
    title: 'Refunded elsewhere',
    story: 'Somebody refunds everything in Juspay’s own portal.',
    result: 'Refunded, by a refund nobody asked for here.',
    scenario: 'refunded',
  },
  'refund-failed': {
    title: 'Refund failed',
    story: 'A refund is accepted, then refused by the gateway.',
    result: 'Charged, with a failed refund.',
    scenario: 'refund_failed',
  },
  'refund-pending': {
    title: 'Refund pending',
    story: 'A refund is sent, and the gateway does not answer.',
    result: 'Charged, with a refund on its way.',
    scenario: 'refund_stuck',
  },
  chargeback: {
    title: 'Chargeback',
    story: 'The customer’s bank takes the money back and asks for evidence.',
    result: 'Disputed, with a day to answer by.',
    scenario: 'disputed',
  },
  'chargeback-lost': {
    title: 'Chargeback lost',
    story: 'The bank decides a dispute for the customer.',
    result: 'Charged, with a lost dispute.',
    scenario: 'dispute_lost',
  },
  partial: {
    title: 'Partly charged',
    story: 'Two instruments pay one order; only the first is charged.',
    result: 'Charged in part, with one attempt still pending.',
    scenario: 'partly_charged',
  },
  split: {
    title: 'Paid with two instruments',
    story: 'Two instruments pay one order.',
    result: 'Charged once, by two attempts.',
    scenario: 'split_tender',
  },
  held: {
    title: 'Held, not captured',
    story: 'The bank holds the money for a later capture.',
    result: 'Authorised.',
    scenario: 'authorized',
  },
  captured: {
    title: 'Held, then captured',
    story: 'The shop captures part of what was held.',
    result: 'Charged with the captured amount.',
    scenario: 'partly_captured',
  },
  'capture-failed': {
    title: 'Capture failed',
    story: 'The gateway refuses to capture what was held.',
    result: 'Needs review.',
    scenario: 'capture_failed',
  },
  voided: {
    title: 'Voided',
    story: 'The shop releases the money that was held.',
    result: 'Voided.',
    scenario: 'voided',
  },
  mandate: {
    title: 'Mandate',
    story: 'The customer pays and agrees to later debits.',
    result: 'Charged, with an active mandate.',
    scenario: 'mandate',
  },
  surcharge: {
    title: 'Surcharge',
    story: 'The customer pays 8 % on top for the way of paying.',
    result: 'Charged with more than the order’s amount.',
    scenario: 'surcharge',
  },
  offer: {
    title: 'Offer',
    story: 'An offer takes 15 % off.',
    result: 'Charged with less than the order’s amount.',
    scenario: 'offer',
  },
  'cash-on-delivery': {
    title: 'Cash on delivery',
    story: 'The customer wants to pay when the goods arrive.',
    result: 'Pending, to be paid on delivery.',
    scenario: 'cash_on_delivery',
  },
  'lost-webhook': {
    title: 'Lost webhook',
    story: 'The customer pays, and no webhook about it ever arrives.',
    result: 'Pending until its status is checked, then Charged.',
    scenario: 'charged',
    troubles: ['lose'],
  },
  masked: {
    title: 'Masked webhooks',
    story: 'Webhooks hide the customer and some amounts as FILTERED.',
    result: 'Charged; masked values overwrite nothing.',
    scenario: 'charged',
    troubles: ['mask'],
  },
} as const satisfies Record<string, Simulation>

export type SimulationName = keyof typeof SIMULATIONS

/** The simulation of that name, with the type that all share. */
export function simulationOf(name: SimulationName): Simulation {
  return SIMULATIONS[name]
}

export const SIMULATION_NAMES = Object.keys(SIMULATIONS) as [SimulationName, ...SimulationName[]] // its own keys

/** What any simulation can be made harder with. `drop-reply` is about calls; the others are about webhooks. */
export const SWITCHES = {
  late: { title: 'Webhooks late', story: 'Every webhook arrives 20 seconds late.' },
  duplicate: { title: 'Webhooks twice', story: 'Every webhook arrives twice, with the same id.' },
  reorder: { title: 'Webhooks out of order', story: 'Every second webhook is overtaken by the next.' },
  lose: { title: 'Webhooks lost', story: 'No webhook tells how the payment ended.' },
  mask: { title: 'Masked values', story: 'Webhooks say FILTERED where the customer and some amounts were.' },
  legacy: { title: 'Old types', story: 'Webhooks send numbers and booleans as text.' },
  'drop-reply': {
    title: 'Refund reply lost',
    story: 'The reply to the first refund call of the order never arrives.',
  },
} as const satisfies Record<Trouble | 'drop-reply', { title: string; story: string }>

export type SimulationSwitch = keyof typeof SWITCHES

export const SWITCH_NAMES = Object.keys(SWITCHES) as [SimulationSwitch, ...SimulationSwitch[]] // its own keys

/** The troubles of an order that is simulated with these switches. */
export function troublesOf(name: SimulationName, switches: readonly SimulationSwitch[]): Trouble[] {
  const asked = switches.filter((name): name is Trouble => name !== 'drop-reply')
  return [...new Set([...(simulationOf(name).troubles ?? []), ...asked])]
}
