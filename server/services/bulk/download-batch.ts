/** Files about batches, read page by page so that no file is ever whole in memory. */
import type { StaffActor } from '../../domain/actor.ts'
import { batchName, type BulkOutcome } from '../../domain/bulk-batch.ts'
import { TEMPLATE_HEADERS } from '../../domain/bulk-columns.ts'
import { csvLine } from '../../domain/csv.ts'
import { toDecimal } from '../../domain/money.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkResultRow } from '../../store/bulk-reads.ts'
import type { Deps } from '../deps.ts'
import { demandBatch } from './bulk-facts.ts'

const PAGE = 1_000
/** UTF-8, so that spreadsheets read it as such. */
const BOM = '\uFEFF'
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
 * it), as CSV in which no cell is a formula.
 * @throws Refusal not_found
 */
export async function downloadBatch(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  input: { batchId: string },
): Promise<{ name: string; lines: AsyncGenerator<string, void, void> }> {
  const batch = await demandBatch(deps.store, actor.accountId, input.batchId)
  await deps.store.audit.append({
    actor,
    action: 'bulk_batch.download',
    subjectKind: 'bulk_batch',
    subjectId: batch.id,
    outcome: 'done',
    after: { rows: batch.total },
  })
  return { name: `${batchName(batch.no).toLowerCase().replace(' ', '_')}.csv`, lines: lines() }

  async function* lines(): AsyncGenerator<string, void, void> {
    yield BOM + csvLine([...batch.headers, ...HEAD])
    let last = 0
    for (;;) {
      const rows = await deps.store.bulk.results(batch.id, last, PAGE)
      yield rows.map((row) => lineOf(batch, row)).join('')
      last = rows.at(-1)?.n ?? last
      if (rows.length < PAGE) return
    }
  }
}

function lineOf(batch: BulkBatchRecord, row: BulkResultRow): string {
  const { amountMinor } = row
  return csvLine([
    ...batch.headers.map((_header, index) => row.cells[index] ?? ''),
    row.n,
    row.orderRef,
    amountMinor === null ? null : toDecimal({ minor: amountMinor, currency: batch.currency }),
    batch.currency,
    statusOf(row),
    row.uniqueRequestId,
    row.requestId,
    row.arn ?? row.ref,
    row.remark ?? row.findings.map(({ text }) => text).join(' '),
  ])
}

function statusOf({ dropped, verdict, outcome }: BulkResultRow): string {
  const known = Object.entries(STATUS).find(([name]) => name === outcome)?.[1]
  if (known !== undefined) return known
  if (dropped) return 'dropped'
  return verdict === 'error' ? 'must be fixed' : verdict === 'warning' ? 'look at it' : verdict
}
