import { z } from 'zod'
import { REFUND_STATUSES, type RefundStatus } from '../domain/refund.ts'
import type { HeldWhy } from '../domain/refund-held.ts'
import { selectList } from './columns.ts'
import { refundReads } from './refund-reads.ts'
import type { Sql } from './sql.ts'

/** A refund as the sender and the janitor see it: identity, status and the marks of its claims. */
export type RefundWork = {
  id: string
  accountId: string
  orderId: string
  orderRef: string
  customerRef: string | null
  refundRequestId: string | null
  attemptNo: number
  uniqueRequestId: string
  origin: 'paydesk' | 'external' | 'auto'
  amountMinor: bigint
  currency: string
  status: RefundStatus
  /** The attempt that was asked for, on an order of which several were charged. */
  askedTxnRef: string | null
  /** Juspay's word; null until Juspay has said that it has this refund. */
  providerStatus: string | null
  fence: number
  leaseUntil: Date | null
  sendCount: number
  firstSentAt: Date | null
  lastSentAt: Date | null
  /** When the newest call left of which nobody knows whether it arrived. */
  doubtedAt: Date | null
  nextActionAt: Date | null
  checkCount: number
  createdAt: Date
  changedAt: Date
  settledByPeople: boolean
}

const workRow = z.object({
  id: z.string(),
  accountId: z.string(),
  orderId: z.string(),
  orderRef: z.string(),
  customerRef: z.string().nullable(),
  refundRequestId: z.string().nullable(),
  attemptNo: z.number(),
  uniqueRequestId: z.string(),
  origin: z.enum(['paydesk', 'external', 'auto']),
  amountMinor: z.bigint(),
  currency: z.string(),
  status: z.enum(REFUND_STATUSES),
  askedTxnRef: z.string().nullable(),
  providerStatus: z.string().nullable(),
  fence: z.number(),
  leaseUntil: z.date().nullable(),
  sendCount: z.number(),
  firstSentAt: z.date().nullable(),
  lastSentAt: z.date().nullable(),
  doubtedAt: z.date().nullable(),
  nextActionAt: z.date().nullable(),
  checkCount: z.number(),
  createdAt: z.date(),
  changedAt: z.date(),
  settledByPeople: z.boolean(),
} satisfies Record<keyof RefundWork, z.ZodType>)

/** Columns of the refund itself; the rest of the record comes from its order and its request. */
const OTHERS = new Set(['accountId', 'orderRef', 'customerRef', 'askedTxnRef'])
const WORK_FIELDS = Object.keys(workRow.shape).filter((field) => !OTHERS.has(field))

const WORK = `select ${selectList(WORK_FIELDS, 'r')}, r.merchant_account_id as "accountId",
    o.order_ref as "orderRef", o.customer_ref as "customerRef", q.txn_ref as "askedTxnRef"
  from refund r join orders o on o.id = r.order_id
  left join refund_request q on q.id = r.refund_request_id`

/**
 * Tries that are not over without payment: of the request $1 and of all that it repeats, except the refund $2. A failed
 * try that succeeds late is among them.
 */
const PAID_AFTER_ALL = `with recursive chain (request_id, retry_of) as (
    select q.id, q.retry_of_refund_id from refund_request q where q.id = $1::uuid
    union
    select q.id, q.retry_of_refund_id from chain join refund f on f.id = chain.retry_of
      join refund_request q on q.id = f.refund_request_id)
  select r.unique_request_id as key from chain join refund r on r.refund_request_id = chain.request_id
  where r.status not in ('failed', 'rejected') and r.id is distinct from $2::uuid limit 1`

const idRow = z.object({ id: z.string() })

/** A new refund of ours, waiting to be sent. */
export type NewRefund = {
  id: string
  accountId: string
  orderId: string
  refundRequestId: string
  attemptNo: number
  uniqueRequestId: string
  amountMinor: bigint
  currency: string
  now: Date
}

