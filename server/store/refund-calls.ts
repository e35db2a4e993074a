import { z } from 'zod'
import type { Sql } from './sql.ts'

/** One call to Juspay for a refund, as answered. */
export type RefundCallRow = {
  id: string
  refundId: string
  uniqueRequestId: string
  attemptNo: number
  callNo: number
  sentAt: Date
  tookMs: number
  /** `accepted`, or the kind of failure. */
  outcome: string
  words: string | null
  httpStatus: number | null
  providerRequestId: string | null
  hasBody: boolean
}

const callRow = z.object({
  id: z.string(),
  refundId: z.string(),
  uniqueRequestId: z.string(),
  attemptNo: z.number(),
  callNo: z.number(),
  sentAt: z.date(),
  tookMs: z.number(),
  outcome: z.string(),
  words: z.string().nullable(),
  httpStatus: z.number().nullable(),
  providerRequestId: z.string().nullable(),
  hasBody: z.boolean(),
} satisfies Record<keyof RefundCallRow, z.ZodType>)

/** Answers longer than this are not kept. */
const BODY_MAX = 65_536
/** Calls shown of one refund: far more than the ladder makes in a day. */
const SHOWN_MAX = 100

/** Calls to Juspay and their answers; written with what they changed. */
export function refundCallStore(sql: Sql) {
  return {
    async append(call: {
      id: string
      accountId: string
      refundId: string
      callNo: number
      sentAt: Date
      tookMs: number
      outcome: string
      words: string | null
      httpStatus: number | null
      providerRequestId: string | null
      body: Uint8Array | null
    }): Promise<void> {
      const body = call.body !== null && call.body.length <= BODY_MAX ? Buffer.from(call.body) : null
      await sql.run(
        `insert into refund_call (id, merchant_account_id, refund_id, call_no, sent_at, took_ms, outcome, words,
           http_status, provider_request_id, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          call.id,
          call.accountId,
          call.refundId,
          call.callNo,
          call.sentAt,
          call.tookMs,
          call.outcome,
          call.words,
          call.httpStatus,
          call.providerRequestId,
          body,
        ],
      )
    },

    /** The calls of a refund and of the other tries of its request, newest first. */
    ofRefund: (accountId: string, refundId: string): Promise<RefundCallRow[]> =>
      sql.rows(
        callRow,
        `select c.id, c.refund_id as "refundId", r.unique_request_id as "uniqueRequestId", r.attempt_no as "attemptNo",
           c.call_no as "callNo", c.sent_at as "sentAt", c.took_ms as "tookMs", c.outcome, c.words,
           c.http_status as "httpStatus", c.provider_request_id as "providerRequestId", c.body is not null as "hasBody"
         from refund_call c join refund r on r.id = c.refund_id
         where c.merchant_account_id = $1 and c.refund_id in (
           select other.id from refund one join refund other
             on other.id = one.id or other.refund_request_id = one.refund_request_id
           where one.merchant_account_id = $1 and one.id = $2)
         order by c.sent_at desc, c.call_no desc limit ${SHOWN_MAX}`,
        [accountId, refundId],
      ),

    /** The bytes of one answer; null when the account has no such call, or nothing was kept. */
    async bodyOf(accountId: string, callId: string): Promise<Buffer | null> {
      const row = await sql.first(
        z.object({ body: z.instanceof(Buffer).nullable() }),
        'select body from refund_call where merchant_account_id = $1 and id = $2',
        [accountId, callId],
      )
      return row?.body ?? null
    },
  }
}
