import { z } from 'zod'
import { selectList } from './columns.ts'
import type { Sql } from './sql.ts'
import { windowName, windowSql, type TimeWindow } from './time-window.ts'

const checkRow = z.object({
  id: z.string(),
  orderId: z.string(),
  askedBy: z.string(),
  askedAt: z.date(),
  tookMs: z.number(),
  outcome: z.string(),
})

/** One question to Juspay about an order, without the answer's bytes. */
export type StatusCheckRow = z.infer<typeof checkRow>

const bodyRow = z.object({ ...checkRow.shape, body: z.instanceof(Buffer).nullable() })

/** With the answer as received. */
export type StatusCheckWithBody = z.infer<typeof bodyRow>

const LIST = selectList(Object.keys(checkRow.shape))

/** Questions to Juspay's order status API and their answers. */
export function statusCheckStore(sql: Sql) {
  return {
    /** Records one question. `body` is the answer as received, null when none arrived. */
    async append(check: {
      id: string
      accountId: string
      orderId: string
      /** A person's id, or the job's name. */
      askedBy: string
      askedAt: Date
      tookMs: number
      outcome: string
      body: Uint8Array | null
    }): Promise<void> {
      await sql.run(
        `insert into status_check (id, merchant_account_id, order_id, asked_by, asked_at, took_ms, outcome, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          check.id,
          check.accountId,
          check.orderId,
          check.askedBy,
          check.askedAt,
          check.tookMs,
          check.outcome,
          check.body === null ? null : Buffer.from(check.body),
        ],
      )
    },

    /** Sets the outcome once the answer was applied, and keeps the answer that had one. */
    async setOutcome(id: string, outcome: string, body: Uint8Array): Promise<void> {
      await sql.run('update status_check set outcome = $2, body = $3 where id = $1', [
        id,
        outcome,
        Buffer.from(body),
      ])
    },

    /** The checks of one order, newest first. */
    byOrder: (accountId: string, orderId: string, limit = 100): Promise<StatusCheckRow[]> =>
      sql.rows(
        checkRow,
        {
          name: 'status_checks_by_order',
          text: `select ${LIST} from status_check where merchant_account_id = $1 and order_id = $2
         order by asked_at desc limit $3`,
        },
        [accountId, orderId, limit],
      ),

    /** A stretch of the checks of one order, in the window's order. */
    stretch(accountId: string, orderId: string, window: TimeWindow): Promise<StatusCheckRow[]> {
      const values: unknown[] = [accountId, orderId]
      return sql.rows(
        checkRow,
        {
          name: windowName('status_checks_stretch', window),
          text: `select ${LIST} from status_check where merchant_account_id = $1 and order_id = $2
         ${windowSql('asked_at', window, values)}`,
        },
        values,
      )
    },

    /** Several of one order by their ids. */
    byIds: (accountId: string, of: { orderId: string; ids: readonly string[] }): Promise<StatusCheckRow[]> =>
      sql.rows(
        checkRow,
        `select ${LIST} from status_check where merchant_account_id = $1 and order_id = $2 and id = any($3)`,
        [accountId, of.orderId, of.ids],
      ),

    /** Those that Juspay answered and whose bytes are kept, newest first. */
    answered: (accountId: string, orderId: string, limit: number): Promise<StatusCheckRow[]> =>
      sql.rows(
        checkRow,
        `select ${LIST} from status_check
         where merchant_account_id = $1 and order_id = $2 and body is not null order by asked_at desc limit $3`,
        [accountId, orderId, limit],
      ),

    /** The bytes of one answer about one order; null when there is none. */
    async bodyOf(accountId: string, check: { id: string; orderId: string }): Promise<Buffer | null> {
      const row = await sql.first(
        bodyRow.pick({ body: true }),
        'select body from status_check where merchant_account_id = $1 and order_id = $2 and id = $3',
        [accountId, check.orderId, check.id],
      )
      return row?.body ?? null
    },

    /** The same with the answers' bytes. */
    bodiesByOrder: (accountId: string, orderId: string, limit: number): Promise<StatusCheckWithBody[]> =>
      sql.rows(
        bodyRow,
        `select ${LIST}, body from status_check
         where merchant_account_id = $1 and order_id = $2 and body is not null order by asked_at desc limit $3`,
        [accountId, orderId, limit],
      ),
  }
}
