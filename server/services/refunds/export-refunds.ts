/** The refunds list as a file: the same rows in the same order, read page by page so that no file is whole in memory. */
import type { StaffActor } from '../../domain/actor.ts'
import { maskText } from '../../domain/masked-text.ts'
import { toDecimal } from '../../domain/money.ts'
import type { ExportCell } from '../../domain/order-export.ts'
import { refundRow, type RefundFacts } from '../../domain/refund-display.ts'
import type { StopScope } from '../../domain/refund-stop.ts'
import { DAY_MS } from '../../domain/refund-clock.ts'
import type { RefundListFilter } from '../../store/refund-reads.ts'
import type { Deps } from '../deps.ts'
import { tableFile, type TableKind } from '../exports/table-file.ts'

/** Rows of one file; a filter makes more into several. */
export const EXPORT_MAX = 100_000
const PAGE = 500

const HEAD = [
  'asked_at',
  'refund',
  'order',
  'amount',
  'currency',
  'status',
  'where',
  'reason',
  'asked_by',
  'approved_by',
  'started',
  'gateway',
  'attempt',
  'arn',
  'utr_or_rrn',
  'sent_at',
  'settled_at',
  'age_days',
]

/** The rows of one view, at most {@link EXPORT_MAX}. That somebody takes them is written down before the first leaves. */
export async function exportRefunds(
  deps: Pick<Deps, 'store' | 'clock'>,
  actor: StaffActor,
  { kind, ...filter }: Omit<RefundListFilter, 'cursor' | 'limit'> & { kind: TableKind },
): Promise<AsyncIterable<string | Buffer>> {
  const now = deps.clock.now()
  await deps.store.audit.append({
    actor,
    action: 'refund.export',
    subjectKind: 'refund',
    subjectId: null,
    outcome: 'done',
    after: { ...filter, q: maskText(filter.q), kind, most: EXPORT_MAX },
  })
  const stops = await deps.store.refundStops.inForce(actor.accountId, now)
  const about = () => [['As of', now.toISOString()] as const]
  return tableFile({ kind, title: 'Refunds', heads: HEAD, about, asOf: now }, pages())

  async function* pages(): AsyncGenerator<ExportCell[][], void, void> {
    let cursor: string | null = null
    for (let written = 0; written < EXPORT_MAX; written += PAGE) {
      const page = await deps.store.refunds.list(actor.accountId, { ...filter, cursor, limit: PAGE }, now)
      yield page.rows.map((facts) => cells(facts, stops, now))
      if (page.nextCursor === null) return
      cursor = page.nextCursor
    }
  }
}

function cells(facts: RefundFacts, stops: readonly StopScope[], now: Date): ExportCell[] {
  const row = refundRow(facts, stops, now)
  const end = facts.settledAt ?? now
  return [
    time(row.requestedAt),
    row.uniqueRequestId ?? row.id,
    row.orderRef,
    { decimal: toDecimal({ minor: row.amountMinor, currency: row.currency }) },
    row.currency,
    row.status,
    row.where,
    row.reason,
    row.requestedBy?.name ?? null,
    row.decidedBy?.name ?? null,
    row.origin,
    row.gateway,
    row.txnRef,
    row.arn,
    row.ref ?? row.proof,
    time(row.sentAt),
    time(row.settledAt),
    { decimal: String(Math.max(0, Math.floor((end.getTime() - row.requestedAt.getTime()) / DAY_MS))) },
  ]
}

function time(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
