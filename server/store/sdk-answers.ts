import { z } from 'zod'
import type { Sql } from './sql.ts'

export type SdkAnswerKind = 'session' | 'process'

export type SdkAnswerRecord = {
  kind: SdkAnswerKind
  /** Question and answer, sealed by the caller. */
  sealed: Buffer
  answered: boolean
  freshUntil: Date | null
}

export type SdkAnswerKey = { accountId: string; orderRef: string; kind: SdkAnswerKind }

const answerRow = z
  .object({
    kind: z.enum(['session', 'process']),
    sealed: z.instanceof(Buffer),
    answered: z.boolean(),
    fresh_until: z.date().nullable(),
  })
  .transform((row): SdkAnswerRecord => ({
    kind: row.kind,
    sealed: row.sealed,
    answered: row.answered,
    freshUntil: row.fresh_until,
  }))

const keyOf = ({ accountId, orderRef, kind }: SdkAnswerKey) => [accountId, orderRef.toLowerCase(), kind]

/** What was asked about an order through `/sdk`, so that asking again is answered alike. */
export function sdkAnswerStore(sql: Sql) {
  return {
    /** Writes the question down unless there is one of this kind already. */
    async claim(key: SdkAnswerKey, sealed: Uint8Array, now: Date): Promise<void> {
      await sql.run(
        `insert into sdk_answer (merchant_account_id, order_ref_key, kind, sealed, answered, created_at)
         values ($1, $2, $3, $4, false, $5) on conflict do nothing`,
        [...keyOf(key), sealed, now],
      )
    },

    /** What was asked about the order, of every kind. */
    ofOrder: (accountId: string, orderRef: string): Promise<SdkAnswerRecord[]> =>
      sql.rows(
        answerRow,
        `select kind, sealed, answered, fresh_until from sdk_answer
         where merchant_account_id = $1 and order_ref_key = $2`,
        [accountId, orderRef.toLowerCase()],
      ),

    /** Keeps an answer unless a fresh one is kept. Returns whether it was kept. */
    async settle(
      key: SdkAnswerKey,
      sealed: Uint8Array,
      at: { now: Date; freshUntil: Date },
    ): Promise<boolean> {
      const kept = await sql.run(
        `insert into sdk_answer (merchant_account_id, order_ref_key, kind, sealed, answered, created_at, fresh_until)
         values ($1, $2, $3, $4, true, $5, $6)
         on conflict (merchant_account_id, order_ref_key, kind) do update
           set sealed = excluded.sealed, answered = true, fresh_until = excluded.fresh_until
           where sdk_answer.fresh_until is null or sdk_answer.fresh_until <= $5`,
        [...keyOf(key), sealed, at.now, at.freshUntil],
      )
      return kept === 1
    },

    /** Takes back a question that came to nothing. */
    async release(key: SdkAnswerKey): Promise<void> {
      await sql.run(
        `delete from sdk_answer where merchant_account_id = $1 and order_ref_key = $2 and kind = $3
           and not answered`,
        keyOf(key),
      )
    },

    /** The question itself changed with consent: its answer is given no more. */
    async restate(key: SdkAnswerKey, sealed: Uint8Array): Promise<void> {
      await sql.run(
        `update sdk_answer set sealed = $4, answered = false, fresh_until = null
         where merchant_account_id = $1 and order_ref_key = $2 and kind = $3`,
        [...keyOf(key), sealed],
      )
    },

    /** Forgets old questions, `limit` at most; returns how many. */
    prune: (before: Date, limit: number): Promise<number> =>
      sql.run(
        `delete from sdk_answer where (merchant_account_id, order_ref_key, kind) in
           (select merchant_account_id, order_ref_key, kind from sdk_answer where created_at < $1
            order by created_at limit $2)`,
        [before, limit],
      ),
  }
}
