import { z } from 'zod'
import { BULK_OUTCOMES, OPEN_OUTCOMES, OUTSTANDING_OUTCOMES, type BulkOutcome } from '../domain/bulk-batch.ts'
import { VERDICTS, type CheckedRow } from '../domain/bulk-check.ts'
import { FINDING_CODES, type BulkValues } from '../domain/bulk-row.ts'
import { REFUND_STATUSES } from '../domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../domain/refund-request.ts'
import { selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

const column = z.number().nullable()
/** Which column says what, as kept. Mappings of before know no attempts. */
export const keptMapping = z.object({
  orderRef: column,
  amount: column,
  currency: column,
  reason: column,
  note: column,
  yourRef: column,
  txnRef: column.default(null),
})
const fields = z.object({
  orderRef: z.string(),
  amount: z.string(),
  currency: z.string(),
  reason: z.string(),
  note: z.string(),
  yourRef: z.string(),
  /** Rows of before say none. */
  txnRef: z.string().default(''),
})
const finding = z.object({
  level: z.enum(['error', 'warning']),
  code: z.enum(FINDING_CODES),
  text: z.string(),
})

const rowShape = z.object({
  n: z.number(),
  cells: z.array(z.string()),
  fields,
  edited: z.boolean(),
  dropped: z.boolean(),
  accepted: z.boolean(),
  verdict: z.enum(VERDICTS),
  findings: z.array(finding),
  orderId: z.string().nullable(),
  amountMinor: z.bigint().nullable(),
  suggestedMinor: z.bigint().nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  refundRequestId: z.string().nullable(),
  outcome: z.enum(BULK_OUTCOMES).nullable(),
  remark: z.string().nullable(),
})

/** One row of a batch as stored. */
export type BulkRowRecord = z.infer<typeof rowShape>

export const ROW_VIEWS = [
  'all',
  'ready',
  'errors',
  'warnings',
  'dropped',
  'failed',
  'review',
  'unknown',
  'waiting',
] as const
export type RowView = (typeof ROW_VIEWS)[number]

const VIEWS: Readonly<Record<RowView, string>> = {
  all: 'true',
  ready: `not dropped and (verdict = 'ok' or (verdict = 'warning' and accepted))`,
  errors: `not dropped and verdict = 'error'`,
  warnings: `not dropped and verdict = 'warning'`,
  dropped: 'dropped',
  failed: `outcome in ('failed', 'refused', 'not_sent')`,
  review: `outcome in ('review', 'returned')`,
  unknown: `outcome = 'unknown'`,
  waiting: `outcome in ('reserved', 'released')`,
}

const LIST = selectList(Object.keys(rowShape.shape))
const listed = (outcomes: readonly BulkOutcome[]): string => outcomes.map((one) => `'${one}'`).join(', ')

/** Rows that may be sent for approval. */
export const GOES = `not dropped and (verdict = 'ok' or (verdict = 'warning' and accepted))`

const seenRow = z.object({
  n: z.number(),
  before: z.enum(BULK_OUTCOMES),
  request: z.enum(REFUND_REQUEST_STATUSES),
  attempt: z.enum(REFUND_STATUSES).nullable(),
  seen: z.string(),
  message: z.string().nullable(),
})

/** A row on its way whose request or attempt has another status than when it was last looked at. */
export type MovedRow = z.infer<typeof seenRow>

const newRows = z.array(z.object({ n: z.number(), cells: z.array(z.string()), fields }))
export type NewBulkRow = z.infer<typeof newRows>[number]

/** The rows of batches. Whoever changes rows holds the batch's lock (`bulkBatches.lock`) and counts afterwards. */
export function bulkRowStore(sql: Sql) {
  return {
    /** Stores the rows of a new batch, not checked. */
    async insertRows(batchId: string, rows: readonly NewBulkRow[]): Promise<void> {
      await sql.run(
        `insert into bulk_row (batch_id, n, cells, fields, order_key)
         select $1, n, cells, fields, lower(left(fields->>'orderRef', 200))
         from json_to_recordset($2::json) as told (n int, cells jsonb, fields jsonb)`,
        [batchId, JSON.stringify(rows)],
      )
    },

    /** Reads all rows anew with another mapping: corrections and verdicts are gone. */
    async replaceFields(batchId: string, rows: readonly { n: number; fields: BulkValues }[]): Promise<void> {
      await sql.run(
        `update bulk_row as row set fields = told.fields, order_key = lower(left(told.fields->>'orderRef', 200)),
           edited = false, dropped = false, accepted = false, verdict = 'unchecked', findings = '[]', order_id = null,
           amount_minor = null, suggested_minor = null, reason = null, note = null
         from json_to_recordset($2::json) as told (n int, fields jsonb)
         where row.batch_id = $1 and row.n = told.n`,
        [batchId, JSON.stringify(rows)],
      )
    },

    row: (batchId: string, n: number): Promise<BulkRowRecord | null> =>
      sql.first(rowShape, `select ${LIST} from bulk_row where batch_id = $1 and n = $2`, [batchId, n]),

    /** One page in the file's order. */
    async rows(
      batchId: string,
      filter: { view: RowView },
      page: { cursor: string | null; limit: number },
    ): Promise<Page<BulkRowRecord>> {
      const after = readCursor(page.cursor, z.tuple([z.string().regex(/^\d{1,9}$/)]))
      const rows = await sql.rows(
        rowShape,
        `select ${LIST} from bulk_row where batch_id = $1 and n > $2 and ${VIEWS[filter.view]} order by n limit $3`,
        [batchId, Number(after?.[0] ?? 0), page.limit + 1],
      )
      return toPage(rows, page.limit, (row) => cursorText([String(row.n)]))
    },

    /** The next rows that were not checked. */
    unchecked: (batchId: string, limit: number): Promise<BulkRowRecord[]> =>
      sql.rows(
        rowShape,
        `select ${LIST} from bulk_row where batch_id = $1 and verdict = 'unchecked' and not dropped order by n limit $2`,
        [batchId, limit],
      ),

    /** Changes what one row says; it and all rows about the same orders have to be checked again. Answers how many. */
    async edit(batchId: string, n: number, values: BulkValues): Promise<number> {
      const sameOrder = (key: string) =>
        sql.run(
          `update bulk_row set verdict = 'unchecked', accepted = false where batch_id = $1 and order_key = ${key}`,
          [batchId, n],
        )
      const of = '(select order_key from bulk_row where batch_id = $1 and n = $2)'
      await sameOrder(of)
      await sql.run(
        `update bulk_row set fields = $3, order_key = lower(left($3::jsonb->>'orderRef', 200)), edited = true
         where batch_id = $1 and n = $2`,
        [batchId, n, JSON.stringify(values)],
      )
      return sameOrder(of)
    },

    /** Leaves a row out, or takes it back; the other rows about its order have to be checked again. */
    drop: (batchId: string, n: number, dropped: boolean): Promise<number> =>
      sql.run(
        `update bulk_row set dropped = case when n = $2 then $3 else dropped end, verdict = 'unchecked', accepted = false
         where batch_id = $1 and order_key = (select order_key from bulk_row where batch_id = $1 and n = $2)`,
        [batchId, n, dropped],
      ),

    /** Leaves out every row with an error. */
    dropErrors: (batchId: string): Promise<number> =>
      sql.run(
        `update bulk_row set dropped = true where batch_id = $1 and verdict = 'error' and not dropped`,
        [batchId],
      ),

    /** Ticks the warnings of a row (null: of all rows), or takes the tick back. */
    accept: (batchId: string, n: number | null, accepted: boolean): Promise<number> =>
      sql.run(
        `update bulk_row set accepted = $3
         where batch_id = $1 and ($2::int is null or n = $2) and verdict = 'warning' and not dropped`,
        [batchId, n, accepted],
      ),

    /** Writes verdicts. */
    async recordChecks(
      batchId: string,
      results: readonly (CheckedRow & {
        n: number
        orderId: string | null
        reason: string | null
        note: string | null
      })[],
    ): Promise<void> {
      const told = results.map(({ amountMinor, suggestedMinor, ...rest }) => ({
        ...rest,
        amountMinor: amountMinor?.toString() ?? null,
        suggestedMinor: suggestedMinor?.toString() ?? null,
      }))
      await sql.run(
        `update bulk_row as row set verdict = told.verdict, findings = told.findings, order_id = told."orderId",
           amount_minor = told."amountMinor", suggested_minor = told."suggestedMinor", reason = told.reason,
           note = told.note
         from json_to_recordset($2::json) as told (n int, verdict text, findings jsonb, "orderId" uuid,
           "amountMinor" bigint, "suggestedMinor" bigint, reason text, note text)
         where row.batch_id = $1 and row.n = told.n`,
        [batchId, JSON.stringify(told)],
      )
    },

    /** The next rows to set aside. */
    toReserve: (batchId: string, limit: number): Promise<BulkRowRecord[]> =>
      sql.rows(
        rowShape,
        `select ${LIST} from bulk_row where batch_id = $1 and ${GOES} and outcome is null order by n limit $2`,
        [batchId, limit],
      ),

    /**
     * The next rows that are set aside and not released.
     * @param held gateways through which nothing may go now; where an order's money goes back through is then known
     */
    toRelease: (batchId: string, limit: number, held: readonly string[] = []): Promise<BulkRowRecord[]> =>
      sql.rows(
        rowShape,
        `select ${LIST} from bulk_row where batch_id = $1 and outcome = 'reserved'
           and ($3::text[] = '{}' or exists (select from orders o where o.id = order_id and o.gateway <> all($3)))
         order by n limit $2`,
        [batchId, limit, [...held]],
      ),

    /** How many released rows Juspay has not said that it has. */
    async countOutstanding(batchId: string): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from bulk_row where batch_id = $1 and outcome in (${listed(OUTSTANDING_OUTCOMES)})`,
        [batchId],
      )
      return Number(row?.count ?? 0n)
    },

    /** Whether anything of the batch is still on its way. */
    async isOpen(batchId: string): Promise<boolean> {
      const row = await sql.first(
        z.object({ open: z.boolean() }),
        `select exists (select from bulk_row where batch_id = $1 and outcome in (${listed(OPEN_OUTCOMES)})) as open`,
        [batchId],
      )
      return row?.open ?? false
    },

    /** Rows on their way of which there is something new to tell. */
    moved: (batchId: string): Promise<MovedRow[]> =>
      sql.rows(
        seenRow,
        `select row.n, row.outcome as before, q.status as request, f.status as attempt,
           q.status || ' ' || coalesce(f.status, '') as seen,
           coalesce(case when f.status in ('failed', 'rejected', 'manual_review') then f.error_message end,
             case when q.status <> 'approved' then q.decision_note end) as message
         from bulk_row row join refund_request q on q.id = row.refund_request_id
         left join lateral (select status, error_message from refund where refund_request_id = q.id
           order by attempt_no desc limit 1) f on true
         where row.batch_id = $1 and row.outcome in (${listed(OPEN_OUTCOMES)})
           and row.seen is distinct from q.status || ' ' || coalesce(f.status, '')
         order by row.n`,
        [batchId],
      ),

    /** Writes what became of rows. */
    async recordOutcomes(
      batchId: string,
      told: readonly { n: number; outcome: BulkOutcome; seen: string; remark: string | null }[],
    ): Promise<void> {
      await sql.run(
        `update bulk_row as row set outcome = told.outcome, seen = told.seen, remark = told.remark
         from json_to_recordset($2::json) as told (n int, outcome text, seen text, remark text)
         where row.batch_id = $1 and row.n = told.n`,
        [batchId, JSON.stringify(told)],
      )
    },
  }
}
