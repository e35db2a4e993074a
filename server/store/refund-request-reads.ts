import { z } from 'zod'
import type { PaidWith } from '../domain/refund-destination.ts'
import { REFUND_REQUEST_STATUSES, type RefundRequestStatus } from '../domain/refund-request.ts'
import { attemptNumber } from './attempt-number.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

/** A request with what an approver has to see of its order. */
export type ApprovalFacts = {
  requestId: string
  orderId: string
  orderRef: string
  orderVersion: number
  amountMinor: bigint
  currency: string
  paidMinor: bigint
  /** What may still be refunded when this request is through. Its own amount is already set aside. */
  leftAfterMinor: bigint
  paidWith: PaidWith
  /** The attempt it gives back, on an order of which several were charged. */
  txnRef: string | null
  attemptNumber: number | null
  reason: string
  note: string | null
  requestedBy: { id: string; name: string }
  requestedAt: Date
  expiresAt: Date
  status: RefundRequestStatus
  approvalHash: string
  policyReason: string
  decidedBy: { id: string; name: string } | null
  decidedAt: Date | null
  decisionNote: string | null
  /** How many questions and answers there are. */
  commentCount: number
}

export const APPROVAL_TABS = ['mine', 'waiting', 'decided'] as const
export type ApprovalTab = (typeof APPROVAL_TABS)[number]

const person = z.object({ id: z.string(), name: z.string() })
const text = z.string().nullable()

const approvalRow = z.object({
  requestId: z.string(),
  orderId: z.string(),
  orderRef: z.string(),
  orderVersion: z.number(),
  amountMinor: z.bigint(),
  currency: z.string(),
  paidMinor: z.bigint(),
  leftAfterMinor: z.bigint(),
  paidWith: z.object({
    gateway: text,
    methodType: text,
    method: text,
    cardBrand: text,
    cardLast4: text,
    payerVpa: text,
  }),
  txnRef: text,
  attemptNumber: z.number().nullable(),
  reason: z.string(),
  note: text,
  requestedBy: person,
  requestedAt: z.date(),
  expiresAt: z.date(),
  status: z.enum(REFUND_REQUEST_STATUSES),
  approvalHash: z.string(),
  policyReason: z.string(),
  decidedBy: person.nullable(),
  decidedAt: z.date().nullable(),
  decisionNote: text,
  commentCount: z.number(),
} satisfies Record<keyof ApprovalFacts, z.ZodType>)

/** Where the money came from, of an order or an attempt. */
const PAID_WITH = (alias: string): string =>
  `json_build_object('gateway', ${alias}.gateway, 'methodType', ${alias}.method_type, 'method', ${alias}.method,
    'cardBrand', ${alias}.card_brand, 'cardLast4', ${alias}.card_last4, 'payerVpa', ${alias}.payer_vpa)`

const APPROVAL = `select q.id as "requestId", q.order_id as "orderId", o.order_ref as "orderRef",
    o.version as "orderVersion", q.amount_minor as "amountMinor", q.currency, o.charged_minor as "paidMinor",
    greatest(o.charged_minor - o.reserved_minor - o.refunded_minor - o.external_refunded_minor
      - o.disputed_minor, 0) as "leftAfterMinor",
    case when q.txn_ref is null then ${PAID_WITH('o')} else ${PAID_WITH('t')} end as "paidWith",
    q.txn_ref as "txnRef", ${attemptNumber('t')} as "attemptNumber",
    q.reason, q.note, json_build_object('id', a.id, 'name', a.name) as "requestedBy",
    q.requested_at as "requestedAt", q.expires_at as "expiresAt", q.status,
    encode(q.approval_hash, 'hex') as "approvalHash", q.policy_reason as "policyReason",
    case when d.id is not null then json_build_object('id', d.id, 'name', d.name) end as "decidedBy",
    q.decided_at as "decidedAt", q.decision_note as "decisionNote",
    (select count(*)::int from refund_request_comment c
     where c.merchant_account_id = q.merchant_account_id and c.refund_request_id = q.id) as "commentCount"
  from refund_request q join orders o on o.id = q.order_id
  join staff_user a on a.id = q.requested_by
  left join staff_user d on d.id = q.decided_by
  left join transaction t on t.merchant_account_id = q.merchant_account_id and t.order_id = q.order_id
    and t.txn_ref = q.txn_ref
  where q.merchant_account_id = $1`

/** Requests that a person decides one by one: none of a batch, unless its approval was taken back before it was sent. */
export const ALONE = `(q.batch_id is null or (q.status = 'pending_approval'
  and exists (select from refund f where f.refund_request_id = q.id)))`

/** Reads of refund requests for the approvals inbox. */
export function approvalReads(sql: Sql) {
  return {
    /**
     * One tab of the approvals inbox: `waiting` oldest first, `mine` (asked by `userId`) and `decided` newest first.
     */
    async approvals(
      accountId: string,
      filter: { tab: ApprovalTab; userId: string; cursor: string | null; limit: number },
    ): Promise<Page<ApprovalFacts>> {
      const { tab, userId, limit } = filter
      const cursor = readCursor(filter.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const at = tab === 'decided' ? 'coalesce(q.decided_at, q.requested_at)' : 'q.requested_at'
      const order = tab === 'waiting' ? 'asc' : 'desc'
      const beyond = tab === 'waiting' ? '>' : '<'
      const which: Readonly<Record<ApprovalTab, string>> = {
        waiting: `q.status = 'pending_approval' and $2::uuid is not null`,
        mine: `q.requested_by = $2`,
        decided: `q.status <> 'pending_approval' and q.needs_approval and $2::uuid is not null`,
      }
      const rows = await sql.rows(
        approvalRow,
        `${APPROVAL} and ${which[tab]} and ${ALONE} and ($3::timestamptz is null or (${at}, q.id) ${beyond} ($3, $4::uuid))
         order by ${at} ${order}, q.id ${order} limit $5`,
        [accountId, userId, cursor?.[0] ?? null, cursor?.[1] ?? null, limit + 1],
      )
      const position = (row: ApprovalFacts): Date =>
        tab === 'decided' ? (row.decidedAt ?? row.requestedAt) : row.requestedAt
      return toPage(rows, limit, (row) => cursorText([position(row).toISOString(), row.requestId]))
    },

    /** One request as the inbox shows it. */
    approval: (accountId: string, id: string): Promise<ApprovalFacts | null> =>
      sql.first(approvalRow, `${APPROVAL} and q.id = $2`, [accountId, id]),

    /** How many requests wait for a decision that this person may make. */
    async waitingCount(accountId: string, userId: string): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from refund_request q
         where q.merchant_account_id = $1 and q.status = 'pending_approval' and q.requested_by <> $2 and ${ALONE}`,
        [accountId, userId],
      )
      return Number(row?.count ?? 0n)
    },
  }
}
