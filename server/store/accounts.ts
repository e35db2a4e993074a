import { z } from 'zod'
import type { Sql } from './sql.ts'

/** How calls to Juspay prove who they are: API key, or signed and encrypted (API reference §1.2, §1.5). */
export const AUTH_MODES = ['basic', 'jwe'] as const
export type AuthMode = (typeof AUTH_MODES)[number]

/** A merchant account without its secrets. */
export type AccountRecord = {
  id: string
  slug: string
  name: string
  environment: 'sandbox' | 'production'
  /** Juspay's host, such as `https://api.juspay.in`. */
  baseUrl: string
  juspayMerchantId: string
  /** `payment_page_client_id`. */
  clientId: string
  /** The `version` header. */
  apiVersion: string
  currency: string
  webhookUsername: string
  authMode: AuthMode
  returnPageUrl: string | null
  createdAt: Date
}

export type NewAccount = Omit<AccountRecord, 'createdAt' | 'authMode'> & { sealedSecrets: Uint8Array }

/** What the webhook receiver needs to know an account by. */
export type AccountCredentials = { id: string; slug: string; webhookUsername: string; sealedSecrets: Buffer }

const accountRow = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    environment: z.enum(['sandbox', 'production']),
    base_url: z.string(),
    juspay_merchant_id: z.string(),
    client_id: z.string(),
    api_version: z.string(),
    currency: z.string(),
    webhook_username: z.string(),
    auth_mode: z.enum(AUTH_MODES),
    return_page_url: z.string().nullable(),
    created_at: z.date(),
  })
  .transform((row): AccountRecord => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    environment: row.environment,
    baseUrl: row.base_url,
    juspayMerchantId: row.juspay_merchant_id,
    clientId: row.client_id,
    apiVersion: row.api_version,
    currency: row.currency,
    webhookUsername: row.webhook_username,
    authMode: row.auth_mode,
    returnPageUrl: row.return_page_url,
    createdAt: row.created_at,
  }))

const credentialsRow = z
  .object({
    id: z.string(),
    slug: z.string(),
    webhook_username: z.string(),
    sealed_secrets: z.instanceof(Buffer),
  })
  .transform((row): AccountCredentials => ({
    id: row.id,
    slug: row.slug,
    webhookUsername: row.webhook_username,
    sealedSecrets: row.sealed_secrets,
  }))

const earlierKeyRow = z
  .object({ id: z.string(), merchant_key_id: z.string(), sealed_secrets: z.instanceof(Buffer) })
  .transform((row) => ({ id: row.id, keyId: row.merchant_key_id, sealedSecrets: row.sealed_secrets }))

const COLUMNS = `id, slug, name, environment, base_url, juspay_merchant_id, client_id, api_version, currency,
  webhook_username, auth_mode, return_page_url, created_at`

/** Merchant accounts. Secrets leave this store only sealed; `sealing.ts` opens them. */
export function accountStore(sql: Sql) {
  return {
    byId: (id: string): Promise<AccountRecord | null> =>
      sql.first(accountRow, `select ${COLUMNS} from merchant_account where id = $1`, [id]),

    bySlug: (slug: string): Promise<AccountRecord | null> =>
      sql.first(accountRow, `select ${COLUMNS} from merchant_account where slug = $1`, [slug]),

    /** Every account, by name. There are few: one per Juspay merchant id and environment. */
    list: (): Promise<AccountRecord[]> =>
      sql.rows(accountRow, `select ${COLUMNS} from merchant_account order by name, slug`),

    /** Adds an account. The slug is unique; webhooks and SDK calls name the account by it. */
    async create(account: NewAccount): Promise<void> {
      await sql.run(
        `insert into merchant_account (id, slug, name, environment, base_url, juspay_merchant_id, client_id,
           api_version, currency, webhook_username, return_page_url, sealed_secrets)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          account.id,
          account.slug,
          account.name,
          account.environment,
          account.baseUrl,
          account.juspayMerchantId,
          account.clientId,
          account.apiVersion,
          account.currency,
          account.webhookUsername,
          account.returnPageUrl,
          account.sealedSecrets,
        ],
      )
    },

    /** Sealed secrets of one account, for `openSecrets`; null when there is no such account. */
    async secretsOf(accountId: string): Promise<Buffer | null> {
      const row = await sql.first(
        credentialsRow,
        'select id, slug, webhook_username, sealed_secrets from merchant_account where id = $1',
        [accountId],
      )
      return row?.sealedSecrets ?? null
    },

    /** Where Juspay and the shop's page are reached; the demo's ports may differ from start to start. */
    async setAddresses(
      accountId: string,
      addresses: { baseUrl: string; returnPageUrl: string | null },
    ): Promise<void> {
      await sql.run('update merchant_account set base_url = $2, return_page_url = $3 where id = $1', [
        accountId,
        addresses.baseUrl,
        addresses.returnPageUrl,
      ])
    },

    /** How the account's calls to Juspay are secured from now on. */
    async setAuthMode(accountId: string, mode: AuthMode): Promise<void> {
      await sql.run('update merchant_account set auth_mode = $2 where id = $1', [accountId, mode])
    },

    /** Accounts whose signing key an earlier release kept among the sealed secrets. */
    withEarlierKeys: (): Promise<{ id: string; keyId: string; sealedSecrets: Buffer }[]> =>
      sql.rows(
        earlierKeyRow,
        'select id, merchant_key_id, sealed_secrets from merchant_account where merchant_key_id is not null',
      ),

    /** Says whether whoever moves money on the account needs a second factor; returns what was said before. */
    async setSecondFactorRule(accountId: string, required: boolean): Promise<boolean> {
      const row = await sql.first(
        z.object({ before: z.boolean() }),
        `update merchant_account a set second_factor_for_money = $2
         from (select id, second_factor_for_money as before from merchant_account where id = $1 for update) o
         where a.id = o.id returning o.before`,
        [accountId, required],
      )
      return row?.before ?? false
    },

    /** Replaces the sealed secrets of one account. */
    async replaceSecrets(accountId: string, sealed: Uint8Array): Promise<void> {
      await sql.run('update merchant_account set sealed_secrets = $2 where id = $1', [accountId, sealed])
    },

    /** Webhook user names and sealed passwords of all accounts, for the receiver. */
    credentials: (): Promise<AccountCredentials[]> =>
      sql.rows(credentialsRow, 'select id, slug, webhook_username, sealed_secrets from merchant_account'),
  }
}
