/** The sign-in library as we use it. */
import { betterAuth, type BetterAuthOptions } from 'better-auth'
import { APIError } from 'better-auth/api'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import type { Database } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { hashSessionTokens } from './hashed-sessions.ts'
import { sessionStart } from './session-start.ts'

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_HOURS = 12
/** What the library answers when the password was right and a second step is to follow. */
export const SECOND_STEP = 'SECOND_STEP'

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

/** The prefix is ours: "__Host-" also forbids a Domain and any other path. */
export function sessionCookieName(publicUrl: string): string {
  return `${publicUrl.startsWith('https://') ? '__Host-' : ''}paydesk_session`
}

export type LibraryOptions = {
  database: Database
  store: Store
  clock: { now(): Date }
  publicUrl: string
  /** Signs cookies; derived from SECRET_KEY for this use alone. */
  cookieSecret: string
}

export type Library = ReturnType<typeof createLibrary>

/** Sets the library up: no public sign-up, no telemetry, strict cookies, hashed tokens. */
export function createLibrary({ database, store, clock, publicUrl, cookieSecret }: LibraryOptions) {
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
      // Its prefix is in the name.
      useSecureCookies: false,
      cookies: { session_token: { name: sessionCookieName(publicUrl) } },
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true, secure: https, path: '/' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: 'uuid' },
    },
    databaseHooks: {
      // Only here, after the password was right: a stranger cannot learn who is disabled.
      session: {
        create: {
          before: async ({ userId }, context) => {
            if (!(await store.staff.isAdmitted(userId))) throw new APIError('FORBIDDEN')
            // A password alone is one factor of two: the session begins with the second step (startSession).
            if (context?.path === '/sign-in/email' && (await store.secondFactors.isOn(userId)))
              throw new APIError('FORBIDDEN', { code: SECOND_STEP })
            // No session begins without a proof: to sign in is to step up.
            return { data: { steppedUpAt: clock.now() } }
          },
        },
      },
    },
  })
}
