/**
 * Makes a file of orders: reads them through a cursor in one REPEATABLE READ snapshot and keeps the file piece by piece,
 * so that neither the rows nor the file are ever whole in memory. How many rows there are and their SHA-256 are known at
 * the end; a CSV file still says them first, because its head is written when the file is fetched, and a workbook says
 * them in its second sheet. The hash is over the UTF-8 text of the rows as CSV lines (each with CR LF, without the column
 * names), so that the CSV and the XLSX of the same rows have the same one: `tail -n +13 file.csv | sha256sum` for a list.
 */
import { createHash, type Hash } from 'node:crypto'
import {
  EXPORT_ROWS_MAX,
  exportFacts,
  exportFields,
  XLSX_ROWS_MAX,
  type ExportField,
  type ExportRow,
} from '../../domain/order-export.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ExportClaim } from '../../store/exports.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { csvRows } from './csv-file.ts'
import { exportedOrders } from './export-scope.ts'
import { rowXml, xlsxFile } from './xlsx-file.ts'

type WriteDeps = Pick<Deps, 'store' | 'clock' | 'ids'>

/** Size of a stored piece. */
const PIECE_BYTES = 256 * 1024
/** Longer than any page takes; each piece renews it. */
export const EXPORT_LEASE_MS = 60_000

/** Somebody else makes the file, or it was taken away. */
class LostError extends Error {}

/** What is counted while rows go by. */
type Tally = { rows: number; hash: Hash; asOf: Date }

/**
 * Makes the claimed file. Its end is written down whatever it is; what it was refused for is its note.
 * @throws what broke, after writing that down; the next worker does not try again
 */
export async function writeExport(deps: WriteDeps, claim: ExportClaim, signal?: AbortSignal): Promise<void> {
  await deps.store.exports.clear(claim)
  await deps.store.exports.begin(claim)
  const tally: Tally = { rows: 0, hash: createHash('sha256'), asOf: deps.clock.now() }
  try {
    await deps.store.snapshot(async (tx) => {
      await keepPieces(deps, claim, bytesOf(tx, claim, tally, signal), tally)
    })
  } catch (error) {
    // A server that is stopped leaves the file to the next one.
    if (error instanceof LostError || signal?.aborted === true) return
    await end(
      deps,
      claim,
      tally,
      error instanceof Refusal ? error.message : 'Something went wrong. It is logged.',
    )
    throw error
  }
  await end(deps, claim, tally, null)
}

function bytesOf(
  tx: StoreTx,
  claim: ExportClaim,
  tally: Tally,
  signal: AbortSignal | undefined,
): AsyncIterable<Buffer> {
  const { request } = claim
  const fields = exportFields(request)
  const pages = countedPages(tx, claim, tally, signal)
  if (request.format === 'csv') return csvBytes(pages, fields, claim, tally)
  return xlsxFile(
    { title: 'Transactions', ...headsOf(fields, request.zone) },
    sheetRows(pages, fields, claim, tally),
    () =>
      exportFacts(request, { asOf: tally.asOf, rows: tally.rows, sha256: tally.hash.copy().digest('hex') }),
    tally.asOf,
  )
}

/** A spreadsheet has no zone beside an instant, so the name of its column says it. */
function headsOf(fields: readonly ExportField[], zone: string): { heads: string[]; times: Set<number> } {
  return {
    heads: fields.map(({ head, time }) => (time ? `${head} (${zone})` : head)),
    times: new Set(fields.flatMap(({ time }, index) => (time ? [index] : []))),
  }
}

/** @throws Refusal limit_exceeded when the file would be longer than one may be */
async function* countedPages(
  tx: StoreTx,
  claim: ExportClaim,
  tally: Tally,
  signal: AbortSignal | undefined,
): AsyncGenerator<ExportRow[], void, void> {
  const { request, merchantAccountId } = claim
  const most = request.format === 'xlsx' ? XLSX_ROWS_MAX : EXPORT_ROWS_MAX
  const account = await tx.accounts.byId(merchantAccountId)
  const which = exportedOrders(request, {
    currency: account?.currency ?? 'INR',
    userId: claim.userId,
    masked: !request.names,
    now: claim.createdAt,
  })
  const shown = new Set(request.columns)
  const parts = {
    udf: request.columns.some((id) => id.startsWith('udf')),
    source: shown.has('source'),
    discrepancy: shown.has('discrepancy'),
    tags: shown.has('tags'),
  }
  const pages = tx.orders.exportPages(merchantAccountId, which, { sort: request.sort, parts })
  for await (const page of pages) {
    signal?.throwIfAborted()
    tally.rows += page.length
    if (tally.rows > most)
      throw new Refusal(
        'limit_exceeded',
        `More than ${most.toLocaleString('en-IN')} orders match. Narrow the filter.`,
      )
    yield page
  }
}

async function* csvBytes(
  pages: AsyncIterable<ExportRow[]>,
  fields: readonly ExportField[],
  { request: { zone } }: ExportClaim,
  { hash }: Tally,
): AsyncGenerator<Buffer, void, void> {
  for await (const rows of pages) yield Buffer.from(csvRows({ rows, fields, zone }, hash))
}

async function* sheetRows(
  pages: AsyncIterable<ExportRow[]>,
  fields: readonly ExportField[],
  { request: { zone } }: ExportClaim,
  { hash }: Tally,
): AsyncGenerator<string, void, void> {
  for await (const rows of pages) {
    csvRows({ rows, fields, zone }, hash)
    yield rows.map((row) => rowXml(fields.map(({ cell }) => cell(row, zone)))).join('')
  }
}

/** Stores the bytes as pieces of {@link PIECE_BYTES}; each says how many rows went by. */
async function keepPieces(
  deps: WriteDeps,
  claim: ExportClaim,
  bytes: AsyncIterable<Buffer>,
  tally: Tally,
): Promise<void> {
  let waiting: Buffer[] = []
  let size = 0
  let seq = 0
  async function keep(): Promise<void> {
    const leaseUntil = new Date(deps.clock.now().getTime() + EXPORT_LEASE_MS)
    const piece = { seq, bytes: Buffer.concat(waiting), written: tally.rows, leaseUntil }
    // Not in the snapshot: progress is seen while the file grows.
    if (!(await deps.store.exports.addPiece(claim, piece))) throw new LostError('the file is somebody else’s')
    seq += 1
    waiting = []
    size = 0
  }
  for await (const part of bytes) {
    waiting.push(part)
    size += part.length
    if (size >= PIECE_BYTES) await keep()
  }
  if (size > 0) await keep()
}

/** Writes down how it ended, with the rows, their hash and, when it failed, why. */
async function end(deps: WriteDeps, claim: ExportClaim, tally: Tally, note: string | null): Promise<void> {
  const sha256 = note === null ? tally.hash.digest('hex') : null
  const at = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    const ended = await tx.exports.finish(claim, {
      status: note === null ? 'ready' : 'failed',
      written: tally.rows,
      asOf: tally.asOf,
      sha256,
      note,
      at,
    })
    if (!ended) return
    await tx.audit.append({
      actor: {
        kind: 'system',
        name: 'export',
        accountId: claim.merchantAccountId,
        requestId: deps.ids.uuid(),
      },
      action: note === null ? 'order.export.ready' : 'order.export.failed',
      subjectKind: 'order_export',
      subjectId: claim.id,
      outcome: 'done',
      reason: note,
      after: { rows: tally.rows, sha256, fileName: claim.fileName },
    })
  })
}
