import { z } from 'zod'
import { selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

/** A stop of refunds as stored. */
export type RefundStopRecord = {
  id: string
  gateway: string | null
  reason: string
  setByKind: 'user' | 'system'
  setByName: string
  setAt: Date
  expiresAt: Date | null
  liftedByName: string | null
  liftedAt: Date | null
  liftNote: string | null
}

export type NewRefundStop = Pick<
  RefundStopRecord,
  'id' | 'gateway' | 'reason' | 'setByKind' | 'setByName' | 'expiresAt'
> & {
  accountId: string
  /** The person's id, or the job's name. */
  setBy: string
  now: Date
}

const stopRow = z.object({
  id: z.string(),
  gateway: z.string().nullable(),
  reason: z.string(),
  setByKind: z.enum(['user', 'system']),
  setByName: z.string(),
  setAt: z.date(),
  expiresAt: z.date().nullable(),
  liftedByName: z.string().nullable(),
  liftedAt: z.date().nullable(),
  liftNote: z.string().nullable(),
} satisfies Record<keyof RefundStopRecord, z.ZodType>)

const SELECT = `select ${selectList(Object.keys(stopRow.shape))} from refund_stop where merchant_account_id = $1`
const IN_FORCE = 'lifted_at is null and (expires_at is null or expires_at > $2)'
const LOCK_KEY = `hashtextextended('refund_stop:' || $1::text, 0)`

/** Stops of refunds. Claims share a lock that setting a stop takes alone: once it is committed, nothing else is claimed. */
export function refundStopStore(sql: Sql) {
  return {
    /** Keeps stops from being set until the end of the transaction: for a claim, before it reads what is in force. */
    async shareLock(accountId: string): Promise<void> {
      await sql.run(`select pg_advisory_xact_lock_shared(${LOCK_KEY})`, [accountId])
    },

    /** Waits for running claims and keeps others waiting until the end of the transaction. */
    async lock(accountId: string): Promise<void> {
      await sql.run(`select pg_advisory_xact_lock(${LOCK_KEY})`, [accountId])
    },

    /** The stops in force, those of everything first. */
    inForce: (accountId: string, now: Date): Promise<RefundStopRecord[]> =>
      sql.rows(stopRow, `${SELECT} and ${IN_FORCE} order by gateway nulls first, set_at, id`, [
        accountId,
        now,
      ]),

    byId: (accountId: string, id: string): Promise<RefundStopRecord | null> =>
      sql.first(stopRow, `${SELECT} and id = $2`, [accountId, id]),

    /** Notes that a job's earlier stop of this scope has run out, so that the job may set it anew. */
    async closeExpired(stop: Pick<NewRefundStop, 'accountId' | 'gateway' | 'setBy' | 'now'>): Promise<void> {
      await sql.run(
        `update refund_stop set lifted_at = expires_at, lifted_by_name = set_by_name, lift_note = 'Ran out.'
         where merchant_account_id = $1 and gateway is not distinct from $2 and set_by = $3 and lifted_at is null
           and set_by_kind = 'system' and expires_at <= $4`,
        [stop.accountId, stop.gateway, stop.setBy, stop.now],
      )
    },

    /** Stores a stop. Returns false when this job already holds refunds of this scope. */
    async insert(stop: NewRefundStop): Promise<boolean> {
      const inserted = await sql.run(
        `insert into refund_stop (id, merchant_account_id, gateway, reason, set_by_kind, set_by, set_by_name, set_at,
           expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
        [
          stop.id,
          stop.accountId,
          stop.gateway,
          stop.reason,
          stop.setByKind,
          stop.setBy,
          stop.setByName,
          stop.now,
          stop.expiresAt,
        ],
      )
      return inserted === 1
    },

    /** Ends a stop (compare-and-set). Returns false when it had ended already. */
    async lift(input: {
      accountId: string
      id: string
      by: string
      note: string | null
      now: Date
    }): Promise<boolean> {
      const lifted = await sql.run(
        `update refund_stop set lifted_at = $4, lifted_by_name = $3, lift_note = $5
         where merchant_account_id = $1 and id = $2 and lifted_at is null and (expires_at is null or expires_at > $4)`,
        [input.accountId, input.id, input.by, input.now, input.note],
      )
      return lifted === 1
    },

    /** All stops, newest first. */
    async history(
      accountId: string,
      filter: { cursor: string | null; limit: number },
    ): Promise<Page<RefundStopRecord>> {
      const cursor = readCursor(filter.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const rows = await sql.rows(
        stopRow,
        `${SELECT} and ($2::timestamptz is null or (set_at, id) < ($2, $3::uuid))
         order by set_at desc, id desc limit $4`,
        [accountId, cursor?.[0] ?? null, cursor?.[1] ?? null, filter.limit + 1],
      )
      return toPage(rows, filter.limit, (row) => cursorText([row.setAt.toISOString(), row.id]))
    },

    /** Makes the account's refunds that wait to be sent due at once: a stop or a limit that held them back is gone. */
    sendNow: (accountId: string, now: Date): Promise<number> =>
      sql.run(
        `update refund set next_action_at = $2
         where merchant_account_id = $1 and status = 'ready' and next_action_at > $2`,
        [accountId, now],
      ),
  }
}
