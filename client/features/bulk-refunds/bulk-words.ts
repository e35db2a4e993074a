import { batchName } from '../../../server/domain/batch-words.ts'
import { isWorkedOn, type BulkOutcome, type BulkStatus } from '../../../server/domain/bulk-batch.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import type { StatusWord } from '../../lib/batch-chip.ts'
import { progressOf, readyRows } from '../../lib/batch-progress.ts'
import { paceFrom, type Pace } from '../../lib/pace.ts'
import type { BulkBatch, BulkRow } from './bulk-types.ts'

export const OUTCOME_WORDS: Readonly<Record<BulkOutcome, StatusWord>> = {
  refused: { role: 'failed', label: 'Left out', detail: 'Its amount could not be set aside.' },
  reserved: { role: 'pending', label: 'Waiting', detail: 'Its amount is set aside. It was not sent yet.' },
  released: { role: 'pending', label: 'Sending', detail: 'On its way to Juspay.' },
  unknown: {
    role: 'unknown',
    label: 'Unknown',
    detail: 'We do not know yet if Juspay has it. We keep asking.',
  },
  pending: { role: 'pending', label: 'With the bank', detail: 'Juspay has it. The bank has not said yet.' },
  review: { role: 'review', label: 'Needs review', detail: 'Juspay cannot tell what the gateway did.' },
  returned: {
    role: 'review',
    label: 'Back in approvals',
    detail: 'Its approval no longer held when it was about to be sent. It is decided alone.',
  },
  succeeded: { role: 'refunded', label: 'Succeeded', detail: 'Paid back.' },
  failed: { role: 'failed', label: 'Failed', detail: 'No money moved.' },
  not_sent: { role: 'voided', label: 'Not sent', detail: 'Its amount was given back.' },
}

/** The chip of a row: what became of it, or how it was found. */
export function rowWord(row: BulkRow): StatusWord {
  if (row.outcome !== null) return OUTCOME_WORDS[row.outcome]
  if (row.dropped) return { role: 'voided', label: 'Dropped', detail: 'No part of the batch.' }
  if (row.verdict === 'error') return { role: 'failed', label: 'Must fix', detail: 'Fix it or drop it.' }
  if (row.verdict === 'ok') return { role: 'charged', label: 'Ready', detail: 'Nothing is wrong with it.' }
  if (row.verdict === 'unchecked') return { role: 'pending', label: 'Checking', detail: 'Not checked yet.' }
  return row.accepted
    ? { role: 'charged', label: 'Kept', detail: 'Somebody looked at it and kept it.' }
    : { role: 'review', label: 'Look at it', detail: 'Keep it or drop it.' }
}

/** What is odd about a row, or why it failed. */
export function rowText(row: BulkRow): string {
  return row.remark ?? row.findings.map(({ text }) => text).join(' ')
}

export const STEPS = ['Upload', 'Check', 'Review', 'Approve', 'Run'] as const

const STEP_OF: Readonly<Record<BulkStatus, number>> = {
  draft: 0,
  checking: 1,
  ready: 2,
  submitting: 3,
  waiting_approval: 3,
  rejected: 3,
  held: 4,
  running: 4,
  paused: 4,
  stopped: 4,
  finished: 4,
  finished_failures: 4,
  cancelled: 4,
}

/** Which step a batch is at; one that has rows to fix is still being checked. */
export function stepOf(batch: BulkBatch): number {
  return batch.status === 'ready' && toFix(batch) > 0 ? 1 : STEP_OF[batch.status]
}

/** Rows that somebody has to look at before the batch can go. */
export function toFix({ rows }: BulkBatch): number {
  return rows.error + rows.warning - rows.accepted
}

/** Whether something happens by itself. */
export function isAtWork({ status, outcomes }: BulkBatch): boolean {
  if (isWorkedOn(status)) return true
  return outcomes.released + outcomes.unknown > 0 || (isOver({ status }) && outcomes.reserved > 0)
}

/** Whether nothing more will be sent. */
export function isOver({ status }: Pick<BulkBatch, 'status'>): boolean {
  return ['stopped', 'finished', 'finished_failures', 'rejected', 'cancelled'].includes(status)
}

const COUNTED = [
  'succeeded',
  'pending',
  'released',
  'unknown',
  'review',
  'returned',
  'failed',
  'not_sent',
] as const

/** What became of the refunds, for those outcomes there are; nothing while none can have gone. */
export function countsOf({ status, outcomes }: BulkBatch): { label: string; count: number }[] {
  if (status === 'checking' || status === 'submitting') return []
  return COUNTED.filter((outcome) => outcome === 'succeeded' || outcomes[outcome] > 0).map((outcome) => ({
    label: OUTCOME_WORDS[outcome].label,
    count: outcomes[outcome],
  }))
}

/** Rows a second since this phase began, and what is left of it; null before there is anything to go by. */
export function paceOf(batch: BulkBatch): Pace | null {
  if (!isWorkedOn(batch.status)) return null
  const { done, total } = progressOf(batch)
  return paceFrom(batch, { done, left: total - done })
}

/** "1,240 refunds", "1 refund". */
export function refundsText(count: number): string {
  return `${count.toLocaleString('en-IN')} ${count === 1 ? 'refund' : 'refunds'}`
}

/** "1,240 rows", "1 row". */
export function rowsText(count: number): string {
  return `${count.toLocaleString('en-IN')} ${count === 1 ? 'row' : 'rows'}`
}

/** What a batch is about, for lists and headings. */
export function batchTitle(batch: Pick<BulkBatch, 'no'>): string {
  return batchName(batch.no)
}

/** Count and sum of the rows that go; while nobody knows which those are, how many there are. */
export function batchSum(batch: BulkBatch): string {
  if (batch.status === 'draft' || batch.status === 'checking') return rowsText(batch.total)
  const money = formatMoney({ minor: batch.amountMinor, currency: batch.currency })
  return `${refundsText(readyRows(batch) - batch.outcomes.refused)}, ${money}`
}
