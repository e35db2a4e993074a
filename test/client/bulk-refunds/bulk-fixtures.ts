/** A batch, its review and a row as the server tells them, for tests of screens. */
import type { BulkBatch, BulkReview, BulkRow } from '../../../client/features/bulk-refunds/bulk-types.ts'
import { matchHeaders } from '../../../server/domain/bulk-columns.ts'

const HEADERS = ['order_id', 'amount']
const MADE = new Date('2026-11-22T09:00:00Z')

export function batchOf(change: Partial<BulkBatch> = {}): BulkBatch {
  return {
    id: '00000000-0000-4000-8000-0000000000d1',
    no: 12,
    status: 'ready',
    source: 'file',
    name: 'returns.csv',
    headers: HEADERS,
    mapping: matchHeaders(HEADERS),
    currency: 'INR',
    parentId: null,
    createdBy: 'Rohan Das',
    createdAt: MADE,
    own: true,
    reason: null,
    note: null,
    submittedBy: null,
    submittedAt: null,
    expiresAt: null,
    approvalHash: null,
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
    holdUntil: null,
    finishedAt: null,
    remark: null,
    total: 3,
    rows: { unchecked: 0, ok: 3, warning: 0, error: 0, dropped: 0, accepted: 0 },
    amountMinor: 299_997n,
    outcomes: {
      refused: 0,
      reserved: 0,
      released: 0,
      unknown: 0,
      pending: 0,
      review: 0,
      returned: 0,
      succeeded: 0,
      failed: 0,
      not_sent: 0,
    },
    released: 0,
    runAt: MADE,
    runDone: 0,
    asOf: MADE,
    ...change,
  }
}

export function reviewOf(change: Partial<BulkReview> = {}): BulkReview {
  return {
    totals: { rows: 3, amountMinor: 299_997n, customers: 2, largestMinor: 100_000n, allLeft: 1 },
    overLimit: null,
    byGateway: [{ name: 'PAYU', rows: 3, amountMinor: 299_997n }],
    byReason: [{ name: null, rows: 3, amountMinor: 299_997n }],
    byDay: [{ name: '2026-11-20', rows: 3, amountMinor: 299_997n }],
    sameFile: null,
    approvers: ['Priya Shah'],
    holdMinutes: 10,
    reasons: [
      {
        code: 'item_returned',
        label: 'Item returned',
        active: true,
        noteMinLength: 0,
      },
      { code: 'goodwill', label: 'Goodwill', active: true, noteMinLength: 10 },
    ],
    approvalAboveMinor: 200_000n,
    ...change,
  }
}

export function rowOf(change: Partial<BulkRow> = {}): BulkRow {
  return {
    n: 4,
    fields: {
      orderRef: 'ord_8F2K',
      amount: '150.00',
      currency: '',
      reason: '',
      note: '',
      yourRef: '',
      txnRef: '',
    },
    edited: false,
    dropped: false,
    accepted: false,
    verdict: 'ok',
    findings: [],
    orderId: '00000000-0000-4000-8000-0000000000b1',
    amountMinor: 15_000n,
    suggestedMinor: null,
    refundRequestId: null,
    outcome: null,
    remark: null,
    ...change,
  }
}
