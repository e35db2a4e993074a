/** What the screens are told about whether refunds keep to their invariants. */
import {
  CHECK_STALE_MS,
  INVARIANTS,
  UNCHECKED,
  type Invariant,
  type InvariantCode,
} from '../../domain/invariant.ts'
import type { InvariantCheckRow, InvariantScan, OpenViolation } from '../../store/invariant-checks.ts'

/** Violations listed with each invariant. */
const SHOWN_MAX = 20

export type ViolationView = {
  id: string
  /** Null when it is about no order. */
  orderRef: string | null
  subject: string
  detail: string
  firstSeenAt: Date
  lastSeenAt: Date
}

export type InvariantView = {
  code: InvariantCode
  words: string
  weight: Invariant['weight']
  /** The newest check could not answer in time. */
  unanswered: boolean
  count: number
  violations: ViolationView[]
}

export type SafetyView = {
  /** Null before the first check. */
  checkedAt: Date | null
  /** No check has come for minutes: what is shown may be old. */
  stale: boolean
  tookMs: number | null
  /** Orders looked at by the newest check: those that had changed, and those of the pass over all. */
  changedOrders: number
  sliceOrders: number
  behind: boolean
  /** The pass over all orders that is under way, and the last one that came to its end. */
  pass: { beganAt: Date; orders: number } | null
  lastPass: { beganAt: Date; endedAt: Date; orders: number } | null
  invariants: InvariantView[]
  /** What no query can judge, and where it is judged. */
  unchecked: { code: string; words: string }[]
}

/** @param open violations of the account of the person who looks, and of no other */
export function safetyView(
  check: InvariantCheckRow | null,
  scan: InvariantScan | null,
  open: readonly OpenViolation[],
  now: Date,
): SafetyView {
  return {
    checkedAt: check?.at ?? null,
    stale: check !== null && now.getTime() - check.at.getTime() > CHECK_STALE_MS,
    tookMs: check?.tookMs ?? null,
    changedOrders: check?.changedOrders ?? 0,
    sliceOrders: check?.sliceOrders ?? 0,
    behind: check?.behind ?? false,
    ...passes(scan),
    invariants: INVARIANTS.map((invariant): InvariantView => {
      const violations = open.filter((violation) => violation.invariant === invariant.code)
      return {
        ...invariant,
        unanswered: check?.failed.includes(invariant.code) ?? false,
        count: violations.length,
        violations: violations.slice(0, SHOWN_MAX).map(violationView),
      }
    }),
    unchecked: UNCHECKED.map(({ code, words }) => ({ code, words })),
  }
}

function passes(scan: InvariantScan | null): Pick<SafetyView, 'pass' | 'lastPass'> {
  if (scan === null) return { pass: null, lastPass: null }
  const { passBeganAt, passOrders, lastPassBeganAt, lastPassEndedAt, lastPassOrders } = scan
  return {
    pass: passBeganAt && { beganAt: passBeganAt, orders: passOrders },
    lastPass: lastPassBeganAt &&
      lastPassEndedAt && { beganAt: lastPassBeganAt, endedAt: lastPassEndedAt, orders: lastPassOrders ?? 0 },
  }
}

function violationView(violation: OpenViolation): ViolationView {
  const { id, orderRef, subject, detail, firstSeenAt, lastSeenAt } = violation
  return { id, orderRef, subject, detail, firstSeenAt, lastSeenAt }
}
