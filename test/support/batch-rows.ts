import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { BulkStatus } from '../../server/domain/bulk-batch.ts'
import { matchHeaders } from '../../server/domain/bulk-columns.ts'

const HEADERS = ['order_id', 'amount']

/** Batch number `no` of three rows as its worker leaves it in that state, straight into the table: made the later the higher its number. */
export async function insertBatch(
  pool: pg.Pool,
  batch: { accountId: string; no: number; status: BulkStatus; createdBy: string; decidedBy: string },
): Promise<string> {
  const id = randomUUID()
  await pool.query(
    `insert into bulk_batch (id, merchant_account_id, no, request_key, status, source, name, headers, mapping, currency,
       created_by, created_at, changed_at, run_at, next_at, total, ok_rows, succeeded_rows, submitted_by, decided_by,
       decided_at, hold_until, approval_hash)
     values ($1::uuid, $2, $3, $1::uuid::text, $4, 'file', 'returns.csv', $5, $6, 'INR', $7, $8, now(), now(), now(), 3,
       3, 1, $7, $9, now(), now(), '\\x00')`,
    [
      id,
      batch.accountId,
      batch.no,
      batch.status,
      JSON.stringify(HEADERS),
      JSON.stringify(matchHeaders(HEADERS)),
      batch.createdBy,
      new Date(batch.no),
      batch.decidedBy,
    ],
  )
  return id
}