/**
 * Refunds. All times come from the caller's clock: leases and queues compare against the `now` that is passed in, so
 * one clock decides, and tests own it. The order's row lock is taken first by every caller that changes a refund; `no key update`, because
 * rows that refer to the order take a share of its key, and trading that share for a full lock is a deadlock.
 */
export function refundStore(sql: Sql) {
  return {
    ...refundReads(sql),
    ...claims(sql),

    /**
     * Stores a refund of ours, ready to be sent.
     * @returns false when another try of the same request is paid or may be (I2, C18); one that could still be sent
     *   fails on the unique index
     */
    async insertReady(refund: NewRefund): Promise<boolean> {
      const stored = await sql.run(
        `insert into refund (id, merchant_account_id, order_id, refund_request_id, attempt_no, unique_request_id,
           origin, amount_minor, currency, status, next_action_at, created_at, changed_at)
         select $1, $2, $3, $4::uuid, $5, $6, 'paydesk', $7, $8, 'ready', $9, $9, $9
         where not exists (${PAID_AFTER_ALL.replaceAll('$1', '$4').replaceAll('$2', 'null')})`,
        [
          refund.id,
          refund.accountId,
          refund.orderId,
          refund.refundRequestId,
          refund.attemptNo,
          refund.uniqueRequestId,
          refund.amountMinor,
          refund.currency,
          refund.now,
        ],
      )
      return stored === 1
    },

    /** The key of another try of this request, or of the one it repeats, that is paid or may be; null when none is. */
    async paidAfterAll(refundRequestId: string, exceptRefundId: string): Promise<string | null> {
      const row = await sql.first(z.object({ key: z.string() }), PAID_AFTER_ALL, [
        refundRequestId,
        exceptRefundId,
      ])
      return row?.key ?? null
    },

    /** Whether Juspay made several of it, and one of them was paid. */
    async isPartlyPaid(id: string): Promise<boolean> {
      const row = await sql.first(
        z.object({ paid: z.boolean() }),
        `select exists (select 1 from refund r cross join lateral jsonb_array_elements(r.parts) as part
           where r.id = $1 and part ->> 'providerStatus' = 'SUCCESS') as paid`,
        [id],
      )
      return row?.paid ?? false
    },

    /** The newest attempt of a request; null before the first. */
    lastAttempt: (refundRequestId: string): Promise<RefundWork | null> =>
      sql.first(workRow, `${WORK} where r.refund_request_id = $1 order by r.attempt_no desc limit 1`, [
        refundRequestId,
      ]),

    work: (id: string): Promise<RefundWork | null> => sql.first(workRow, `${WORK} where r.id = $1`, [id]),
  }
}

