/**
 * Staff sign-in. The library checks passwords and signs cookies; who somebody is and what they may do is read from the
 * database at every request, so disabling a person or changing a role works at once (invariant of promise 3).
 */
import { betterAuth, type BetterAuthOptions } from 'better-auth'
import { APIError } from 'better-auth/api'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { z } from 'zod'
import type { StaffActor } from '../domain/actor.ts'
import type { Database } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { hashSessionTokens } from './hashed-sessions.ts'
import { sessionStart } from './session-start.ts'

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_HOURS = 12
/** And this long after the last thing its owner did. The live feed does not count. */
export const IDLE_MINUTES = 30
/** The idle clock is written at most this often. */
const TOUCH_EVERY_MS = 60_000

/** A session that a step-up replaced still serves calls that were on their way. */
const REPLACED_GRACE_MS = 10_000

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

export type Visit = { headers: Headers; requestId: string; ip: string | null }

export type SignInResult =
  | { ok: true; userId: string; name: string; email: string; cookies: string[] }
  | { ok: false; cause: 'wrong_details' | 'disabled' }

/** A signed-in person, with what their session says about how sure we are that it is them. */
export type StaffPresence = StaffActor & {
  sessionId: string
  /** When they last proved who they are. */
  steppedUpAt: Date | null
}

export type StepUpResult = { ok: true; cookies: string[] } | { ok: false; cause: 'wrong_details' }

export type StaffAuth = {
  /** Checks the password and starts a session; the cookie is in `cookies`. */
  signIn(email: string, password: string, visit: Visit): Promise<SignInResult>
  /** Ends the session behind the cookie; the answer clears the cookie. */
  signOut(visit: Visit): Promise<{ cookies: string[] }>
  /**
   * The person behind the cookie, with role and account as they are now; null when nobody is signed in, the session
   * is over, or the person is disabled or has no account any more. `passive` does not count as activity.
   */
  actorOf(visit: Visit, options?: { passive?: boolean }): Promise<StaffPresence | null>
  /**
   * Checks the password of somebody who is signed in. When it is right the browser gets another session, with another
   * token (ASVS 7.2.4): whoever got hold of the old one gains nothing.
   */
  stepUp(person: StaffPresence, password: string, visit: Visit): Promise<StepUpResult>
  /** Whether a session is over because a step-up put another one in its place. */
  wasReplaced(sessionId: string): Promise<boolean>
  /** The id of the session behind the cookie, for switching accounts. */
  sessionIdOf(visit: Visit): Promise<string | null>
  /** What {@link actorOf} answers, for a session whose cookie was checked before: one query. */
  actorOfSession(
    sessionId: string,
    visit: Pick<Visit, 'requestId' | 'ip'>,
    options?: { passive?: boolean },
  ): Promise<StaffPresence | null>
}

export type StaffAuthOptions = {
  database: Database
  store: Store
  clock: { now(): Date }
  publicUrl: string
  /** Signs cookies; derived from SECRET_KEY for this use alone. */
  cookieSecret: string
}

const startedShape = z.object({ sessionId: z.string() })
const signedInShape = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) })

