/** What the screens are told about batches of refunds. */
import type { ReasonRule } from '../../domain/refund-reason.ts'
import type { Role } from '../../domain/permission.ts'
import type { StaffActor } from '../../domain/actor.ts'
import type { BulkOutcome, BulkStatus } from '../../domain/bulk-batch.ts'
import type { RowVerdict } from '../../domain/bulk-check.ts'
import type { BulkMapping } from '../../domain/bulk-columns.ts'
import type { BulkValues, Finding } from '../../domain/bulk-row.ts'
import { doneRows } from '../../services/bulk/control-batch.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkGroup, BulkSampleRow, SameFile } from '../../store/bulk-reads.ts'
import type { BulkRowRecord } from '../../store/bulk-rows.ts'
import { proseFor } from './prose.ts'

export type BulkBatchView = {
  id: string
  no: number
  status: BulkStatus
  source: BulkBatchRecord['source']
  name: string
  headers: string[]
  mapping: BulkMapping
  currency: string
  parentId: string | null
  createdBy: string
  createdAt: Date
  /** Whether the person who looks made it or sent it for approval, and so cannot decide it. */
  own: boolean
  reason: string | null
  note: string | null
  submittedBy: string | null
  submittedAt: Date | null
  expiresAt: Date | null
  approvalHash: string | null
  decidedBy: string | null
  decidedAt: Date | null
  decisionNote: string | null
  holdUntil: Date | null
  finishedAt: Date | null
  /** Why it was paused, stopped or sent back. */
  remark: string | null
  total: number
  rows: { unchecked: number; ok: number; warning: number; error: number; dropped: number; accepted: number }
  amountMinor: bigint
  outcomes: Readonly<Record<BulkOutcome, number>>
  /** Rows that were released. */
  released: number
  /** Since this phase began, and what was done by then: the rate is counted from there. */
  runAt: Date
  runDone: number
  /** The time of these figures. */
  asOf: Date
}

export type BulkRowView = {
  n: number
  fields: BulkValues
  edited: boolean
  dropped: boolean
  accepted: boolean
  verdict: RowVerdict
  findings: Finding[]
  orderId: string | null
  amountMinor: bigint | null
  suggestedMinor: bigint | null
  refundRequestId: string | null
  outcome: BulkOutcome | null
  remark: string | null
}

export type BulkReviewView = {
  totals: { rows: number; amountMinor: bigint; customers: number; largestMinor: bigint; allLeft: number }
  /** Why it does not fit into today's limits of who looks at it; null when it does. */
  overLimit: string | null
  byGateway: BulkGroup[]
  byReason: BulkGroup[]
  byDay: BulkGroup[]
  /** A batch made of the same file that was sent for approval before. */
  sameFile: SameFile | null
  approvers: string[]
  holdMinutes: number
  /** The reasons that can be chosen for all rows. */
  reasons: ReasonRule[]
  /** Above this a single refund would need approval too; named beside the typed total. */
  approvalAboveMinor: bigint
}

export type BulkSampleView = { largest: BulkSampleRow[]; random: BulkSampleRow[] }

/** A batch as `viewer` is shown it. */
export function bulkBatchView(batch: BulkBatchRecord, viewer: StaffActor, now: Date): BulkBatchView {
  const prose = proseFor(viewer.role)
  return {
    id: batch.id,
    no: batch.no,
    status: batch.status,
    source: batch.source,
    name: prose(batch.name),
    headers: batch.headers.map(prose),
    mapping: batch.mapping,
    currency: batch.currency,
    parentId: batch.parentId,
    createdBy: batch.authorName,
    createdAt: batch.createdAt,
    own: batch.createdBy === viewer.userId || batch.submittedBy === viewer.userId,
    reason: prose(batch.reason),
    note: prose(batch.note),
    submittedBy: batch.submitterName,
    submittedAt: batch.submittedAt,
    expiresAt: batch.expiresAt,
    approvalHash: batch.approvalHash?.toString('hex') ?? null,
    decidedBy: batch.deciderName,
    decidedAt: batch.decidedAt,
    decisionNote: prose(batch.decisionNote),
    holdUntil: batch.holdUntil,
    finishedAt: batch.finishedAt,
    remark: prose(batch.remark),
    total: batch.total,
    rows: {
      unchecked: batch.uncheckedRows,
      ok: batch.okRows,
      warning: batch.warningRows,
      error: batch.errorRows,
      dropped: batch.droppedRows,
      accepted: batch.acceptedRows,
    },
    amountMinor: batch.amountMinor,
    outcomes: {
      refused: batch.refusedRows,
      reserved: batch.reservedRows,
      released: batch.releasedRows,
      unknown: batch.unknownRows,
      pending: batch.pendingRows,
      review: batch.reviewRows,
      returned: batch.returnedRows,
      succeeded: batch.succeededRows,
      failed: batch.failedRows,
      not_sent: batch.notSentRows,
    },
    released: doneRows(batch),
    runAt: batch.runAt,
    runDone: batch.runDone,
    asOf: now,
  }
}

/** One row, without the uploaded cells that are not mapped: they may be personal data and are only in the result file. */
export function bulkRowView(row: BulkRowRecord, { role }: { role: Role }): BulkRowView {
  const prose = proseFor(role)
  const { fields } = row
  return {
    n: row.n,
    fields: {
      ...fields,
      orderRef: prose(fields.orderRef),
      reason: prose(fields.reason),
      note: prose(fields.note),
      yourRef: prose(fields.yourRef),
    },
    edited: row.edited,
    dropped: row.dropped,
    accepted: row.accepted,
    verdict: row.verdict,
    findings: row.findings.map((finding) => ({ ...finding, text: prose(finding.text) })),
    orderId: row.orderId,
    amountMinor: row.amountMinor,
    suggestedMinor: row.suggestedMinor,
    refundRequestId: row.refundRequestId,
    outcome: row.outcome,
    remark: prose(row.remark),
  }
}
