import { z } from 'zod'
import type { CallRecord } from '../domain/provider-health.ts'
import type { Sql } from './sql.ts'

const recordRow = z.object({
  answeredAt: z.date().nullable(),
  failingSince: z.date().nullable(),
  failedAt: z.date().nullable(),
  failures: z.number(),
  tookMs: z.array(z.number()),
})

const RECORD = `answered_at as "answeredAt", failing_since as "failingSince", failed_at as "failedAt", failures,
  took_ms as "tookMs"`

/** What is known of the calls to the provider, one row per account and shared by all processes. */
export function providerCallStore(sql: Sql) {
  return {
    /** Null of an account that has made none. */
    record: (accountId: string): Promise<CallRecord | null> =>
      sql.first(recordRow, `select ${RECORD} from provider_calls where merchant_account_id = $1`, [
        accountId,
      ]),

    /** The same, locked until the transaction ends; an empty one is made first. */
    async lock(accountId: string): Promise<CallRecord> {
      await sql.run(
        'insert into provider_calls (merchant_account_id) values ($1) on conflict (merchant_account_id) do nothing',
        [accountId],
      )
      const rows = await sql.rows(
        recordRow,
        `select ${RECORD} from provider_calls where merchant_account_id = $1 for update`,
        [accountId],
      )
      const [record] = rows
      if (record === undefined) throw new Error('the record of calls is gone')
      return record
    },

    async save(accountId: string, record: CallRecord): Promise<void> {
      const { answeredAt, failingSince, failedAt, failures, tookMs } = record
      await sql.run(
        `update provider_calls set answered_at = $2, failing_since = $3, failed_at = $4, failures = $5, took_ms = $6
         where merchant_account_id = $1`,
        [accountId, answeredAt, failingSince, failedAt, failures, [...tookMs]],
      )
    },
  }
}
