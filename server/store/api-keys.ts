import { z } from 'zod'
import type { Sql } from './sql.ts'

/** What a program of the merchant may do with its key. */
export const API_KEY_SCOPES = ['sdk'] as const

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number]

export type ApiKeyRecord = {
  id: string
  accountId: string
  name: string
  prefix: string
  scopes: string[]
  revokedAt: Date | null
}

const apiKeyRow = z
  .object({
    id: z.string(),
    merchant_account_id: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    revoked_at: z.date().nullable(),
  })
  .transform((row): ApiKeyRecord => ({
    id: row.id,
    accountId: row.merchant_account_id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    revokedAt: row.revoked_at,
  }))

const COLUMNS = 'id, merchant_account_id, name, prefix, scopes, revoked_at'

/** Keys of the merchant's programs. Only hashes are stored; a key is shown once, when it is made. */
export function apiKeyStore(sql: Sql) {
  return {
    /** The key with this SHA-256, revoked or not; the lookup is by hash, so it leaks no prefix by its timing. */
    byHash: (secretHash: Uint8Array): Promise<ApiKeyRecord | null> =>
      sql.first(apiKeyRow, `select ${COLUMNS} from api_key where secret_hash = $1`, [secretHash]),

    list: (accountId: string): Promise<ApiKeyRecord[]> =>
      sql.rows(
        apiKeyRow,
        `select ${COLUMNS} from api_key where merchant_account_id = $1 order by created_at`,
        [accountId],
      ),

    async create(key: {
      accountId: string
      name: string
      prefix: string
      secretHash: Uint8Array
      scopes: readonly ApiKeyScope[]
    }): Promise<void> {
      await sql.run(
        `insert into api_key (merchant_account_id, name, prefix, secret_hash, scopes)
         values ($1, $2, $3, $4, $5)`,
        [key.accountId, key.name, key.prefix, key.secretHash, [...key.scopes]],
      )
    },

    async revoke(accountId: string, id: string): Promise<void> {
      await sql.run(
        'update api_key set revoked_at = now() where merchant_account_id = $1 and id = $2 and revoked_at is null',
        [accountId, id],
      )
    },
  }
}
