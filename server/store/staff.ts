import { z } from 'zod'
import { ROLES, type Role } from '../domain/permission.ts'
import type { Prepared, Sql } from './sql.ts'

/** The person behind a session, as the database says now. */
export type SignedIn = {
  sessionId: string
  /** Past the end that was set when it began. */
  expired: boolean
  userId: string
  name: string
  email: string
  disabled: boolean
  role: Role
  accountId: string
  startedAt: Date
  /** When the person last did something. */
  seenAt: Date
  /** When the person last proved who they are; null in a session that a step-up replaced. */
  steppedUpAt: Date | null
  /** When a step-up gave the browser another session. */
  replacedAt: Date | null
  hasSecondFactor: boolean
  secondFactorRequired: boolean
  /** The account's. */
  currency: string
}

/** One person of a merchant account. */
export type StaffMember = {
  id: string
  name: string
  email: string
  role: Role
  disabled: boolean
  hasSecondFactor: boolean
  lastSeenAt: Date | null
  createdAt: Date
}

export type NewStaffMember = {
  userId: string
  name: string
  email: string
  /** As the sign-in library hashes it; never the password. */
  passwordHash: string
}

const nameRow = z.object({ id: z.string(), name: z.string() })

/** A replaced session's row is kept this long, so that an open live feed can tell it from a sign-out. */
const REPLACED_KEPT_MS = 3_600_000

const role = z.enum(ROLES)

const signedInRow = z
  .object({
    session_id: z.string(),
    expired: z.boolean(),
    user_id: z.string(),
    name: z.string(),
    email: z.string(),
    disabled: z.boolean(),
    role,
    merchant_account_id: z.string(),
    started_at: z.date(),
    seen_at: z.date(),
    stepped_up_at: z.date().nullable(),
    replaced_at: z.date().nullable(),
    has_second_factor: z.boolean(),
    second_factor_required: z.boolean(),
    currency: z.string(),
  })
  .transform((row): SignedIn => ({
    sessionId: row.session_id,
    expired: row.expired,
    userId: row.user_id,
    name: row.name,
    email: row.email,
    disabled: row.disabled,
    role: row.role,
    accountId: row.merchant_account_id,
    startedAt: row.started_at,
    seenAt: row.seen_at,
    steppedUpAt: row.stepped_up_at,
    replacedAt: row.replaced_at,
    hasSecondFactor: row.has_second_factor,
    secondFactorRequired: row.second_factor_required,
    currency: row.currency,
  }))

const memberRow = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    disabled: z.boolean(),
    has_second_factor: z.boolean(),
    last_seen_at: z.date().nullable(),
    created_at: z.date(),
  })
  .transform((row): StaffMember => ({
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    disabled: row.disabled,
    hasSecondFactor: row.has_second_factor,
    lastSeenAt: row.last_seen_at,
    createdAt: row.created_at,
  }))

const MEMBER = `select u.id, u.name, u.email, m.role, u.disabled, u.created_at,
    exists (select from second_factor f where f.user_id = u.id and f.confirmed_at is not null) as has_second_factor,
    (select max(s.updated_at) from staff_session s where s.user_id = u.id) as last_seen_at
  from membership m join staff_user u on u.id = m.user_id`

/** Prepared: planning it costs more than running it. */
function signedInBy(name: string, condition: string): Prepared {
  return {
    name,
    text: `select s.id as session_id, u.id as user_id, u.name, u.email, u.disabled, m.role, m.merchant_account_id,
    s.created_at as started_at, s.updated_at as seen_at, s.stepped_up_at, s.replaced_at,
    s.expires_at <= now() as expired,
    exists (select from second_factor f where f.user_id = u.id and f.confirmed_at is not null) as has_second_factor,
    (a.environment = 'production' or a.second_factor_for_money) as second_factor_required, a.currency
    from staff_session s
    join staff_user u on u.id = s.user_id
    join membership m on m.user_id = u.id
    join merchant_account a on a.id = m.merchant_account_id
    where ${condition}
    order by (m.merchant_account_id = s.active_account_id) desc nulls last, m.created_at, m.merchant_account_id
    limit 1`,
  }
}