/** Sets the library up: no public sign-up, no telemetry, strict cookies, hashed tokens. */
export function createStaffAuth(options: StaffAuthOptions): StaffAuth {
  const { store, clock } = options
  const auth = createLibrary(options)

  const sessionIdOf = async (visit: Visit): Promise<string | null> => {
    const found = await auth.api.getSession({ headers: visit.headers, query: { disableCookieCache: true } })
    return found?.session.id ?? null
  }

  const actorOfSession: StaffAuth['actorOfSession'] = async (
    sessionId,
    { requestId, ip },
    { passive = false } = {},
  ) => {
    const found = await store.staff.signedIn(sessionId)
    if (found === null) return null
    const now = clock.now().getTime()
    // Its row stays for a while, so that an open live feed can tell being replaced from being signed out.
    if (found.replacedAt !== null && now - found.replacedAt.getTime() >= REPLACED_GRACE_MS) return null
    const over =
      found.disabled ||
      now - found.startedAt.getTime() >= SESSION_HOURS * 3_600_000 ||
      now - found.seenAt.getTime() >= IDLE_MINUTES * 60_000
    if (over) {
      await store.staff.endSession(sessionId)
      return null
    }
    if (!passive && now - found.seenAt.getTime() >= TOUCH_EVERY_MS)
      await store.staff.touchSession(sessionId, clock.now())
    return {
      kind: 'user',
      userId: found.userId,
      name: found.name,
      email: found.email,
      role: found.role,
      accountId: found.accountId,
      requestId: requestId,
      ip: ip,
      sessionId,
      steppedUpAt: found.steppedUpAt,
    }
  }

  return {
    sessionIdOf,

    async signIn(email, password, visit) {
      const reply = await auth.api.signInEmail({
        body: { email, password, rememberMe: true },
        headers: visit.headers,
        asResponse: true,
      })
      if (!reply.ok) return { ok: false, cause: reply.status === 403 ? 'disabled' : 'wrong_details' }
      const { user } = signedInShape.parse(await reply.json())
      return { ok: true, userId: user.id, name: user.name, email: user.email, cookies: cookiesOf(reply) }
    },

    async signOut(visit) {
      const reply = await auth.api.signOut({ headers: visit.headers, asResponse: true })
      return { cookies: cookiesOf(reply) }
    },

    actorOfSession,

    async stepUp(person, password, visit) {
      const { internalAdapter, password: passwords } = await auth.$context
      const credentials = await internalAdapter.findAccounts(person.userId)
      const hash = credentials.find((one) => one.providerId === 'credential')?.password
      if (!hash || !(await passwords.verify({ hash, password }))) return { ok: false, cause: 'wrong_details' }
      const reply = await auth.api.startSession({
        body: { userId: person.userId },
        headers: visit.headers,
        asResponse: true,
      })
      const { sessionId } = startedShape.parse(await reply.json())
      await store.staff.succeedSession({ from: person.sessionId, to: sessionId, at: clock.now() })
      return { ok: true, cookies: cookiesOf(reply) }
    },

    async wasReplaced(sessionId) {
      const found = await store.staff.signedIn(sessionId)
      return found !== null && found.replacedAt !== null
    },

    async actorOf(visit, options) {
      const sessionId = await sessionIdOf(visit)
      return sessionId === null ? null : actorOfSession(sessionId, visit, options)
    },
  }
}

function createLibrary({ database, store, clock, publicUrl, cookieSecret }: StaffAuthOptions) {
  const https = publicUrl.startsWith('https://')
  const adapter = prismaAdapter(database.prisma, { provider: 'postgresql' })
  return betterAuth({
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret: cookieSecret,
    database: (libraryOptions: BetterAuthOptions) => hashSessionTokens(adapter(libraryOptions)),
    // People are made by an admin; nobody signs up.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    session: {
      expiresIn: SESSION_HOURS * 3_600,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      additionalFields: { steppedUpAt: { type: 'date', required: false, input: false, returned: false } },
    },
    plugins: [sessionStart()],
    telemetry: { enabled: false },
    // Ours counts failures in the database (sign-in-limit.ts); the library's lives in one process.
    rateLimit: { enabled: false },
    logger: { disabled: true },
    advanced: {
      // The prefix is ours: "__Host-" also forbids a Domain and any other path.
      useSecureCookies: false,
      cookies: { session_token: { name: `${https ? '__Host-' : ''}paydesk_session` } },
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true, secure: https, path: '/' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: 'uuid' },
    },
    databaseHooks: {
      // Only here, after the password was right: a stranger cannot learn who is disabled.
      session: {
        create: {
          before: async ({ userId }) => {
            if (!(await store.staff.isAdmitted(userId))) throw new APIError('FORBIDDEN')
            // No session begins without a proof: to sign in is to step up.
            return { data: { steppedUpAt: clock.now() } }
          },
        },
      },
    },
  })
}

function cookiesOf(reply: Response): string[] {
  return reply.headers.getSetCookie()
}
