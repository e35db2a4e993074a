import { z } from 'zod'
import { BULK_OPEN_MAX, BULK_STATUSES, WORKING_STATUSES, type BulkStatus } from '../domain/bulk-batch.ts'
import { bulkReads } from './bulk-reads.ts'
import { bulkRowStore, GOES, keptMapping } from './bulk-rows.ts'
import { columnOf, selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

const count = z.number()

const own = {
  id: z.string(),
  merchantAccountId: z.string(),
  no: count,
  status: z.enum(BULK_STATUSES),
  source: z.enum(['file', 'selection', 'rerun']),
  name: z.string(),
  fileHash: z.instanceof(Buffer).nullable(),
  headers: z.array(z.string()),
  mapping: keptMapping,
  currency: z.string(),
  parentId: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  checkedAt: z.date().nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  submittedBy: z.string().nullable(),
  submittedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  approvalHash: z.instanceof(Buffer).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  decisionNote: z.string().nullable(),
  holdUntil: z.date().nullable(),
  finishedAt: z.date().nullable(),
  remark: z.string().nullable(),
  total: count,
  uncheckedRows: count,
  okRows: count,
  warningRows: count,
  errorRows: count,
  droppedRows: count,
  acceptedRows: count,
  amountMinor: z.bigint(),
  refusedRows: count,
  reservedRows: count,
  releasedRows: count,
  unknownRows: count,
  pendingRows: count,
  reviewRows: count,
  returnedRows: count,
  succeededRows: count,
  failedRows: count,
  notSentRows: count,
  recent: z.string(),
  runAt: z.date(),
  runDone: count,
}
const batchRow = z.object({
  ...own,
  authorName: z.string(),
  submitterName: z.string().nullable(),
  deciderName: z.string().nullable(),
})

/** A batch as it is. */
export type BulkBatchRecord = z.infer<typeof batchRow>

const BATCH = `select ${selectList(Object.keys(own), 'b')}, a.name as "authorName", s.name as "submitterName",
    d.name as "deciderName"
  from bulk_batch b join staff_user a on a.id = b.created_by
  left join staff_user s on s.id = b.submitted_by left join staff_user d on d.id = b.decided_by`

/** A change of state; `set` names further fields. Whoever changes the state takes the batch away from its worker. */
export type BulkMove = {
  from: readonly BulkStatus[]
  to: BulkStatus
  now: Date
  /** When a worker looks at it; null when it waits for a person. */
  nextAt: Date | null
  set?: Partial<
    Pick<
      BulkBatchRecord,
      | 'reason'
      | 'note'
      | 'submittedBy'
      | 'submittedAt'
      | 'expiresAt'
      | 'approvalHash'
      | 'decidedBy'
      | 'decidedAt'
      | 'decisionNote'
      | 'holdUntil'
      | 'finishedAt'
      | 'checkedAt'
      | 'remark'
      | 'runAt'
      | 'runDone'
      | 'recent'
      | 'mapping'
    >
  > & { policyVersion?: number }
}

const claimRow = z.object({
  id: z.string(),
  accountId: z.string(),
  status: z.enum(BULK_STATUSES),
  fence: z.number(),
})

/** A batch taken by one worker. Under an older fence nothing can be written. */
export type BulkClaim = z.infer<typeof claimRow>

const idRow = z.object({ id: z.string() })

/** What rows count for, and what they add up to. */
const COUNTS = `count(*) filter (where not dropped and verdict = 'unchecked'),
  count(*) filter (where not dropped and verdict = 'ok'), count(*) filter (where not dropped and verdict = 'warning'),
  count(*) filter (where not dropped and verdict = 'error'), count(*) filter (where dropped),
  count(*) filter (where not dropped and verdict = 'warning' and accepted),
  coalesce(sum(amount_minor) filter (where ${GOES} and outcome is distinct from 'refused'), 0),
  count(*) filter (where outcome = 'refused'), count(*) filter (where outcome = 'reserved'),
  count(*) filter (where outcome = 'released'), count(*) filter (where outcome = 'unknown'),
  count(*) filter (where outcome = 'pending'), count(*) filter (where outcome = 'review'),
  count(*) filter (where outcome = 'returned'), count(*) filter (where outcome = 'succeeded'),
  count(*) filter (where outcome = 'failed'), count(*) filter (where outcome = 'not_sent')`
const COUNTED = `unchecked_rows, ok_rows, warning_rows, error_rows, dropped_rows, accepted_rows, amount_minor,
  refused_rows, reserved_rows, released_rows, unknown_rows, pending_rows, review_rows, returned_rows, succeeded_rows,
  failed_rows, not_sent_rows`

/**
 * Batches of refunds: one worker at a time, by lease and fence; every change of state is a compare-and-set. A row's
 * change and the batch's counts commit together. Locks: an order first, then the batch.
 */
export function bulkBatchStore(sql: Sql) {
  return {
    ...bulkRowStore(sql),
    ...bulkReads(sql),
    ...workerActs(sql),

    /**
     * Makes a batch without rows, or answers the one that the request key made before. The caller's transaction holds
     * the account's numbering until it commits.
     */
    async create(batch: {
      id: string
      accountId: string
      requestKey: string
      source: BulkBatchRecord['source']
      name: string
      fileHash: Buffer | null
      headers: readonly string[]
      mapping: BulkBatchRecord['mapping']
      currency: string
      parentId: string | null
      createdBy: string
      now: Date
    }): Promise<{ id: string; made: boolean }> {
      const { accountId, requestKey } = batch
      await sql.run(`select pg_advisory_xact_lock(hashtextextended('bulk_batch ' || $1, 0))`, [accountId])
      const known = await sql.first(
        idRow,
        'select id from bulk_batch where merchant_account_id = $1 and request_key = $2',
        [accountId, requestKey],
      )
      if (known !== null) return { id: known.id, made: false }
      await sql.run(
        `insert into bulk_batch (id, merchant_account_id, no, request_key, status, source, name, file_hash, headers,
           mapping, currency, parent_id, created_by, created_at, changed_at, run_at)
         select $1, $2, coalesce(max(no), 0) + 1, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12
         from bulk_batch where merchant_account_id = $2`,
        [
          batch.id,
          accountId,
          requestKey,
          batch.source,
          batch.name,
          batch.fileHash,
          JSON.stringify(batch.headers),
          JSON.stringify(batch.mapping),
          batch.currency,
          batch.parentId,
          batch.createdBy,
          batch.now,
        ],
      )
      return { id: batch.id, made: true }
    },

    byId: (accountId: string, id: string): Promise<BulkBatchRecord | null> =>
      sql.first(batchRow, `${BATCH} where b.merchant_account_id = $1 and b.id = $2`, [accountId, id]),

    /** One page, newest first. */
    async list(
      accountId: string,
      page: { cursor: string | null; limit: number },
    ): Promise<Page<BulkBatchRecord>> {
      const after = readCursor(page.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const rows = await sql.rows(
        batchRow,
        `${BATCH} where b.merchant_account_id = $1
           and ($2::timestamptz is null or (b.created_at, b.id) < ($2, $3::uuid))
         order by b.created_at desc, b.id desc limit $4`,
        [accountId, after?.[0] ?? null, after?.[1] ?? null, page.limit + 1],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.createdAt.toISOString(), row.id]))
    },

    /** What is worked on now, the oldest first. A worker looks at each of them, which is what the index is over. */
    atWork: (accountId: string): Promise<BulkBatchRecord[]> =>
      sql.rows(
        batchRow,
        `${BATCH} where b.merchant_account_id = $1 and b.next_at is not null and b.status = any($2::text[])
         order by b.created_at, b.id limit ${BULK_OPEN_MAX}`,
        [accountId, [...WORKING_STATUSES]],
      ),

    /** Locks a batch against every other change of it and of its rows. */
    async lock(accountId: string, id: string): Promise<boolean> {
      const found = await sql.first(
        idRow,
        'select id from bulk_batch where merchant_account_id = $1 and id = $2 for no key update',
        [accountId, id],
      )
      return found !== null
    },

    /** Counts the rows again. The caller holds the batch's lock, so that the counts are those of its transaction. */
    async recount(id: string): Promise<void> {
      await sql.run(
        `update bulk_batch set (total, ${COUNTED}) = (select count(*), ${COUNTS} from bulk_row where batch_id = $1)
         where id = $1`,
        [id],
      )
    },

    /** Moves a batch to another state if it is in one of `from`; answers whether it was. */
    async move(
      accountId: string,
      id: string,
      { from, to, now, nextAt, set = {} }: BulkMove,
    ): Promise<boolean> {
      const values: unknown[] = [id, accountId, [...from], to, now, nextAt]
      const more = Object.entries(set)
        .map(([field, value]) => {
          const stored = field === 'mapping' ? JSON.stringify(value) : value
          return `, ${columnOf(field)} = $${values.push(stored)}`
        })
        .join('')
      const moved = await sql.run(
        `update bulk_batch set status = $4, changed_at = $5, next_at = $6, fence = fence + 1, lease_until = null,
           stumbles = 0${more}
         where id = $1 and merchant_account_id = $2 and status = any($3::text[])`,
        values,
      )
      return moved === 1
    },
  }
}

