import { z } from 'zod'
import { REFUND_REQUEST_STATUSES, type RefundRequestStatus } from '../domain/refund-request.ts'
import { columnOf, selectList } from './columns.ts'
import { approvalReads } from './refund-request-reads.ts'
import type { Sql } from './sql.ts'

/** A refund request as stored. */
export type RefundRequestRecord = {
  id: string
  merchantAccountId: string
  orderId: string
  clientKey: string
  requestHash: Buffer
  amountMinor: bigint
  currency: string
  /** The attempt to give back; null when there is only one. */
  txnRef: string | null
  reason: string
  note: string | null
  status: RefundRequestStatus
  policyVersion: number
  needsApproval: boolean
  policyReason: string
  approvalHash: Buffer
  requestedBy: string
  requestedAt: Date
  expiresAt: Date
  decidedBy: string | null
  decidedAt: Date | null
  decisionNote: string | null
  /** The batch it was asked for in. */
  batchId: string | null
}

export type NewRefundRequest = Omit<
  RefundRequestRecord,
  'decidedBy' | 'decidedAt' | 'decisionNote' | 'batchId'
>

const requestRow = z.object({
  id: z.string(),
  merchantAccountId: z.string(),
  orderId: z.string(),
  clientKey: z.string(),
  requestHash: z.instanceof(Buffer),
  amountMinor: z.bigint(),
  currency: z.string(),
  txnRef: z.string().nullable(),
  reason: z.string(),
  note: z.string().nullable(),
  status: z.enum(REFUND_REQUEST_STATUSES),
  policyVersion: z.number(),
  needsApproval: z.boolean(),
  policyReason: z.string(),
  approvalHash: z.instanceof(Buffer),
  requestedBy: z.string(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  decisionNote: z.string().nullable(),
  batchId: z.string().nullable(),
} satisfies Record<keyof RefundRequestRecord, z.ZodType>)

const FIELDS = Object.keys(requestRow.shape)
const SELECT = `select ${selectList(FIELDS)} from refund_request`

/** Refund requests. What was asked never changes (trigger); status changes are compare-and-set, so one of two wins. */
export function refundRequestStore(sql: Sql) {
  return {
    ...approvalReads(sql),

    /** Stores a request. Returns false when this gesture's key is already taken: read it with {@link byClientKey}. */
    async insert(request: NewRefundRequest): Promise<boolean> {
      const names = FIELDS.filter((field) => field in request)
      const values = new Map<string, unknown>(Object.entries(request))
      const columns = names.map(columnOf)
      const inserted = await sql.run(
        `insert into refund_request (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})
         on conflict (merchant_account_id, client_key) do nothing`,
        names.map((name) => values.get(name)),
      )
      return inserted === 1
    },

    byClientKey: (accountId: string, clientKey: string): Promise<RefundRequestRecord | null> =>
      sql.first(requestRow, `${SELECT} where merchant_account_id = $1 and client_key = $2`, [
        accountId,
        clientKey,
      ]),

    byId: (accountId: string, id: string): Promise<RefundRequestRecord | null> =>
      sql.first(requestRow, `${SELECT} where merchant_account_id = $1 and id = $2`, [accountId, id]),

    /**
     * Moves a request out of waiting (compare-and-set, C7).
     * @returns false when it was not waiting any more: somebody else was first.
     */
    async close(input: {
      accountId: string
      id: string
      status: 'approved' | 'rejected' | 'withdrawn' | 'expired'
      decidedBy: string | null
      decidedAt: Date
      note: string | null
      expiresAt: Date
    }): Promise<boolean> {
      const moved = await sql.run(
        `update refund_request set status = $3, decided_by = $4, decided_at = $5, decision_note = $6, expires_at = $7
         where merchant_account_id = $1 and id = $2 and status = 'pending_approval'`,
        [
          input.accountId,
          input.id,
          input.status,
          input.decidedBy,
          input.decidedAt,
          input.note,
          input.expiresAt,
        ],
      )
      return moved === 1
    },

    /** Puts a request that was just made into a batch; it stays there. */
    async joinBatch(id: string, batchId: string): Promise<void> {
      await sql.run('update refund_request set batch_id = $2 where id = $1', [id, batchId])
    },

    /** Gives the requests of a batch that was decided until `expiresAt` to be released. */
    extendBatch: (batchId: string, expiresAt: Date): Promise<number> =>
      sql.run(
        `update refund_request set expires_at = $2 where batch_id = $1 and status = 'pending_approval'`,
        [batchId, expiresAt],
      ),

    /** Takes an approval back before anything was sent (C21): a second person has to decide again. */
    async returnToApproval(input: {
      accountId: string
      id: string
      why: string
      expiresAt: Date
    }): Promise<boolean> {
      const moved = await sql.run(
        `update refund_request set status = 'pending_approval', needs_approval = true, policy_reason = $3,
           expires_at = $4, decided_by = null, decided_at = null, decision_note = null
         where merchant_account_id = $1 and id = $2 and status = 'approved'`,
        [input.accountId, input.id, input.why, input.expiresAt],
      )
      return moved === 1
    },

    /**
     * Says which failed refund a request asks for again.
     * @returns false when another request already does
     */
    async linkRetry(requestId: string, refundId: string): Promise<boolean> {
      const linked = await sql.run(
        `update refund_request set retry_of_refund_id = $2 where id = $1 and (retry_of_refund_id is null or retry_of_refund_id = $2)
           and not exists (select 1 from refund_request other where other.retry_of_refund_id = $2 and other.id <> $1
             and other.status in ('pending_approval', 'approved'))`,
        [requestId, refundId],
      )
      return linked === 1
    },

    /** The request that asks for a failed refund again, unless it came to nothing. */
    async retryOf(refundId: string): Promise<string | null> {
      const row = await sql.first(
        z.object({ id: z.string() }),
        `select id from refund_request where retry_of_refund_id = $1 and status in ('pending_approval', 'approved')`,
        [refundId],
      )
      return row?.id ?? null
    },

    /** Requests whose time to decide has run out, oldest first. */
    expired: (now: Date, limit: number): Promise<RefundRequestRecord[]> =>
      sql.rows(
        requestRow,
        `${SELECT} where status = 'pending_approval' and expires_at <= $1 order by expires_at limit $2`,
        [now, limit],
      ),

    /** The newest refund of this amount (null: any) asked for on the order since `since`, unless it came to nothing. */
    newestSince: (
      orderId: string,
      amountMinor: bigint | null,
      since: Date,
    ): Promise<{ amountMinor: bigint; at: Date; by: string } | null> =>
      sql.first(
        z.object({ amountMinor: z.bigint(), at: z.date(), by: z.string() }),
        `select q.amount_minor as "amountMinor", q.requested_at as at, u.name as by
         from refund_request q join staff_user u on u.id = q.requested_by
         where q.order_id = $1 and ($2::bigint is null or q.amount_minor = $2) and q.requested_at > $3
           and q.status in ('pending_approval', 'approved')
           and not exists (select 1 from refund r where r.refund_request_id = q.id and r.status in ('failed', 'rejected'))
         order by q.requested_at desc limit 1`,
        [orderId, amountMinor, since],
      ),

    /** How many requests of amounts above `overMinor` up to `upToMinor` a person made since `since` that nobody had to decide. */
    async undecidedCount(query: {
      accountId: string
      userId: string
      since: Date
      overMinor: bigint
      upToMinor: bigint
    }): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from refund_request
         where merchant_account_id = $1 and requested_by = $2 and requested_at >= $3 and not needs_approval
           and amount_minor > $4 and amount_minor <= $5`,
        [query.accountId, query.userId, query.since, query.overMinor, query.upToMinor],
      )
      return Number(row?.count ?? 0n)
    },

    /** What has gone back or is on its way on this order without a second person (splitting under the line). */
    async withoutApprovalMinor(orderId: string): Promise<bigint> {
      const row = await sql.first(
        z.object({ total: z.bigint() }),
        `select coalesce(sum(q.amount_minor), 0)::bigint as total from refund_request q
         where q.order_id = $1 and not q.needs_approval and q.status = 'approved'
           and not exists (select 1 from refund r where r.refund_request_id = q.id and r.status in ('failed', 'rejected'))`,
        [orderId],
      )
      return row?.total ?? 0n
    },
  }
}
