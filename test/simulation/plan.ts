/** What happens in a run, drawn from its seed before it starts: who asks for what and when, and how bad things get. */
import type { Role } from '../../server/domain/permission.ts'

export type PlannedGesture = {
  asker: Role
  order: number
  amountMinor: bigint
  atMs: number
  /** The button was pressed twice. */
  doubleClick: boolean
  /** Says yes when told that the same amount was refunded moments ago. */
  insists: boolean
  withdrawAfterMs: number | null
  /** Which of several charges it gives back, from 0; null names none, as of an order that was charged once. */
  charge: number | null
}

export type PlannedDeed =
  | { kind: 'portal' | 'auto'; order: number; charge: number; amountMinor: bigint; atMs: number }
  /** Juspay returns the second charge by itself. */
  | { kind: 'return'; order: number; atMs: number }
  | { kind: 'regroup'; order: number; atMs: number }
  | { kind: 'stop'; gateway: string | null; atMs: number; untilMs: number }
  | { kind: 'disable'; who: number; atMs: number; untilMs: number | null }

export type PlannedOrder = {
  /** What each charge took. */
  chargedMinor: bigint
  confirmed: boolean
  /** The customer paid so many times. */
  charges: number
  /** Whether Juspay's answers, which name the first attempt, list what was returned of another. */
  listsReturns: boolean
}

export type Plan = {
  orders: PlannedOrder[]
  gestures: PlannedGesture[]
  deeds: PlannedDeed[]
  servers: number
  /** By how much each server's clock is wrong. */
  skewsMs: readonly number[]
  /** How often a task goes on where it could be interrupted. */
  persistence: number
  /** From here on nothing goes wrong any more. */
  troubleMs: number
  /** Steps between two mishaps, on average; Infinity for none. */
  mishapEvery: number
  refundTrouble: number
  statusTrouble: number
  staleAnswers: number
  guardsAmount: boolean
  expiresAfterHours: number
  /** What all people together may ask for in a day, in parts of a hundred of all charges; null for no limit. */
  dayLimitPercent: number | null
  /** Approvers act at about this pace. */
  approvalPaceMs: number
  /** Odds in a hundred: a webhook is sent at all, comes twice, a person's answer is lost. */
  webhooks: number
  webhooksTwice: number
  answersLost: number
}

/** Clocks of servers are this wrong at most (C24). */
export const SKEW_MAX_MS = 800

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const CHARGES = [150_000n, 300_000n, 500_000n] as const
/** Parts of the charge, in sixtieths. */
const PARTS = [60n, 40n, 36n, 30n, 30n, 20n, 12n] as const

/** @param more what was added to plans later is drawn from it, so that what the other numbers mean stays */
export function drawPlan(random: () => number, more: () => number): Plan {
  const below = (limit: number): number => Math.floor(random() * limit)
  const chance = (percent: number): boolean => random() * 100 < percent
  const of = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('nothing to draw from')
    return item
  }
  const orders = Array.from({ length: chance(12) ? 2 : 1 }, () => ({
    chargedMinor: of(CHARGES),
    confirmed: !chance(12),
    charges: more() < 0.12 ? 2 : 1,
    listsReturns: more() < 0.5,
  }))
  const order = (): number => below(orders.length)
  const part = (at: number): bigint => ((orders[at]?.chargedMinor ?? 0n) * of(PARTS)) / 60n
  const charge = (at: number): number => ((orders[at]?.charges ?? 1) > 1 && more() < 0.5 ? 1 : 0)
  const spread = of([2 * SECOND, 20 * SECOND, 90 * SECOND])
  const gestures = Array.from({ length: 2 + below(3) }, (): PlannedGesture => {
    const at = order()
    return {
      asker: of(['finance', 'finance', 'support', 'admin']),
      order: at,
      amountMinor: part(at),
      atMs: below(spread),
      doubleClick: chance(25),
      insists: chance(60),
      withdrawAfterMs: chance(12) ? below(40 * SECOND) : null,
      // Now and then somebody does not say which charge is meant.
      charge: (orders[at]?.charges ?? 1) > 1 && more() < 0.95 ? charge(at) : null,
    }
  })
  const long = chance(8)
  const troubleMs = long ? HOUR + below(2 * HOUR) : 30 * SECOND + below(4 * MINUTE)
  return {
    orders,
    gestures,
    deeds: [
      ...drawDeeds({ below, chance, part, order, charge, troubleMs }),
      ...orders.flatMap(({ charges }, at): PlannedDeed[] =>
        charges > 1 && more() < 0.3 ? [{ kind: 'return', order: at, atMs: more() * 3 * MINUTE }] : [],
      ),
    ],
    persistence: of([0, 0.6, 0.6, 0.85, 0.85]),
    servers: chance(75) ? 2 : 1,
    skewsMs: [chance(25) ? below(2 * SKEW_MAX_MS) - SKEW_MAX_MS : 0, 0],
    troubleMs,
    mishapEvery: of([60, 120, 300, Infinity]),
    refundTrouble: of([0, 30, 60, 90]),
    statusTrouble: long ? of([20, 90]) : of([0, 10, 40]),
    staleAnswers: of([0, 0, 30]),
    guardsAmount: chance(50),
    expiresAfterHours: long || chance(30) ? 1 : 48,
    approvalPaceMs: of([2 * SECOND, 15 * SECOND, long ? HOUR : 60 * SECOND]),
    webhooks: of([0, 40, 80]),
    webhooksTwice: of([0, 30]),
    answersLost: of([0, 15]),
    dayLimitPercent: chance(15) ? of([30, 60, 90]) : null,
  }
}

function drawDeeds(draw: {
  below: (limit: number) => number
  chance: (percent: number) => boolean
  part: (order: number) => bigint
  order: () => number
  charge: (order: number) => number
  troubleMs: number
}): PlannedDeed[] {
  const { below, chance, part, order, charge, troubleMs } = draw
  const deeds: PlannedDeed[] = []
  const window = Math.min(troubleMs, 3 * MINUTE)
  if (chance(25)) {
    const at = order()
    const amountMinor = part(at)
    deeds.push({ kind: 'portal', order: at, charge: charge(at), amountMinor, atMs: below(window) })
  }
  if (chance(6)) {
    const at = order()
    deeds.push({ kind: 'auto', order: at, charge: 0, amountMinor: part(at), atMs: below(window) })
  }
  if (chance(10)) deeds.push({ kind: 'regroup', order: order(), atMs: below(window) })
  if (chance(20)) {
    const untilMs = chance(50) ? window + below(10 * MINUTE) : null
    deeds.push({ kind: 'disable', who: below(5), atMs: below(window), untilMs })
  }
  if (chance(10)) {
    const atMs = below(window)
    const gateway = chance(40) ? 'RAZORPAY' : null
    deeds.push({ kind: 'stop', gateway, atMs, untilMs: atMs + below(5 * MINUTE) })
  }
  return deeds
}