/** What a worker does with the batch it has taken. */
function workerActs(sql: Sql) {
  return {
    /** Takes the batch that has waited longest, until `leaseUntil`; null when none is due. */
    claim: (now: Date, leaseUntil: Date): Promise<BulkClaim | null> =>
      sql.first(
        claimRow,
        `update bulk_batch set fence = fence + 1, lease_until = $2
         where id = (select id from bulk_batch
           where next_at <= $1 and (lease_until is null or lease_until <= $1)
           order by next_at limit 1 for no key update skip locked)
         returning id, merchant_account_id as "accountId", status, fence`,
        [now, leaseUntil],
      ),

    /** Locks a claimed batch and keeps it until `leaseUntil`; false when it is no longer this worker's. */
    async keep(claim: BulkClaim, leaseUntil: Date): Promise<boolean> {
      const kept = await sql.run(
        'update bulk_batch set lease_until = $3, stumbles = 0 where id = $1 and fence = $2',
        [claim.id, claim.fence, leaseUntil],
      )
      return kept === 1
    },

    /** Gives a claimed batch back; `nextAt` is when a worker looks again, null when it waits for a person. */
    async rest(claim: BulkClaim, nextAt: Date | null): Promise<void> {
      await sql.run('update bulk_batch set lease_until = null, next_at = $3 where id = $1 and fence = $2', [
        claim.id,
        claim.fence,
        nextAt,
      ])
    },

    /** Notes that a round ended in an error of ours; answers how many in a row did. */
    async stumble(claim: BulkClaim): Promise<number> {
      const row = await sql.first(
        z.object({ stumbles: z.number() }),
        'update bulk_batch set stumbles = stumbles + 1 where id = $1 and fence = $2 returning stumbles',
        [claim.id, claim.fence],
      )
      return row?.stumbles ?? 0
    },

    /** Notes in a row's own transaction that it was set aside; false when the batch is no longer this worker's. */
    recordReserved: (claim: BulkClaim, n: number, requestId: string): Promise<boolean> =>
      oneRow(sql, claim, {
        n,
        counts: 'reserved_rows = reserved_rows + 1',
        status: 'submitting',
        from: null,
        row: `outcome = 'reserved', refund_request_id = $4`,
        values: [requestId],
      }),

    /** Notes that a row could not be set aside: it is no part of the batch. */
    recordRefused: (claim: BulkClaim, n: number, why: string, amountMinor: bigint): Promise<boolean> =>
      oneRow(sql, claim, {
        n,
        counts: 'refused_rows = refused_rows + 1, amount_minor = amount_minor - $5',
        status: 'submitting',
        from: null,
        row: `outcome = 'refused', remark = $4`,
        values: [why, amountMinor],
      }),

    /** Notes in a row's own transaction that it was released; false when the batch was paused or taken away. */
    recordReleased: (claim: BulkClaim, n: number): Promise<boolean> =>
      oneRow(sql, claim, {
        n,
        counts: 'reserved_rows = reserved_rows - 1, released_rows = released_rows + 1',
        status: 'running',
        from: 'reserved',
        row: `outcome = 'released'`,
        values: [],
      }),

    /** Notes in a row's own transaction that its request was closed without being sent. */
    recordNotSent: (claim: BulkClaim, n: number, why: string): Promise<boolean> =>
      oneRow(sql, claim, {
        n,
        counts: 'reserved_rows = reserved_rows - 1, not_sent_rows = not_sent_rows + 1',
        status: claim.status,
        from: 'reserved',
        row: `outcome = 'not_sent', remark = $4`,
        values: [why],
      }),

    /** Adds marks to the newest results. */
    async appendMarks(batchId: string, marks: string, window: number): Promise<void> {
      await sql.run('update bulk_batch set recent = right(recent || $2, $3) where id = $1', [
        batchId,
        marks,
        window,
      ])
    },
  }
}

/**
 * One row and the counts of its batch, in one statement. The batch comes last of the locks of the row's transaction.
 * @throws when the row is not as expected although the batch is this worker's: the caller's transaction must not commit
 */
async function oneRow(
  sql: Sql,
  claim: BulkClaim,
  change: {
    n: number
    counts: string
    status: BulkStatus
    from: 'reserved' | null
    row: string
    values: readonly unknown[]
  },
): Promise<boolean> {
  const status = `$${4 + change.values.length}`
  const row = await sql.first(
    z.object({ rows: z.bigint() }),
    `with batch as (
       update bulk_batch set ${change.counts} where id = $1 and fence = $2 and status = ${status} returning id
     ), changed as (
       update bulk_row set ${change.row} where batch_id = $1 and n = $3
         and outcome is not distinct from ${change.from === null ? 'null' : `'${change.from}'`}
         and exists (select from batch) returning n
     )
     select (select count(*) from changed) as rows from batch`,
    [claim.id, claim.fence, change.n, ...change.values, change.status],
  )
  if (row === null) return false
  if (row.rows !== 1n) throw new Error(`row ${change.n} of a batch is not as it was read`)
  return true
}
