import { z } from 'zod'
import { unsafeSettings } from './durability.ts'
import type { Sql } from './sql.ts'

/** Counts beyond this are "at least". */
export const TROUBLE_COUNTED_MAX = 1_000

const troubleRow = z.object({
  failed: z.bigint(),
  dead: z.bigint(),
  unconfirmed: z.bigint(),
  unconfirmedSince: z.date().nullable(),
})

/** What is wrong and waits for somebody: each is read from an index that holds nothing else. */
export function webhookHealthReads(sql: Sql) {
  const bounded = (from: string): string =>
    `(select count(*) from (select from ${from} limit ${TROUBLE_COUNTED_MAX}) as bounded)`
  return {
    /** Events that failed or were given up, and orders whose money only webhooks vouch for. */
    async trouble(accountId: string) {
      const row = await sql.first(
        troubleRow,
        `select ${bounded("webhook_event where merchant_account_id = $1 and status = 'failed'")} as failed,
           ${bounded("webhook_event where merchant_account_id = $1 and status = 'dead'")} as dead,
           ${bounded('orders where merchant_account_id = $1 and unconfirmed_since is not null')} as unconfirmed,
           (select min(unconfirmed_since) from orders
            where merchant_account_id = $1 and unconfirmed_since is not null) as "unconfirmedSince"`,
        [accountId],
      )
      return {
        failed: Number(row?.failed ?? 0n),
        dead: Number(row?.dead ?? 0n),
        unconfirmed: Number(row?.unconfirmed ?? 0n),
        unconfirmedSince: row?.unconfirmedSince ?? null,
      }
    },

    /** Settings that are off and let the database forget what it committed. */
    unsafeSettings: (): Promise<string[]> => unsafeSettings(sql),
  }
}
