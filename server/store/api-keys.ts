import { z } from 'zod'
import type { ApiKeyScope } from '../domain/api-key.ts'
import type { Sql } from './sql.ts'

export type ApiKeyRecord = {
  id: string
  accountId: string
  name: string
  prefix: string
  scopes: string[]
  createdBy: string | null
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  ratePerMinute: number
}

/** A key at work: its calls in the minute that began at `windowStartedAt`, this one among them. */
export type ApiKeyUse = ApiKeyRecord & { windowCalls: number; windowStartedAt: Date }

const columns = z.object({
  id: z.string(),
  merchant_account_id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  created_by: z.string().nullable(),
  created_at: z.date(),
  expires_at: z.date().nullable(),
  last_used_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
  rate_per_minute: z.number(),
})

const recordOf = (row: z.infer<typeof columns>): ApiKeyRecord => ({
  id: row.id,
  accountId: row.merchant_account_id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
  ratePerMinute: row.rate_per_minute,
})

const apiKeyRow = columns.transform(recordOf)
const apiKeyUseRow = columns
  .extend({ window_calls: z.number(), window_started_at: z.date() })
  .transform((row): ApiKeyUse => ({
    ...recordOf(row),
    windowCalls: row.window_calls,
    windowStartedAt: row.window_started_at,
  }))

const COLUMNS = `id, merchant_account_id, name, prefix, scopes, created_by, created_at, expires_at, last_used_at,
  revoked_at, rate_per_minute`

/** Keys of one account shown at most, newest first. */
const LIST_MAX = 200

const IN_WINDOW = `window_started_at > $2::timestamptz - interval '1 minute'`

/** Keys of the merchant's programs. Only hashes are stored; a key is shown once, when it is made. */
export function apiKeyStore(sql: Sql) {
  return {
    /** The key with this SHA-256, revoked or not; the lookup is by hash, so it leaks no prefix by its timing. */
    byHash: (secretHash: Uint8Array): Promise<ApiKeyRecord | null> =>
      sql.first(apiKeyRow, `select ${COLUMNS} from api_key where secret_hash = $1`, [secretHash]),

    /**
     * Counts a call of the living key with this hash, for all servers at once; null when there is none. A window lasts a
     * minute from its first call, and calls beyond the rate count too: who does not slow down stays out.
     */
    use: (secretHash: Uint8Array, now: Date): Promise<ApiKeyUse | null> =>
      sql.first(
        apiKeyUseRow,
        `update api_key set last_used_at = $2,
           window_calls = case when ${IN_WINDOW} then window_calls + 1 else 1 end,
           window_started_at = case when ${IN_WINDOW} then window_started_at else $2 end
         where secret_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
         returning ${COLUMNS}, window_calls, window_started_at`,
        [secretHash, now],
      ),

    list: (accountId: string): Promise<ApiKeyRecord[]> =>
      sql.rows(
        apiKeyRow,
        `select ${COLUMNS} from api_key where merchant_account_id = $1
         order by revoked_at is not null, created_at desc limit ${LIST_MAX}`,
        [accountId],
      ),

    async create(key: {
      accountId: string
      name: string
      prefix: string
      secretHash: Uint8Array
      scopes: readonly ApiKeyScope[]
      createdBy: string
      expiresAt: Date | null
      ratePerMinute: number
    }): Promise<void> {
      await sql.run(
        `insert into api_key (merchant_account_id, name, prefix, secret_hash, scopes, created_by, expires_at,
           rate_per_minute)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          key.accountId,
          key.name,
          key.prefix,
          key.secretHash,
          [...key.scopes],
          key.createdBy,
          key.expiresAt,
          key.ratePerMinute,
        ],
      )
    },

    /** Ends a key; returns whether it was alive. */
    async revoke(accountId: string, id: string): Promise<boolean> {
      const ended = await sql.run(
        'update api_key set revoked_at = now() where merchant_account_id = $1 and id = $2 and revoked_at is null',
        [accountId, id],
      )
      return ended === 1
    },
  }
}
