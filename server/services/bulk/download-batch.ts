/** Files about batches, read page by page so that no file is ever whole in memory. */
import type { StaffActor } from '../../domain/actor.ts'
import { batchName } from '../../domain/batch-words.ts'
import type { BulkOutcome } from '../../domain/bulk-batch.ts'
import { TEMPLATE_HEADERS } from '../../domain/bulk-columns.ts'
import { csvLine } from '../../domain/csv.ts'
import { toDecimal } from '../../domain/money.ts'
import type { ExportCell } from '../../domain/order-export.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkResultRow } from '../../store/bulk-reads.ts'
import type { Deps } from '../deps.ts'
import { BOM } from '../exports/csv-file.ts'
import { tableFile, type TableKind } from '../exports/table-file.ts'
import { demandBatch } from './bulk-facts.ts'

const PAGE = 1_000
/** Behind the author's own columns; named so that they cannot be taken for one of them. */
const HEAD = [
  'paydesk_row',
  'paydesk_order',
  'paydesk_amount',
  'paydesk_currency',
  'paydesk_status',
  'paydesk_refund_id',
  'paydesk_request_id',
  'paydesk_bank_reference',
  'paydesk_message',
] as const

const STATUS: Readonly<Record<BulkOutcome, string>> = {
  refused: 'not set aside',
  reserved: 'waiting',
  released: 'sending',
  unknown: 'unknown',
  pending: 'pending',
  review: 'needs review',
  returned: 'waiting for a new decision',
  succeeded: 'succeeded',
  failed: 'failed',
  not_sent: 'not sent',
}

/** An empty file with the headers that are recognised. */
export function templateFile(): string {
  return (
    BOM + csvLine(TEMPLATE_HEADERS) + csvLine(['ORD-1001', '1250.00', 'INR', 'Item returned', '', 'TICKET-1'])
  )
}

/**
 * Every row with the author's own columns and what became of it (before it was sent for approval: what is wrong with
 * it). No cell is a formula.
 * @throws Refusal not_found
 */
export async function downloadBatch(
  deps: Pick<Deps, 'store' | 'clock'>,
  actor: StaffActor,
  input: { batchId: string; kind: TableKind },
): Promise<{ name: string; content: AsyncIterable<string | Buffer> }> {
  const batch = await demandBatch(deps.store, actor.accountId, input.batchId)
  await deps.store.audit.append({
    actor,
    action: 'bulk_batch.download',
    subjectKind: 'bulk_batch',
    subjectId: batch.id,
    outcome: 'done',
    after: { rows: batch.total, kind: input.kind },
  })
  const name = `${batchName(batch.no).toLowerCase().replace(' ', '_')}.${input.kind}`
  const heads = [...batch.headers, ...HEAD]
  const asOf = deps.clock.now()
  const about = () => [['Batch', batchName(batch.no)] as const, ['As of', asOf.toISOString()] as const]
  const table = { kind: input.kind, title: 'Refunds', heads, about, asOf }
  return { name, content: tableFile(table, pagesOf(deps, batch)) }
}

/** The rows as cells, a page at a time. */
async function* pagesOf(
  { store }: Pick<Deps, 'store'>,
  batch: BulkBatchRecord,
): AsyncGenerator<ExportCell[][], void, void> {
  let last = 0
  for (;;) {
    const rows = await store.bulk.results(batch.id, last, PAGE)
    yield rows.map((row) => cellsOf(batch, row))
    last = rows.at(-1)?.n ?? last
    if (rows.length < PAGE) return
  }
}

function cellsOf(batch: BulkBatchRecord, row: BulkResultRow): ExportCell[] {
  const { amountMinor } = row
  return [
    ...batch.headers.map((_header, index) => row.cells[index] ?? ''),
    { decimal: String(row.n) },
    row.orderRef,
    amountMinor === null ? null : { decimal: toDecimal({ minor: amountMinor, currency: batch.currency }) },
    batch.currency,
    statusOf(row),
    row.uniqueRequestId,
    row.requestId,
    row.arn ?? row.ref,
    row.remark ?? row.findings.map(({ text }) => text).join(' '),
  ]
}

function statusOf({ dropped, verdict, outcome }: BulkResultRow): string {
  const known = Object.entries(STATUS).find(([name]) => name === outcome)?.[1]
  if (known !== undefined) return known
  if (dropped) return 'dropped'
  return verdict === 'error' ? 'must be fixed' : verdict === 'warning' ? 'look at it' : verdict
}