const SIGNED_IN_BY_ID = signedInBy('staff_signed_in_by_id', 's.id = $1')
/** A session that replaces another begins when that one did (`succeedSession`): so they are known to be one sign-in. */
const SIGNED_IN_SINCE = signedInBy(
  'staff_signed_in_since',
  `s.replaced_at is null
     and (s.user_id, s.created_at) = (select user_id, created_at from staff_session where id = $1)`,
)
const SIGNED_IN_BY_TOKEN = signedInBy('staff_signed_in_by_token', 's.token = $1')

/** People, their role per merchant account, and their sessions. */
export function staffStore(sql: Sql) {
  return {
    /** Who a session belongs to and on which account; null when it is gone or the person has no account. */
    signedIn: (sessionId: string): Promise<SignedIn | null> =>
      sql.first(signedInRow, SIGNED_IN_BY_ID, [sessionId]),

    /** The same of a session, or of the one in its place if `succeedSession` has put another there since. */
    signedInSince: (sessionId: string): Promise<SignedIn | null> =>
      sql.first(signedInRow, SIGNED_IN_SINCE, [sessionId]),

    /** The same by the hash of the token in the cookie: what every request of the dashboard begins with. */
    signedInWith: (tokenHash: string): Promise<SignedIn | null> =>
      sql.first(signedInRow, SIGNED_IN_BY_TOKEN, [tokenHash]),

    /** Names of an account's people by their ids; ids of nobody, such as a job's name, are left out. */
    async names(accountId: string, ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map()
      const rows = await sql.rows(
        nameRow,
        `select u.id, u.name from membership m join staff_user u on u.id = m.user_id
         where m.merchant_account_id = $1 and m.user_id::text = any($2)`,
        [accountId, ids],
      )
      return new Map(rows.map(({ id, name }) => [id, name]))
    },

    /** Whether a person may have a session: not disabled, and a member somewhere. */
    async isAdmitted(userId: string): Promise<boolean> {
      const row = await sql.first(
        z.object({ id: z.string() }),
        `select u.id from staff_user u
         where u.id = $1 and not u.disabled and exists (select from membership m where m.user_id = u.id)`,
        [userId],
      )
      return row !== null
    },

    /** The account a new session of this person works on, and the role there. */
    async membershipOf(userId: string): Promise<{ accountId: string; role: Role } | null> {
      const row = await sql.first(
        z.object({ merchant_account_id: z.string(), role }),
        `select merchant_account_id, role from membership where user_id = $1
         order by created_at, merchant_account_id limit 1`,
        [userId],
      )
      return row === null ? null : { accountId: row.merchant_account_id, role: row.role }
    },

    /** Remembers that the person did something just now. */
    async touchSession(sessionId: string, at: Date): Promise<void> {
      await sql.run('update staff_session set updated_at = $2 where id = $1', [sessionId, at])
    },

    /**
     * Puts a new session of the same person in the place of an old one: it began when the old one did, ends when that
     * would have, and works on the same account. The old one is no proof of anything any more, and is gone after some seconds.
     */
    async succeedSession(input: { from: string; to: string; at: Date }): Promise<void> {
      await sql.run(
        `with old as (
           update staff_session set replaced_at = $3, stepped_up_at = null where id = $1 returning *
         )
         update staff_session s set created_at = old.created_at, expires_at = old.expires_at, updated_at = $3,
           active_account_id = old.active_account_id
         from old where s.id = $2 and s.user_id = old.user_id`,
        [input.from, input.to, input.at],
      )
      // Those that were replaced long ago have no feed left that could ask about them.
      await sql.run(
        `delete from staff_session where replaced_at < $2 and user_id = (select user_id from staff_session where id = $1)`,
        [input.to, new Date(input.at.getTime() - REPLACED_KEPT_MS)],
      )
    },

    async endSession(sessionId: string): Promise<void> {
      await sql.run('delete from staff_session where id = $1', [sessionId])
    },

    /** Ends every session of a person, but `keep`; returns how many there were. */
    endSessionsOf: (userId: string, keep: string | null = null): Promise<number> =>
      sql.run('delete from staff_session where user_id = $1 and id is distinct from $2', [userId, keep]),

    /** The account a session works on; the person must be a member of it. Returns whether that was so. */
    async switchAccount(sessionId: string, slug: string): Promise<boolean> {
      const touched = await sql.run(
        `update staff_session s set active_account_id = a.id
         from merchant_account a join membership m on m.merchant_account_id = a.id
         where s.id = $1 and a.slug = $2 and m.user_id = s.user_id`,
        [sessionId, slug],
      )
      return touched === 1
    },

    /** Accounts a person is a member of, by name. */
    accountsOf: (userId: string): Promise<{ slug: string; name: string }[]> =>
      sql.rows(
        z.object({ slug: z.string(), name: z.string() }),
        `select a.slug, a.name from membership m join merchant_account a on a.id = m.merchant_account_id
         where m.user_id = $1 order by a.name, a.slug`,
        [userId],
      ),

    /** Everybody of an account, by name. */
    list: (accountId: string): Promise<StaffMember[]> =>
      sql.rows(
        memberRow,
        { name: 'staff_list', text: `${MEMBER} where m.merchant_account_id = $1 order by u.name, u.email` },
        [accountId],
      ),

    member: (accountId: string, userId: string): Promise<StaffMember | null> =>
      sql.first(memberRow, `${MEMBER} where m.merchant_account_id = $1 and u.id = $2`, [accountId, userId]),

    async idOfAddress(email: string): Promise<string | null> {
      const row = await sql.first(
        z.object({ id: z.string() }),
        'select id from staff_user where lower(email) = lower($1)',
        [email],
      )
      return row?.id ?? null
    },

    /** The first account of the person with this address, for the audit entry of a failed sign-in; null for nobody. */
    async accountOfAddress(email: string): Promise<string | null> {
      const row = await sql.first(
        z.object({ merchant_account_id: z.string() }),
        `select m.merchant_account_id from staff_user u join membership m on m.user_id = u.id
         where lower(u.email) = lower($1) order by m.created_at, m.merchant_account_id limit 1`,
        [email],
      )
      return row?.merchant_account_id ?? null
    },

    /** Adds a person who can sign in with a password. Returns false when the address is taken. */
    async create(person: NewStaffMember): Promise<boolean> {
      const added = await sql.run(
        `insert into staff_user (id, name, email, email_verified, updated_at)
         values ($1, $2, lower($3), true, now()) on conflict do nothing`,
        [person.userId, person.name, person.email],
      )
      if (added === 0) return false
      await sql.run(
        `insert into staff_credential (user_id, account_id, provider_id, password, updated_at)
         values ($1::uuid, $1::text, 'credential', $2, now())`,
        [person.userId, person.passwordHash],
      )
      return true
    },

    /** Puts a person on an account, or changes the role there. */
    async setRole(accountId: string, userId: string, newRole: Role): Promise<void> {
      await sql.run(
        `insert into membership (merchant_account_id, user_id, role) values ($1, $2, $3)
         on conflict (merchant_account_id, user_id) do update set role = excluded.role`,
        [accountId, userId, newRole],
      )
    },

    async setDisabled(userId: string, disabled: boolean): Promise<void> {
      await sql.run('update staff_user set disabled = $2, updated_at = now() where id = $1', [
        userId,
        disabled,
      ])
    },

    /** Locks the account's memberships and people, and counts the admins who can sign in: two cannot both be the last. */
    async lockAdmins(accountId: string): Promise<string[]> {
      const rows = await sql.rows(
        z.object({ id: z.string() }),
        `select u.id from membership m join staff_user u on u.id = m.user_id
         where m.merchant_account_id = $1 and m.role = 'admin' and not u.disabled
         order by u.id for update`,
        [accountId],
      )
      return rows.map((row) => row.id)
    },
  }
}
