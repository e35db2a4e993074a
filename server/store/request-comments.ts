import { z } from 'zod'
import type { Sql } from './sql.ts'

/** One thing said about a refund request. */
export type RequestComment = { id: string; author: { id: string; name: string }; text: string; at: Date }

const commentRow = z.object({
  id: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
  text: z.string(),
  at: z.date(),
} satisfies Record<keyof RequestComment, z.ZodType>)

/** Questions and answers about refund requests. */
export function requestCommentStore(sql: Sql) {
  return {
    /** What was said about a request, oldest first. Their number is bounded by who adds them. */
    ofRequest: (accountId: string, requestId: string): Promise<RequestComment[]> =>
      sql.rows(
        commentRow,
        `select c.id, json_build_object('id', u.id, 'name', u.name) as author, c.text, c.at
         from refund_request_comment c join staff_user u on u.id = c.author_id
         where c.merchant_account_id = $1 and c.refund_request_id = $2 order by c.seq`,
        [accountId, requestId],
      ),

    /** Adds a comment unless there are `max` already. Returns false when there are. The caller holds the order's lock. */
    async insert(comment: {
      id: string
      accountId: string
      requestId: string
      authorId: string
      text: string
      at: Date
      max: number
    }): Promise<boolean> {
      const { id, accountId, requestId, authorId, text, at, max } = comment
      const inserted = await sql.run(
        `insert into refund_request_comment (id, merchant_account_id, refund_request_id, author_id, text, at)
         select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::timestamptz
         where (select count(*) from refund_request_comment
                where merchant_account_id = $2 and refund_request_id = $3) < $7`,
        [id, accountId, requestId, authorId, text, at, max],
      )
      return inserted === 1
    },
  }
}
