import { z } from 'zod'
import type { Sql } from './sql.ts'

/** How many refused deliveries are kept per account (and for unknown accounts together). */
export const REJECTIONS_KEPT = 200

const summaryRow = z.object({ cause: z.string(), count: z.bigint(), lastAt: z.date() })

/** Refused deliveries: a bounded sample, so that a wrong password is seen and a flood fills no disk. */
export function webhookRejections(sql: Sql) {
  return {
    /** Adds one to the sample and drops the oldest beyond {@link REJECTIONS_KEPT}. */
    async reject(rejection: {
      accountId: string | null
      slug: string
      cause: string
      remoteAddress: string
      at: Date
    }): Promise<void> {
      await sql.run(
        `with added as (
           insert into webhook_rejection (merchant_account_id, slug, cause, remote_address, at)
           values ($1, $2, $3, $4, $5)
         )
         delete from webhook_rejection where id in (
           select id from webhook_rejection where merchant_account_id is not distinct from $1::uuid
           order by at desc offset ${REJECTIONS_KEPT - 1}
         )`,
        [rejection.accountId, rejection.slug, rejection.cause, rejection.remoteAddress, rejection.at],
      )
    },

    /** The sample of one account by cause, since `since`. */
    async rejections(
      accountId: string,
      since: Date,
    ): Promise<{ cause: string; count: number; lastAt: Date }[]> {
      const rows = await sql.rows(
        summaryRow,
        `select cause, count(*) as count, max(at) as "lastAt" from webhook_rejection
         where merchant_account_id = $1 and at >= $2 group by cause order by max(at) desc`,
        [accountId, since],
      )
      return rows.map((row) => ({ ...row, count: Number(row.count) }))
    },
  }
}
