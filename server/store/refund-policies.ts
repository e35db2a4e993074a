import { z } from 'zod'
import {
  DEFAULT_POLICY,
  parsePolicy,
  policyToJson,
  type ApprovalPolicy,
  type VersionedPolicy,
} from '../domain/approval-policy.ts'
import type { Sql } from './sql.ts'

const policyRow = z.object({ version: z.number(), rules: z.unknown() })

const writtenRow = z.object({ ...policyRow.shape, writtenBy: z.string(), writtenAt: z.date() })

export type WrittenPolicy = VersionedPolicy & { writtenBy: string; writtenAt: Date }

/** Approval policies: every change is a new version, so that each request can name the rules it was judged by. */
export function refundPolicyStore(sql: Sql) {
  return {
    /** The rules in force; the built-in ones (version 0) until an admin has written any. */
    async current(accountId: string): Promise<VersionedPolicy> {
      const row = await sql.first(
        policyRow,
        'select version, rules from refund_policy where merchant_account_id = $1 order by version desc limit 1',
        [accountId],
      )
      return row === null ? DEFAULT_POLICY : { version: row.version, rules: parsePolicy(row.rules) }
    },

    /** Versions written so far, newest first, from below a version on. */
    async history(
      accountId: string,
      { below, limit }: { below: number | null; limit: number },
    ): Promise<WrittenPolicy[]> {
      const rows = await sql.rows(
        writtenRow,
        `select p.version, p.rules, coalesce(u.name, p.created_by) as "writtenBy", p.created_at as "writtenAt"
         from refund_policy p left join staff_user u on u.id::text = p.created_by
         where p.merchant_account_id = $1 and ($2::int is null or p.version < $2) order by p.version desc limit $3`,
        [accountId, below, limit],
      )
      return rows.map((row) => ({ ...row, rules: parsePolicy(row.rules) }))
    },

    /**
     * Writes the next version.
     * @returns its number, or null when `basedOn` is no longer the current version: somebody else was first.
     */
    async write(input: {
      accountId: string
      basedOn: number
      rules: ApprovalPolicy
      createdBy: string
      now: Date
    }): Promise<number | null> {
      const row = await sql.first(
        z.object({ version: z.number() }),
        `insert into refund_policy (merchant_account_id, version, rules, created_by, created_at)
         select $1, $2::int + 1, $3::jsonb, $4, $5
         where coalesce((select max(version) from refund_policy where merchant_account_id = $1), 0) = $2
         on conflict (merchant_account_id, version) do nothing
         returning version`,
        [
          input.accountId,
          input.basedOn,
          JSON.stringify(policyToJson(input.rules)),
          input.createdBy,
          input.now,
        ],
      )
      return row?.version ?? null
    },
  }
}
