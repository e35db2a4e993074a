import { z } from 'zod'
import type { Sql } from './sql.ts'

/** A person's authenticator app; `confirmedAt` is null until a first code was right. */
export type SecondFactor = { sealedSecret: Buffer; confirmedAt: Date | null }

/** Authenticator apps, recovery codes, and sign-ins that wait for their second step. */
export function secondFactorStore(sql: Sql) {
  const of = (userId: string): Promise<SecondFactor | null> =>
    sql.first(
      z.object({ sealedSecret: z.instanceof(Buffer), confirmedAt: z.date().nullable() }),
      `select sealed_secret as "sealedSecret", confirmed_at as "confirmedAt" from second_factor where user_id = $1`,
      [userId],
    )
  return {
    of,

    /** Whether somebody's sign-in has a second step. */
    async isOn(userId: string): Promise<boolean> {
      const factor = await of(userId)
      return factor !== null && factor.confirmedAt !== null
    },

    /** Keeps a new secret that is not confirmed yet. Returns false when a confirmed one is there. */
    async begin(userId: string, sealedSecret: Buffer, at: Date): Promise<boolean> {
      const written = await sql.run(
        `insert into second_factor (user_id, sealed_secret, created_at) values ($1, $2, $3)
         on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at,
           last_step = 0 where second_factor.confirmed_at is null`,
        [userId, sealedSecret, at],
      )
      return written === 1
    },

    /**
     * Uses up the code of `step` (compare-and-set): of any number of uses at the same moment one is true, and no code
     * of an earlier step is good afterwards (RFC 6238 §5.2).
     */
    async useStep(userId: string, step: bigint): Promise<boolean> {
      const moved = await sql.run(
        `update second_factor set last_step = $2 where user_id = $1 and last_step < $2 and confirmed_at is not null`,
        [userId, step],
      )
      return moved === 1
    },

    /** Confirms the very secret whose first code was right; that code is thereby used. */
    async confirm(userId: string, sealedSecret: Buffer, step: bigint, at: Date): Promise<boolean> {
      const moved = await sql.run(
        `update second_factor set last_step = $3, confirmed_at = $4
         where user_id = $1 and sealed_secret = $2 and confirmed_at is null`,
        [userId, sealedSecret, step, at],
      )
      return moved === 1
    },

    /** Takes the factor and its recovery codes away. Returns whether there was a confirmed one. */
    async remove(userId: string): Promise<boolean> {
      await sql.run('delete from recovery_code where user_id = $1', [userId])
      const gone = await sql.first(
        z.object({ confirmed: z.boolean() }),
        'delete from second_factor where user_id = $1 returning confirmed_at is not null as confirmed',
        [userId],
      )
      return gone?.confirmed ?? false
    },

    /** Puts new recovery codes in the place of the old ones. */
    async replaceRecoveryCodes(userId: string, hashes: readonly string[], at: Date): Promise<void> {
      await sql.run('delete from recovery_code where user_id = $1', [userId])
      await sql.run(
        `insert into recovery_code (user_id, code_hash, created_at) select $1, hash, $3 from unnest($2::text[]) hash`,
        [userId, hashes, at],
      )
    },

    /** Uses a recovery code up (compare-and-set). */
    async useRecoveryCode(userId: string, hash: string, at: Date): Promise<boolean> {
      const used = await sql.run(
        `update recovery_code set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null`,
        [userId, hash, at],
      )
      return used === 1
    },

    async recoveryCodesLeft(userId: string): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        'select count(*) as count from recovery_code where user_id = $1 and used_at is null',
        [userId],
      )
      return Number(row?.count ?? 0n)
    },

    /** Remembers that a password was right and the second step is still to come; forgets those that ran out. */
    async beginChallenge(input: {
      tokenHash: string
      userId: string
      now: Date
      expiresAt: Date
    }): Promise<void> {
      await sql.run(
        `delete from sign_in_challenge where token_hash in
           (select token_hash from sign_in_challenge where expires_at < $1 limit 50)`,
        [input.now],
      )
      await sql.run(`insert into sign_in_challenge (token_hash, user_id, expires_at) values ($1, $2, $3)`, [
        input.tokenHash,
        input.userId,
        input.expiresAt,
      ])
    },

    /** Who a second step is waited for; null when nobody's or too late. */
    challenged: (
      tokenHash: string,
      now: Date,
    ): Promise<{ userId: string; name: string; email: string } | null> =>
      sql.first(
        z.object({ userId: z.string(), name: z.string(), email: z.string() }),
        `select u.id as "userId", u.name, u.email from sign_in_challenge c join staff_user u on u.id = c.user_id
         where c.token_hash = $1 and c.expires_at > $2`,
        [tokenHash, now],
      ),

    /** Ends the wait; of two at the same moment one is true. */
    async endChallenge(tokenHash: string): Promise<boolean> {
      return (await sql.run('delete from sign_in_challenge where token_hash = $1', [tokenHash])) === 1
    },
  }
}
