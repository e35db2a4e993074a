/** How a batch of refunds is called, and what is said of its state: also in the list of orders, which has no more to do with it. */
import type { BulkStatus } from './bulk-batch.ts'

const STATUS_WORDS: Readonly<Record<BulkStatus, string>> = {
  draft: 'not checked yet',
  checking: 'being checked',
  ready: 'not sent for approval yet',
  submitting: 'being sent for approval',
  waiting_approval: 'waiting for approval',
  held: 'approved and held',
  running: 'running',
  paused: 'paused',
  stopped: 'stopped',
  finished: 'finished',
  finished_failures: 'finished',
  rejected: 'rejected',
  cancelled: 'cancelled',
}

/** How a batch in this state is, in a sentence: "approved and held". */
export function batchStateWords(status: BulkStatus): string {
  return STATUS_WORDS[status]
}

/** How a batch is called on screen. */
export function batchName(no: number): string {
  return `Batch ${String(no).padStart(4, '0')}`
}