function claims(sql: Sql) {
  return {
    /** Refunds to send, oldest first. No lock: each is claimed under its order's row lock. */
    async dueToSend(now: Date, limit: number): Promise<string[]> {
      const rows = await sql.rows(
        idRow,
        `select id from refund where next_action_at <= $1 and status = 'ready' order by next_action_at limit $2`,
        [now, limit],
      )
      return rows.map((row) => row.id)
    },

    /** Refunds to ask Juspay about, oldest first; one in `sending` is due when its lease has run out. */
    async dueToLook(now: Date, limit: number): Promise<string[]> {
      const rows = await sql.rows(
        idRow,
        `select id from refund where next_action_at <= $1 and status in ('sending', 'unknown', 'pending', 'manual_review')
         order by next_action_at limit $2`,
        [now, limit],
      )
      return rows.map((row) => row.id)
    },

    /**
     * Locks the order of a refund and answers the refund as it is under that lock.
     * @returns null when another worker holds the order: it is doing this refund's work, or work this one waits for.
     */
    async lockForWork(id: string): Promise<RefundWork | null> {
      const locked = await sql.first(
        idRow,
        `select o.id from orders o join refund r on r.order_id = o.id where r.id = $1 for no key update of o skip locked`,
        [id],
      )
      return locked === null ? null : sql.first(workRow, `${WORK} where r.id = $1`, [id])
    },

    /** As {@link lockForWork}, but waits for the order: for answers, which must not be dropped. */
    async lockForAnswer(id: string): Promise<RefundWork | null> {
      await sql.first(
        idRow,
        `select o.id from orders o join refund r on r.order_id = o.id where r.id = $1 for no key update of o`,
        [id],
      )
      return sql.first(workRow, `${WORK} where r.id = $1`, [id])
    },

    /**
     * What keeps this refund from being sent now: another call in flight on the order (`leaseUntil` of that call), and
     * the newest call with the same amount, its own included. Null where there is none.
     */
    async busyWith(work: RefundWork): Promise<{ leaseUntil: Date | null; sameAmountAt: Date | null }> {
      const row = await sql.first(
        z.object({ leaseUntil: z.date().nullable(), sameAmountAt: z.date().nullable() }),
        `select max(lease_until) filter (where status = 'sending' and id <> $3) as "leaseUntil",
           max(last_sent_at) filter (where amount_minor = $4) as "sameAmountAt"
         from refund where merchant_account_id = $1 and order_id = $2`,
        [work.accountId, work.orderId, work.id, work.amountMinor],
      )
      return row ?? { leaseUntil: null, sameAmountAt: null }
    },

    /**
     * Claims a refund for one call: raises the fence, takes the lease, writes `sending`. Must be committed before any
     * byte leaves (invariant I6). The unique index allows one refund in `sending` per order.
     */
    claim: (work: RefundWork, now: Date, leaseUntil: Date): Promise<number> =>
      sql.run(
        `update refund set status = 'sending', fence = fence + 1, lease_until = $4, next_action_at = $4,
           send_count = send_count + 1, first_sent_at = coalesce(first_sent_at, $3), last_sent_at = $3, changed_at = $3,
           held_why = null
         where id = $1 and fence = $2 and status in ('ready', 'unknown')`,
        [work.id, work.fence, now, leaseUntil],
      ),

    /** Ends a claim without evidence: only the worker whose fence is current may (C14). Returns 0 when it is not. */
    endClaim: (work: {
      id: string
      fence: number
      status: 'ready' | 'unknown'
      nextActionAt: Date
      doubted: boolean
      now: Date
    }): Promise<number> =>
      sql.run(
        `update refund set status = $3, lease_until = null, next_action_at = $4, check_count = 0, changed_at = $5,
           doubted_at = case when $6 then last_sent_at else doubted_at end
         where id = $1 and fence = $2 and status = 'sending'`,
        [work.id, work.fence, work.status, work.nextActionAt, work.now, work.doubted],
      ),

    /** Juspay has no such refund and will not make it: closes the attempt. Same fence rule. */
    reject: (work: {
      id: string
      fence: number
      code: string | null
      message: string
      now: Date
    }): Promise<number> =>
      sql.run(
        `update refund set status = 'rejected', lease_until = null, next_action_at = null, settled_at = $5, changed_at = $5,
           error_code = $3, error_message = $4
         where id = $1 and fence = $2 and status in ('ready', 'sending', 'unknown')`,
        [work.id, work.fence, work.code, work.message, work.now],
      ),

    /** Sets when the refund is looked at next, and what it waits for; `looked` counts one step up the ladder. A claim keeps its lease. */
    async reschedule(
      id: string,
      nextActionAt: Date | null,
      looked: boolean,
      heldWhy: HeldWhy | null = null,
    ): Promise<void> {
      await sql.run(
        `update refund set next_action_at = $2, check_count = check_count + $3, held_why = $4
         where id = $1 and status not in ('sending', 'succeeded', 'failed', 'rejected')`,
        [id, nextActionAt, looked ? 1 : 0, heldWhy],
      )
    },
  }
}
