import { z } from 'zod'
import type { Sql } from './sql.ts'

/** What a pair of keys is for: signing SDK payloads (API reference §2.4), or `/v4` (§1.5). */
export const KEY_PURPOSES = ['payload', 'jwe'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** `waiting` for the id Juspay gives it, `current` signs, `previous` is still accepted, `retired` is history. */
export type KeyState = 'waiting' | 'current' | 'previous' | 'retired'

export type MerchantKeyRecord = {
  id: string
  purpose: KeyPurpose
  state: KeyState
  /** Id that Juspay gave the public half. */
  keyId: string | null
  /** SHA-256 of the public half, hexadecimal. */
  fingerprint: string
  /** PEM. */
  publicKey: string
  /** PEM; Juspay's half, for `jwe`. */
  juspayPublicKey: string | null
  createdBy: string
  createdAt: Date
  activatedAt: Date | null
  retiredAt: Date | null
}

export type NewMerchantKey = MerchantKeyRecord & { accountId: string; sealedPrivateKey: Uint8Array }

const keyRow = z
  .object({
    id: z.string(),
    purpose: z.enum(KEY_PURPOSES),
    state: z.enum(['waiting', 'current', 'previous', 'retired']),
    key_id: z.string().nullable(),
    fingerprint: z.string(),
    public_key: z.string(),
    juspay_public_key: z.string().nullable(),
    created_by: z.string(),
    created_at: z.date(),
    activated_at: z.date().nullable(),
    retired_at: z.date().nullable(),
  })
  .transform((row): MerchantKeyRecord => ({
    id: row.id,
    purpose: row.purpose,
    state: row.state,
    keyId: row.key_id,
    fingerprint: row.fingerprint,
    publicKey: row.public_key,
    juspayPublicKey: row.juspay_public_key,
    createdBy: row.created_by,
    createdAt: row.created_at,
    activatedAt: row.activated_at,
    retiredAt: row.retired_at,
  }))

const sealedRow = z.object({ sealed_private_key: z.instanceof(Buffer).nullable() })

const COLUMNS = `id, purpose, state, key_id, fingerprint, public_key, juspay_public_key, created_by, created_at,
  activated_at, retired_at`

/** Retired keys shown at most: they stay to say which key signed what. */
const RETIRED_MAX = 50

/** Pairs of keys of merchant accounts. Private halves leave this store only sealed. */
export function merchantKeyStore(sql: Sql) {
  return {
    /** All keys in use, then the retired ones, newest first. */
    list: (accountId: string): Promise<MerchantKeyRecord[]> =>
      sql.rows(
        keyRow,
        `select ${COLUMNS} from merchant_key where merchant_account_id = $1
         order by state = 'retired', created_at desc limit ${RETIRED_MAX + 6}`,
        [accountId],
      ),

    /** The account's keys of one purpose that are not retired, locked until the transaction ends. */
    lockLive: async (accountId: string, purpose: KeyPurpose): Promise<MerchantKeyRecord[]> => {
      // The account's row stands for keys that do not exist yet.
      await sql.run('select 1 from merchant_account where id = $1 for no key update', [accountId])
      return sql.rows(
        keyRow,
        `select ${COLUMNS} from merchant_key
         where merchant_account_id = $1 and purpose = $2 and state <> 'retired' for update`,
        [accountId, purpose],
      )
    },

    /** The sealed private half of a key of this account, for `openBytes`; null when it has none (any more). */
    async sealedPrivateKey(accountId: string, id: string): Promise<Buffer | null> {
      const row = await sql.first(
        sealedRow,
        'select sealed_private_key from merchant_key where merchant_account_id = $1 and id = $2',
        [accountId, id],
      )
      return row?.sealed_private_key ?? null
    },

    /** Adds a key. Returns false when the account has had this pair before. */
    async create(key: NewMerchantKey): Promise<boolean> {
      const added = await sql.run(
        `insert into merchant_key (id, merchant_account_id, purpose, state, key_id, fingerprint, public_key,
           sealed_private_key, juspay_public_key, created_by, created_at, activated_at, retired_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (merchant_account_id, purpose, fingerprint) do nothing`,
        [
          key.id,
          key.accountId,
          key.purpose,
          key.state,
          key.keyId,
          key.fingerprint,
          key.publicKey,
          key.sealedPrivateKey,
          key.juspayPublicKey,
          key.createdBy,
          key.createdAt,
          key.activatedAt,
          key.retiredAt,
        ],
      )
      return added === 1
    },

    /** The waiting key signs from now on. The caller has moved the one before out of the way. */
    async activate(key: {
      id: string
      keyId: string
      juspayPublicKey: string | null
      now: Date
    }): Promise<void> {
      await sql.run(
        `update merchant_key set state = 'current', key_id = $2, juspay_public_key = $3, activated_at = $4
         where id = $1 and state = 'waiting'`,
        [key.id, key.keyId, key.juspayPublicKey, key.now],
      )
    },

    /** The key that signed until now is still accepted. */
    async stepBack(id: string): Promise<void> {
      await sql.run(`update merchant_key set state = 'previous' where id = $1 and state = 'current'`, [id])
    },

    /** Ends a key; its private half is forgotten. */
    async retire(id: string, now: Date): Promise<void> {
      await sql.run(
        `update merchant_key set state = 'retired', retired_at = $2, sealed_private_key = null where id = $1`,
        [id, now],
      )
    },

    /** Forgets a key that was never used. */
    async discard(id: string): Promise<void> {
      await sql.run(`delete from merchant_key where id = $1 and state = 'waiting'`, [id])
    },
  }
}
