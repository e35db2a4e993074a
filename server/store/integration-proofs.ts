import { z } from 'zod'
import { PROOF_STEPS, type ProofStep } from '../domain/integration-proof.ts'
import type { Sql } from './sql.ts'

const proofRow = z.object({
  step: z.enum(PROOF_STEPS),
  provedAt: z.date().nullable(),
  proof: z.string().nullable(),
  failedAt: z.date().nullable(),
  failure: z.string().nullable(),
})

/** When a step was last seen to work, and when it last was not. */
export type ProofRecord = z.infer<typeof proofRow>

/** What was seen of the integration with Juspay, one row per account and step. */
export function integrationProofStore(sql: Sql) {
  const write =
    (at: 'proved_at' | 'failed_at', words: 'proof' | 'failure') =>
    async (accountId: string, seen: { step: ProofStep; words: string; at: Date }): Promise<void> => {
      // An older observation that arrives late changes nothing.
      await sql.run(
        `insert into integration_proof (merchant_account_id, step, ${at}, ${words}) values ($1, $2, $3, $4)
         on conflict (merchant_account_id, step) do update set ${at} = excluded.${at}, ${words} = excluded.${words}
         where integration_proof.${at} is null or integration_proof.${at} < excluded.${at}`,
        [accountId, seen.step, seen.at, seen.words],
      )
    }
  return {
    proved: write('proved_at', 'proof'),
    failed: write('failed_at', 'failure'),

    list: (accountId: string): Promise<ProofRecord[]> =>
      sql.rows(
        proofRow,
        `select step, proved_at as "provedAt", proof, failed_at as "failedAt", failure
         from integration_proof where merchant_account_id = $1`,
        [accountId],
      ),

    /** The newest refund that we asked for and Juspay made, and the newest that Juspay made by its own rules. */
    async refunds(accountId: string): Promise<{ ours: RefundProof | null; auto: RefundProof | null }> {
      const newest = (origin: 'paydesk' | 'auto') =>
        sql.first(
          refundRow,
          `select r.changed_at as at, o.order_ref as "orderRef" from refund r
           join orders o on o.merchant_account_id = r.merchant_account_id and o.id = r.order_id
           where r.merchant_account_id = $1 and r.origin = $2 and r.status = 'succeeded'
           order by r.changed_at desc limit 1`,
          [accountId, origin],
        )
      const [ours, auto] = await Promise.all([newest('paydesk'), newest('auto')])
      return { ours, auto }
    },

    /** Payments that came late or twice and that nobody has returned, found before `before`; counted up to `limit`. */
    async keptConflicts(accountId: string, before: Date, limit: number): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.number() }),
        `select count(*)::int as count from (
           select from discrepancy where merchant_account_id = $1 and status = 'open'
             and kind in ('double_charge', 'late_success') and found_at < $2 limit $3) as bounded`,
        [accountId, before, limit],
      )
      return row?.count ?? 0
    },
  }
}

const refundRow = z.object({ at: z.date(), orderRef: z.string() })

export type RefundProof = z.infer<typeof refundRow>
