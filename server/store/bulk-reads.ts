import { z } from 'zod'
import { LOCKING_STATUSES, type BatchLock } from '../domain/batch-lock.ts'
import { BULK_STATUSES, type BulkStatus } from '../domain/bulk-batch.ts'
import type { BulkMapping } from '../domain/bulk-columns.ts'
import { PAYMENT_STATUSES } from '../domain/payment-status.ts'
import { REFUND_STATUSES } from '../domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../domain/refund-request.ts'
import { GOES, keptMapping } from './bulk-rows.ts'
import type { Sql } from './sql.ts'

const factsRow = z.object({
  n: z.number(),
  orderId: z.string(),
  currency: z.string(),
  chargedMinor: z.bigint(),
  reservedMinor: z.bigint(),
  refundedMinor: z.bigint(),
  externalRefundedMinor: z.bigint(),
  excessMinor: z.bigint(),
  disputedMinor: z.bigint(),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  disputed: z.boolean(),
  chargedAt: z.date().nullable(),
  unconfirmedSince: z.date().nullable(),
  lastCheckedAt: z.date().nullable(),
  /** Attempts that took money. */
  charges: z.number(),
  waitingMinor: z.bigint(),
  /** Requests that are asked for, on their way or made. */
  livingRequests: z.number(),
  askedRecently: z.boolean(),
  inDoubt: z.boolean(),
  failedAt: z.date().nullable(),
})

/** An order that a row is about, with everything that a check looks at. */
export type BulkOrderFacts = z.infer<typeof factsRow>

const earlierRow = z.object({
  n: z.number(),
  orderKey: z.string(),
  amountMinor: z.bigint(),
  all: z.boolean(),
  txnRef: z.string(),
})

const groupRow = z.object({ name: z.string().nullable(), rows: z.bigint(), amountMinor: z.bigint() })

/** Rows that go and what they add up to, under one name. */
export type BulkGroup = { name: string | null; rows: number; amountMinor: bigint }

const totalsRow = z.object({
  rows: z.bigint(),
  amountMinor: z.bigint(),
  customers: z.bigint(),
  largestMinor: z.bigint(),
  allLeft: z.bigint(),
})

const sampleRow = z.object({
  n: z.number(),
  orderRef: z.string(),
  orderId: z.string(),
  amountMinor: z.bigint(),
  paidMinor: z.bigint(),
  gateway: z.string().nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  warnings: z.number(),
})

/** One row as the approver is shown it. */
export type BulkSampleRow = z.infer<typeof sampleRow>

const resultRow = z.object({
  n: z.number(),
  cells: z.array(z.string()),
  dropped: z.boolean(),
  verdict: z.string(),
  findings: z.array(z.object({ text: z.string() })),
  orderRef: z.string(),
  amountMinor: z.bigint().nullable(),
  outcome: z.string().nullable(),
  remark: z.string().nullable(),
  requestId: z.string().nullable(),
  refundId: z.string().nullable(),
  uniqueRequestId: z.string().nullable(),
  ref: z.string().nullable(),
  arn: z.string().nullable(),
  requestStatus: z.enum(REFUND_REQUEST_STATUSES).nullable(),
  refundStatus: z.enum(REFUND_STATUSES).nullable(),
})

/** One row with what became of it, for the result file. */
export type BulkResultRow = z.infer<typeof resultRow>

const agreedRow = z.object({
  n: z.number(),
  orderId: z.string(),
  amountMinor: z.bigint(),
  currency: z.string(),
  approvalHash: z.string(),
})

const reasonRow = z.object({
  reason: z.string().nullable(),
  noNote: z.boolean(),
  shortest: z.number().nullable(),
})

const sameFileRow = z.object({ id: z.string(), no: z.number(), status: z.enum(BULK_STATUSES), at: z.date() })

/** Another batch that was made of the same file. */
export type SameFile = z.infer<typeof sameFileRow>

