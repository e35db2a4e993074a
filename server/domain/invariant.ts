/**
 * What must never be true of money that goes back (reliability §2.5), in words. The queries that look for it are in
 * `store/refund-invariants.ts`; a broken one of weight `breach` stops refunds, a `late` one tells people.
 */
export const INVARIANT_CODES = [
  'I1',
  'I2',
  'I3',
  'I4',
  'I5',
  'I6',
  'I7',
  'I8',
  'I9',
  'I10',
  'I11',
  'I12',
  'J2',
] as const

export type InvariantCode = (typeof INVARIANT_CODES)[number]

export type Invariant = {
  code: InvariantCode
  /** What always holds. */
  words: string
  weight: 'breach' | 'late'
}

/** Those that the database can be asked about. */
export const INVARIANTS: readonly Invariant[] = [
  {
    code: 'I1',
    words: 'No order gives back or promises more than was charged, and its amounts are the sums of its rows.',
    weight: 'breach',
  },
  {
    code: 'I2',
    words: 'A request has at most one refund that can be paid, and is paid once.',
    weight: 'breach',
  },
  { code: 'I3', words: 'A gesture is one request, and a key at Juspay is one refund.', weight: 'breach' },
  {
    code: 'I4',
    words: 'What Juspay has under a key of ours is the refund we sent, on its own order.',
    weight: 'breach',
  },
  {
    code: 'I5',
    words: 'A refund has the amount and currency that were asked for and approved.',
    weight: 'breach',
  },
  { code: 'I6', words: 'Nothing left before its sending was written down.', weight: 'breach' },
  {
    code: 'I7',
    words: 'Every refund is either ours, with a request, or made elsewhere, without one.',
    weight: 'breach',
  },
  {
    code: 'I8',
    words: 'Nobody approved their own request, and every refund was approved before it was sent.',
    weight: 'breach',
  },
  {
    code: 'I9',
    words: 'A refund that ended did not end otherwise without a work item that says so.',
    weight: 'breach',
  },
  {
    code: 'I10',
    words: 'The totals that the limits of a day are held against count every refund of that day.',
    weight: 'breach',
  },
  {
    code: 'I11',
    words: 'No refund is forgotten: what is in doubt is cleared up within 15 minutes.',
    weight: 'late',
  },
  { code: 'I12', words: 'Every sending and every decision is in the audit log.', weight: 'breach' },
  { code: 'J2', words: 'Every webhook that was stored is processed when it is due.', weight: 'late' },
]

/** Those that only tests can judge, because they need Juspay's own books or its answers; where they are judged. */
export const UNCHECKED: readonly { code: string; words: string }[] = [
  { code: 'J1', words: 'Webhooks that were answered are kept: judged by the fault runs, from outside.' },
  { code: 'J4', words: 'The order of messages does not matter: judged by permutation runs.' },
]

/** Something found. `subject` tells two violations of the same invariant apart. */
export type FoundViolation = {
  invariant: InvariantCode
  accountId: string
  orderId: string | null
  subject: string
  detail: string
}

/** Whether it stops refunds. */
export function isBreach(code: InvariantCode): boolean {
  return INVARIANTS.some((invariant) => invariant.code === code && invariant.weight === 'breach')
}

/** How often the checker looks. */
export const CHECK_EVERY_MS = 60_000
/** After this without a check, somebody has to look why. */
export const CHECK_STALE_MS = 5 * CHECK_EVERY_MS

const DAY_CHECKS = 1_200
const SLICE_MIN = 2_000
const SLICE_MAX = 20_000

/** Orders of one slice, so that a pass over all orders takes about a day; 1,200 checks leave time for delays. */
export function sliceSize(ordersOfLastPass: number | null): number {
  return Math.min(SLICE_MAX, Math.max(SLICE_MIN, Math.ceil((ordersOfLastPass ?? 0) / DAY_CHECKS)))
}
