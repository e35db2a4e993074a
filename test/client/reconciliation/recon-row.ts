import type { ReconRow } from '../../../client/features/reconciliation/recon-types.ts'

/** A line of Reconciliation, as far as `change` says nothing else. */
export function reconRow(change: Partial<ReconRow> = {}): ReconRow {
  return {
    orderId: 'o1',
    discrepancyId: 'd1',
    orderRef: 'ord_1',
    amountMinor: 10_000n,
    currency: 'INR',
    displayStatus: 'pending',
    providerStatus: 'STARTED',
    kind: 'status_conflict',
    detail: '',
    ours: null,
    theirs: null,
    since: new Date('2026-11-22T09:00:00Z'),
    lastCheckedAt: null,
    ...change,
  }
}