const lockRow = z.object({
  orderId: z.string(),
  batchId: z.string(),
  batchNo: z.number(),
  status: z.enum(BULK_STATUSES),
  by: z.string(),
  amountMinor: z.bigint(),
  currency: z.string(),
} satisfies Record<keyof BatchLock | 'orderId', z.ZodType>)

/** What a batch holds of an order. */
export type OrderLock = z.infer<typeof lockRow>

/** Groups shown; a file of ten thousand gateways is not one. */
const GROUPS_MAX = 40

const BY: Readonly<Record<'gateway' | 'reason' | 'day', string>> = {
  gateway: 'o.gateway',
  reason: 'coalesce(row.reason, b.reason)',
  day: `to_char(o.charged_at at time zone 'Asia/Kolkata', 'YYYY-MM-DD')`,
}

/** Reads about batches that need more than their own tables. */
export function bulkReads(sql: Sql) {
  return {
    /**
     * The orders of some rows as they are now.
     * @param askedSince how far back a refund asked for counts as a moment ago
     */
    orderFacts: (
      accountId: string,
      batchId: string,
      ns: readonly number[],
      askedSince: Date,
    ): Promise<BulkOrderFacts[]> =>
      sql.rows(
        factsRow,
        `select row.n, o.id as "orderId", o.currency, o.charged_minor as "chargedMinor",
           o.reserved_minor as "reservedMinor", o.refunded_minor as "refundedMinor",
           o.external_refunded_minor as "externalRefundedMinor", o.excess_minor as "excessMinor", o.disputed_minor as "disputedMinor",
           o.payment_status as "paymentStatus", o.disputed, o.charged_at as "chargedAt",
           o.unconfirmed_since as "unconfirmedSince", o.last_checked_at as "lastCheckedAt",
           (select count(*)::int from transaction t where t.merchant_account_id = $1 and t.order_id = o.id
             and t.payment_status = 'charged') as charges,
           (select coalesce(sum(q.amount_minor), 0)::bigint from refund_request q
             where q.merchant_account_id = $1 and q.order_id = o.id and q.status = 'pending_approval') as "waitingMinor",
           (select count(*)::int from refund_request q
             where q.merchant_account_id = $1 and q.order_id = o.id and q.status in ('pending_approval', 'approved')) as "livingRequests",
           exists (select from refund_request q
             where q.merchant_account_id = $1 and q.order_id = o.id and q.requested_at > $4) as "askedRecently",
           exists (select from refund f
             where f.merchant_account_id = $1 and f.order_id = o.id and f.status = 'unknown') as "inDoubt",
           (select max(f.settled_at) from refund f
             where f.merchant_account_id = $1 and f.order_id = o.id and f.origin = 'paydesk' and f.status = 'failed') as "failedAt"
         from bulk_row row join orders o on o.merchant_account_id = $1 and o.order_ref_key = row.order_key
         where row.batch_id = $2 and row.n = any($3::int[])`,
        [accountId, batchId, [...ns], askedSince],
      ),

    /** Checked rows about these orders that may go, with what they take, in the file's order. */
    earlierRows: (batchId: string, orderKeys: readonly string[]): Promise<z.infer<typeof earlierRow>[]> =>
      sql.rows(
        earlierRow,
        `select n, order_key as "orderKey", coalesce(amount_minor, 0) as "amountMinor", fields->>'amount' = '' as "all",
           coalesce(fields->>'txnRef', '') as "txnRef"
         from bulk_row where batch_id = $1 and order_key = any($2::text[]) and not dropped
           and verdict in ('ok', 'warning') order by n`,
        [batchId, [...orderKeys]],
      ),

    /** Order keys of rows, folded by the database. */
    async orderKeys(batchId: string, ns: readonly number[]): Promise<Map<number, string>> {
      const rows = await sql.rows(
        z.object({ n: z.number(), key: z.string() }),
        'select n, order_key as key from bulk_row where batch_id = $1 and n = any($2::int[])',
        [batchId, [...ns]],
      )
      return new Map(rows.map(({ n, key }) => [n, key]))
    },

    /** The newest other batch made of the same file that was sent for approval. */
    sameFile: (accountId: string, fileHash: Buffer, butId: string): Promise<SameFile | null> =>
      sql.first(
        sameFileRow,
        `select id, no, status, submitted_at as at from bulk_batch
         where merchant_account_id = $1 and file_hash = $2 and id <> $3 and submitted_at is not null
         order by created_at desc limit 1`,
        [accountId, fileHash, butId],
      ),

    /** The reasons that rows name (null: none of their own), whether notes are missing and how short the shortest is. */
    reasons: (batchId: string): Promise<z.infer<typeof reasonRow>[]> =>
      sql.rows(
        reasonRow,
        `select reason, bool_or(note is null) as "noNote", min(length(note)) as "shortest" from bulk_row
         where batch_id = $1 and ${GOES} group by reason`,
        [batchId],
      ),

    /**
     * What batches hold of these orders, the oldest batch first: requests that are decided with their batch, and of which
     * nothing was sent yet.
     */
    locksOn: (accountId: string, orderIds: readonly string[]): Promise<OrderLock[]> =>
      sql.rows(
        lockRow,
        `select q.order_id as "orderId", b.id as "batchId", b.no as "batchNo", b.status, s.name as by,
           sum(q.amount_minor)::bigint as "amountMinor", q.currency
         from refund_request q join bulk_batch b on b.id = q.batch_id
           join staff_user s on s.id = coalesce(b.submitted_by, b.created_by)
         where q.merchant_account_id = $1 and q.order_id = any($2::uuid[]) and q.status = 'pending_approval'
           and b.status = any($3::text[])
           and not exists (select from refund r where r.refund_request_id = q.id)
         group by q.order_id, b.id, s.name, q.currency order by b.no`,
        [accountId, [...orderIds], [...LOCKING_STATUSES]],
      ),

    /** How many batches are in one of `statuses`. */
    async countIn(accountId: string, statuses: readonly BulkStatus[]): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        'select count(*) as count from bulk_batch where merchant_account_id = $1 and status = any($2::text[])',
        [accountId, [...statuses]],
      )
      return Number(row?.count ?? 0n)
    },

    /** How many batches wait for a decision that this person may make. */
    async waitingFor(accountId: string, userId: string): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from bulk_batch where merchant_account_id = $1 and status = 'waiting_approval'
           and created_by <> $2 and submitted_by <> $2`,
        [accountId, userId],
      )
      return Number(row?.count ?? 0n)
    },

    /** What the rows that go add up to. */
    async totals(batchId: string): Promise<{
      rows: number
      amountMinor: bigint
      customers: number
      largestMinor: bigint
      allLeft: number
    }> {
      const row = await sql.first(
        totalsRow,
        `select count(*) as rows, coalesce(sum(row.amount_minor), 0)::bigint as "amountMinor",
           count(distinct coalesce(o.customer_ref, o.customer_email, o.order_ref_key)) as customers,
           coalesce(max(row.amount_minor), 0) as "largestMinor",
           count(*) filter (where row.fields->>'amount' = '') as "allLeft"
         from bulk_row row join orders o on o.id = row.order_id
         where row.batch_id = $1 and ${GOES} and row.outcome is distinct from 'refused'`,
        [batchId],
      )
      return {
        rows: Number(row?.rows ?? 0n),
        amountMinor: row?.amountMinor ?? 0n,
        customers: Number(row?.customers ?? 0n),
        largestMinor: row?.largestMinor ?? 0n,
        allLeft: Number(row?.allLeft ?? 0n),
      }
    },

    /** The same by gateway, by reason, or by the day the orders were paid (IST); the largest groups. */
    async groups(batchId: string, by: 'gateway' | 'reason' | 'day'): Promise<BulkGroup[]> {
      const rows = await sql.rows(
        groupRow,
        `select ${BY[by]} as name, count(*) as rows, sum(row.amount_minor)::bigint as "amountMinor"
         from bulk_row row join bulk_batch b on b.id = row.batch_id join orders o on o.id = row.order_id
         where row.batch_id = $1 and ${GOES} and row.outcome is distinct from 'refused'
         group by 1 order by 3 desc, 1 limit ${GROUPS_MAX}`,
        [batchId],
      )
      return rows.map(({ name, rows: count, amountMinor }) => ({ name, rows: Number(count), amountMinor }))
    },

    /** The largest rows that go, and others in an order that `seed` alone decides. */
    async sample(
      batchId: string,
      size: { largest: number; random: number; seed: string },
    ): Promise<{ largest: BulkSampleRow[]; random: BulkSampleRow[] }> {
      const select = (order: string, limit: string) =>
        `select row.n, o.order_ref as "orderRef", o.id as "orderId", row.amount_minor as "amountMinor",
           o.charged_minor as "paidMinor", o.gateway,
           coalesce(row.reason, b.reason) as reason, coalesce(row.note, b.note) as note,
           jsonb_array_length(row.findings) as warnings
         from bulk_row row join bulk_batch b on b.id = row.batch_id join orders o on o.id = row.order_id
         where row.batch_id = $1 and ${GOES} and row.outcome is distinct from 'refused'
         order by ${order} limit ${limit}`
      const [largest, random] = await Promise.all([
        sql.rows(sampleRow, select('row.amount_minor desc, row.n', '$2'), [batchId, size.largest]),
        sql.rows(sampleRow, select('md5($3 || row.n), row.n', '$2'), [batchId, size.random, size.seed]),
      ])
      return { largest, random }
    },

    /** Every row that is set aside as it was agreed to, in order: what the approval hash is made of. */
    agreed: (batchId: string): Promise<z.infer<typeof agreedRow>[]> =>
      sql.rows(
        agreedRow,
        `select row.n, q.order_id as "orderId", q.amount_minor as "amountMinor", q.currency,
           encode(q.approval_hash, 'hex') as "approvalHash"
         from bulk_row row join refund_request q on q.id = row.refund_request_id
         where row.batch_id = $1 and row.outcome = 'reserved' order by row.n`,
        [batchId],
      ),

    /** Rows after `after` with what became of them. */
    results: (batchId: string, after: number, limit: number): Promise<BulkResultRow[]> =>
      sql.rows(
        resultRow,
        `select row.n, row.cells, row.dropped, row.verdict, row.findings, row.fields->>'orderRef' as "orderRef",
           row.amount_minor as "amountMinor", row.outcome, row.remark, q.id as "requestId", f.id as "refundId",
           f.unique_request_id as "uniqueRequestId", f.ref, f.arn, q.status as "requestStatus", f.status as "refundStatus"
         from bulk_row row left join refund_request q on q.id = row.refund_request_id
         left join lateral (select id, unique_request_id, ref, arn, status from refund
           where refund_request_id = q.id order by attempt_no desc limit 1) f on true
         where row.batch_id = $1 and row.n > $2 order by row.n limit $3`,
        [batchId, after, limit],
      ),

    /** The mapping that this person used last with these headers. */
    async remembered(accountId: string, userId: string, headerKey: string): Promise<BulkMapping | null> {
      const row = await sql.first(
        z.object({ mapping: keptMapping }),
        'select mapping from bulk_mapping where merchant_account_id = $1 and user_id = $2 and header_key = $3',
        [accountId, userId, headerKey],
      )
      return row?.mapping ?? null
    },

    /** Remembers a mapping for the next file with the same headers. */
    async remember(
      accountId: string,
      userId: string,
      headerKey: string,
      mapping: BulkMapping,
      now: Date,
    ): Promise<void> {
      await sql.run(
        `insert into bulk_mapping (merchant_account_id, user_id, header_key, mapping, changed_at)
         values ($1, $2, $3, $4, $5)
         on conflict (merchant_account_id, user_id, header_key) do update set mapping = $4, changed_at = $5`,
        [accountId, userId, headerKey, JSON.stringify(mapping), now],
      )
    },
  }
}
