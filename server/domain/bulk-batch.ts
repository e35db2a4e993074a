/**
 * A batch of refunds: made from a file or a selection, checked row by row, approved by a second person, held for a
 * while, then released a few at a time. These are its states and rules; the refunds themselves go the way of every
 * other refund.
 */
import { batchStateWords } from './batch-words.ts'
import type { RefundRequestStatus } from './refund-request.ts'
import type { RefundStatus } from './refund.ts'

export const BULK_STATUSES = [
  'draft',
  'checking',
  'ready',
  'submitting',
  'waiting_approval',
  'held',
  'running',
  'paused',
  'stopped',
  'finished',
  'finished_failures',
  'rejected',
  'cancelled',
] as const

export type BulkStatus = (typeof BULK_STATUSES)[number]

/** In which something is done with the rows by itself. */
export const WORKING_STATUSES = ['checking', 'submitting', 'running'] as const satisfies BulkStatus[]

/** Whether a batch in this state is worked on; one that is held, paused or waits for a person is not. */
export function isWorkedOn(status: BulkStatus): boolean {
  return WORKING_STATUSES.some((working) => working === status)
}

/** Batches of one account that may be checked, waiting or run at once. */
export const BULK_OPEN_MAX = 20
/** How long an approved batch waits before the first refund is released, unless the policy says otherwise. */
export const HOLD_MINUTES_DEFAULT = 10
export const HOLD_MINUTES_MAX = 120
/** Released rows that Juspay has not taken yet; more are not released meanwhile. */
export const OUTSTANDING_MAX = 20

export type BulkAct =
  'map' | 'edit' | 'submit' | 'approve' | 'reject' | 'cancel' | 'pause' | 'resume' | 'stop' | 'rerun'

/** In which states each act is possible. */
const POSSIBLE: Readonly<Record<BulkAct, readonly BulkStatus[]>> = {
  map: ['draft', 'checking', 'ready'],
  edit: ['ready'],
  submit: ['ready'],
  approve: ['waiting_approval'],
  reject: ['waiting_approval'],
  cancel: ['draft', 'checking', 'ready', 'submitting', 'waiting_approval', 'held'],
  pause: ['running'],
  resume: ['paused'],
  stop: ['running', 'paused'],
  rerun: ['finished_failures', 'stopped', 'cancelled', 'rejected'],
}

/** The states from which `act` is possible. */
export function bulkStatesFor(act: BulkAct): readonly BulkStatus[] {
  return POSSIBLE[act]
}

/** Whether `act` is possible; the screen and the server ask the same. */
export function bulkCan(act: BulkAct, status: BulkStatus): boolean {
  return POSSIBLE[act].includes(status)
}

const ACT_WORDS: Readonly<Record<BulkAct, string>> = {
  map: 'checked again',
  edit: 'changed',
  submit: 'sent for approval',
  approve: 'approved',
  reject: 'rejected',
  cancel: 'cancelled',
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
  rerun: 'run again',
}

/** The sentence for an act that the state does not allow; the loser of two presses reads it. */
export function bulkRefusal(act: BulkAct, status: BulkStatus): string {
  return `This batch is ${batchStateWords(status)}, so it cannot be ${ACT_WORDS[act]}.`
}

export const BULK_STATUS_LABELS: Readonly<Record<BulkStatus, string>> = {
  draft: 'Draft',
  checking: 'Checking',
  ready: 'Ready',
  submitting: 'Sending for approval',
  waiting_approval: 'Waiting for approval',
  held: 'Held',
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped',
  finished: 'Finished',
  finished_failures: 'Finished with failures',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
}

export const BULK_OUTCOMES = [
  'refused',
  'reserved',
  'released',
  'unknown',
  'pending',
  'review',
  'returned',
  'succeeded',
  'failed',
  'not_sent',
] as const

/**
 * What became of a row after the batch was sent for approval. `refused`: its amount could not be set aside, so it is
 * no part of the batch. `released`: approved and on its way to Juspay. `returned`: its approval no longer held when it
 * was about to be sent, so a person decides about it alone. `not_sent`: closed without having been sent.
 */
export type BulkOutcome = (typeof BULK_OUTCOMES)[number]

/** Still on the way: looked at again until it is over. */
export const OPEN_OUTCOMES = [
  'released',
  'unknown',
  'pending',
  'review',
  'returned',
] as const satisfies BulkOutcome[]
/** Juspay has not said yet that it has them. */
export const OUTSTANDING_OUTCOMES = ['released', 'unknown'] as const satisfies BulkOutcome[]

/** What became of a row, from its request and the newest attempt to send it. */
export function outcomeOf(request: RefundRequestStatus, attempt: RefundStatus | null): BulkOutcome {
  if (request === 'rejected' || request === 'withdrawn' || request === 'expired') return 'not_sent'
  if (attempt === null) return 'reserved'
  if (request === 'pending_approval') return 'returned'
  const outcomes: Readonly<Record<RefundStatus, BulkOutcome>> = {
    ready: 'released',
    sending: 'released',
    unknown: 'unknown',
    pending: 'pending',
    manual_review: 'review',
    succeeded: 'succeeded',
    failed: 'failed',
    rejected: 'failed',
  }
  return outcomes[attempt]
}

/** The mark that a row leaves in the record of newest results; null when nothing is told yet. */
export function markOf(before: BulkOutcome | null, after: BulkOutcome): '.' | 'x' | null {
  if (after === 'failed') return before === 'failed' ? null : 'x'
  const told = after === 'pending' || after === 'succeeded'
  return told && before !== 'pending' && before !== 'succeeded' ? '.' : null
}

/** The newest results that decide whether a batch pauses itself. */
export const BULK_PAUSE_WINDOW = 50
/** More failures than this among them and somebody should look first (design §3.12). */
const PAUSE_FAILURES_MAX = 10

/**
 * Why a running batch should pause itself; null when it should go on. A batch smaller than the window is judged by it
 * all the same: eleven failures are too many for it too.
 */
export function bulkPauseReason(recent: string): string | null {
  const newest = recent.slice(-BULK_PAUSE_WINDOW)
  const failures = newest.split('x').length - 1
  if (failures <= PAUSE_FAILURES_MAX) return null
  return `${failures} of the last ${newest.length} refunds failed. Look at their reasons, then resume or stop.`
}

/** The state of a batch of which nothing is left to release and nothing is in the air. */
export function finishedStatus(counts: {
  failedRows: number
  notSentRows: number
  refusedRows: number
}): BulkStatus {
  return counts.failedRows + counts.notSentRows + counts.refusedRows > 0 ? 'finished_failures' : 'finished'
}

/** Key of the request that one row makes: derived, so that a resumed run finds it instead of making it again. */
export function rowClientKey(batchId: string, n: number): string {
  return `bulk-${batchId.replaceAll('-', '')}-${n}`
}

/** What an approver of a batch agrees to: every row, in order. */
export function batchText(
  batchId: string,
  rows: readonly {
    n: number
    orderId: string
    amountMinor: bigint
    currency: string
    approvalHash: string
  }[],
): string {
  const told = rows.map(({ n, orderId, amountMinor, currency, approvalHash }) => [
    n,
    orderId,
    amountMinor.toString(),
    currency,
    approvalHash,
  ])
  return JSON.stringify(['bulk-approval', batchId, told])
}
