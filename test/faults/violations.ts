import type { RefundRule } from '../support/refund-invariants.ts'

/** One broken promise: an invariant of reliability §2.5 or §3.3 by its name, or a limit by its word. */
export type Violation = {
  rule:
    | RefundRule
    | 'J1'
    | 'J3'
    | 'J4'
    | 'J5'
    | 'J6'
    | 'J7'
    | 'J8'
    | 'answer time'
    | 'recovery'
    | 'death'
    | 'vacuous'
    | 'outcome'
    | 'refund'
    | 'timing'
    | 'hang'
    | 'memory'
    | 'race'
    | 'batch'
    | 'peer bug'
    | 'model'
  detail: string
  /** How many cases the detail speaks for. */
  count: number
}

const DETAIL_MAX = 1_200

/** Adds a violation, cut to a length that a report can hold. */
export function note(list: Violation[], rule: Violation['rule'], detail: string, count = 1): void {
  list.push({ rule, detail: detail.slice(0, DETAIL_MAX), count })
}
