import { z } from 'zod'
import {
  REVIEW_OUTCOMES,
  REVIEW_STATUSES,
  type ReviewOutcome,
  type ReviewStatus,
} from '../domain/refund-review.ts'
import type { Sql } from './sql.ts'

/** What two people wrote down about a refund that Juspay could not judge. */
export type RefundReview = {
  id: string
  accountId: string
  refundId: string
  outcome: ReviewOutcome
  reference: string | null
  note: string
  status: ReviewStatus
  proposedBy: { id: string; name: string }
  proposedAt: Date
  decidedBy: { id: string; name: string } | null
  decidedAt: Date | null
  decisionNote: string | null
}

const person = z.object({ id: z.string(), name: z.string() })

const reviewRow = z.object({
  id: z.string(),
  accountId: z.string(),
  refundId: z.string(),
  outcome: z.enum(REVIEW_OUTCOMES),
  reference: z.string().nullable(),
  note: z.string(),
  status: z.enum(REVIEW_STATUSES),
  proposedBy: person,
  proposedAt: z.date(),
  decidedBy: person.nullable(),
  decidedAt: z.date().nullable(),
  decisionNote: z.string().nullable(),
} satisfies Record<keyof RefundReview, z.ZodType>)

const REVIEW = `select v.id, v.merchant_account_id as "accountId", v.refund_id as "refundId", v.outcome, v.reference, v.note,
    v.status, json_build_object('id', p.id, 'name', p.name) as "proposedBy", v.proposed_at as "proposedAt",
    case when d.id is not null then json_build_object('id', d.id, 'name', d.name) end as "decidedBy",
    v.decided_at as "decidedAt", v.decision_note as "decisionNote"
  from refund_review v join staff_user p on p.id = v.proposed_by left join staff_user d on d.id = v.decided_by
  where v.merchant_account_id = $1`

/** Reviews shown with a refund. */
const SHOWN_MAX = 20

/** Proposals about refunds in review. The order's row lock is held by whoever writes here. */
export function refundReviewStore(sql: Sql) {
  return {
    /** Stores a proposal. Returns false when another one waits (unique index). */
    async insert(review: {
      id: string
      accountId: string
      refundId: string
      outcome: ReviewOutcome
      reference: string | null
      note: string
      proposedBy: string
      now: Date
    }): Promise<boolean> {
      const stored = await sql.run(
        `insert into refund_review (id, merchant_account_id, refund_id, outcome, reference, note, status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8) on conflict do nothing`,
        [
          review.id,
          review.accountId,
          review.refundId,
          review.outcome,
          review.reference,
          review.note,
          review.proposedBy,
          review.now,
        ],
      )
      return stored === 1
    },

    byId: (accountId: string, id: string): Promise<RefundReview | null> =>
      sql.first(reviewRow, `${REVIEW} and v.id = $2`, [accountId, id]),

    /** Of one refund, newest first. */
    ofRefund: (accountId: string, refundId: string): Promise<RefundReview[]> =>
      sql.rows(
        reviewRow,
        `${REVIEW} and v.refund_id = $2 order by v.proposed_at desc, v.id desc limit ${SHOWN_MAX}`,
        [accountId, refundId],
      ),

    /** Ends a waiting proposal (compare-and-set). Returns false when it was not waiting any more. */
    async close(input: {
      accountId: string
      id: string
      status: Exclude<ReviewStatus, 'waiting'>
      decidedBy: string | null
      note: string | null
      now: Date
    }): Promise<boolean> {
      const closed = await sql.run(
        `update refund_review set status = $3, decided_by = $4, decided_at = $5, decision_note = $6
         where merchant_account_id = $1 and id = $2 and status = 'waiting'`,
        [input.accountId, input.id, input.status, input.decidedBy, input.now, input.note],
      )
      return closed === 1
    },

    /** Ends a refund in review as two people say. Returns false when it is not in review any more. */
    async settle(refundId: string, outcome: ReviewOutcome, now: Date): Promise<boolean> {
      const settled = await sql.run(
        `update refund set status = $2, settled_by_people = true, settled_at = $3, changed_at = $3, next_action_at = null
         where id = $1 and status = 'manual_review'`,
        [refundId, outcome, now],
      )
      return settled === 1
    },
  }
}
