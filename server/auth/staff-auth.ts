/**
 * Staff sign-in. The library checks passwords and signs cookies; who somebody is and what they may do is read from the
 * database at every request, so disabling a person or changing a role works at once (invariant of promise 3).
 */
import { z } from 'zod'
import type { StaffActor } from '../domain/actor.ts'
import type { SignedIn } from '../store/staff.ts'
import { hashToken } from './hashed-sessions.ts'
import {
  createLibrary,
  SECOND_STEP,
  SESSION_HOURS,
  sessionCookieName,
  type Library,
  type LibraryOptions,
} from './library.ts'
import { createSecondFactors, type SecondFactors } from './second-factor.ts'
import { createSecondStep, type Challenged } from './second-step.ts'
import { sessionToken } from './session-cookie.ts'

/** A session ends this long after the last thing its owner did. The live feed does not count. */
export const IDLE_MINUTES = 30
/** The idle clock is written at most this often. */
const TOUCH_EVERY_MS = 60_000

/** A session that a step-up replaced still serves calls that were on their way. */
const REPLACED_GRACE_MS = 10_000

export type Visit = { headers: Headers; requestId: string; ip: string | null }

export type SignInResult =
  | { ok: true; userId: string; name: string; email: string; cookies: string[] }
  | { ok: false; cause: 'wrong_details' | 'disabled' }
  /** The password was right; the cookie names the browser until the code comes. */
  | { ok: false; cause: 'second_step'; cookies: string[] }

export type FinishResult =
  | { ok: true; userId: string; name: string; email: string; cookies: string[]; with: 'app' | 'recovery' }
  | { ok: false; cause: 'wrong_code' | 'disabled' }

/** A signed-in person, with what their session says about how sure we are that it is them. */
export type StaffPresence = StaffActor & {
  sessionId: string
  /** When they last proved who they are. */
  steppedUpAt: Date | null
  hasSecondFactor: boolean
  /** The account they work on wants a second factor of whoever moves money. */
  secondFactorRequired: boolean
  /** The account's: amounts they type are in it. */
  currency: string
}

/** What a person proves with who they are: the password, or a code where there is a second factor. */
export type Proof = { password: string } | { code: string }

export type StepUpResult =
  { ok: true; cookies: string[] } | { ok: false; cause: 'wrong_details' | 'code_wanted' }

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
   * Checks a proof of somebody who is signed in; who has a second factor proves it with a code. When it is right the
   * browser gets another session, with another token (ASVS 7.2.4): whoever got hold of the old one gains nothing.
   */
  stepUp(person: StaffPresence, proof: Proof, visit: Visit): Promise<StepUpResult>
  /** Who this browser has given the right password of, and owes a code for. */
  secondStepOf(visit: Visit): Promise<Challenged | null>
  /** Checks the code and starts the session. */
  finishSignIn(waiting: Challenged, code: string, visit: Visit): Promise<FinishResult>
  secondFactors: SecondFactors
  /** Whether a session is over because a step-up put another one in its place. */
  wasReplaced(sessionId: string): Promise<boolean>
  /** The id of the session behind the cookie, for switching accounts. */
  sessionIdOf(visit: Visit): Promise<string | null>
  /**
   * Whoever has been signed in since a call that is still being answered: in its session, or in the one that a step-up
   * brought meanwhile. Null once they have signed out, or the session was taken. Does not count as activity.
   */
  actorSince(person: StaffPresence): Promise<StaffPresence | null>
  /** What {@link actorOf} answers, for a session whose cookie was checked before: one query. */
  actorOfSession(
    sessionId: string,
    visit: Pick<Visit, 'requestId' | 'ip'>,
    options?: { passive?: boolean },
  ): Promise<StaffPresence | null>
}

export type StaffAuthOptions = LibraryOptions & {
  /** SECRET_KEY: keys for the second factor are derived from it. */
  secretKey: Uint8Array
}

const startedShape = z.object({ sessionId: z.string() })
const refusedShape = z.object({ code: z.string() })
const signedInShape = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) })

/** Staff sign-in on the library, with our sessions' rules, step-up and second factor. */
export function createStaffAuth(options: StaffAuthOptions): StaffAuth {
  const { store, clock } = options
  const auth = createLibrary(options)
  const secondFactors = createSecondFactors(options)
  const secondStep = createSecondStep({ store, clock, https: options.publicUrl.startsWith('https://') })

  const cookie = { name: sessionCookieName(options.publicUrl), secret: options.cookieSecret }
  const behind = (visit: Visit): Promise<SignedIn | null> => {
    const token = sessionToken(visit.headers, cookie)
    return token === null ? Promise.resolve(null) : store.pages.staff.signedInWith(hashToken(token))
  }

  const actorOfFound = async (
    found: SignedIn | null,
    { requestId, ip }: Pick<Visit, 'requestId' | 'ip'>,
    { passive = false }: { passive?: boolean } = {},
  ): Promise<StaffPresence | null> => {
    if (found === null) return null
    const { sessionId } = found
    const now = clock.now().getTime()
    // Its row stays for a while, so that an open live feed can tell being replaced from being signed out.
    if (found.replacedAt !== null && now - found.replacedAt.getTime() >= REPLACED_GRACE_MS) return null
    const over =
      found.disabled ||
      found.expired ||
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
      hasSecondFactor: found.hasSecondFactor,
      secondFactorRequired: found.secondFactorRequired,
      currency: found.currency,
    }
  }

  return {
    sessionIdOf: async (visit) => (await behind(visit))?.sessionId ?? null,

    async signIn(email, password, visit) {
      const reply = await auth.api.signInEmail({
        body: { email, password, rememberMe: true },
        headers: visit.headers,
        asResponse: true,
      })
      if (!reply.ok) {
        if (reply.status !== 403) return { ok: false, cause: 'wrong_details' }
        const refused = refusedShape.safeParse(await reply.json().catch(() => null))
        if (refused.data?.code !== SECOND_STEP) return { ok: false, cause: 'disabled' }
        const userId = await store.staff.idOfAddress(email)
        if (userId === null) return { ok: false, cause: 'wrong_details' }
        return { ok: false, cause: 'second_step', cookies: [await secondStep.begin(userId)] }
      }
      const { user } = signedInShape.parse(await reply.json())
      return { ok: true, userId: user.id, name: user.name, email: user.email, cookies: cookiesOf(reply) }
    },

    async signOut(visit) {
      const reply = await auth.api.signOut({ headers: visit.headers, asResponse: true })
      return { cookies: cookiesOf(reply) }
    },

    actorOfSession: async (sessionId, visit, how) =>
      actorOfFound(await store.staff.signedIn(sessionId), visit, how),

    actorSince: async ({ sessionId, requestId, ip }) =>
      actorOfFound(await store.staff.signedInSince(sessionId), { requestId, ip }, { passive: true }),

    secondFactors,

    async stepUp(person, proof, visit) {
      const { userId, hasSecondFactor } = person
      if (hasSecondFactor && !('code' in proof)) return { ok: false, cause: 'code_wanted' }
      const right =
        'code' in proof
          ? (await secondFactors.use(userId, proof.code)) !== null
          : await isPassword(auth, userId, proof.password)
      if (!right) return { ok: false, cause: 'wrong_details' }
      const { sessionId, cookies } = await startSession(auth, userId, visit)
      await store.staff.succeedSession({ from: person.sessionId, to: sessionId, at: clock.now() })
      return { ok: true, cookies }
    },

    secondStepOf: (visit) => secondStep.challenged(visit.headers),

    async finishSignIn({ tokenHash, userId, name, email }, code, visit) {
      const used = await secondFactors.use(userId, code)
      if (used === null) return { ok: false, cause: 'wrong_code' }
      if (!(await store.secondFactors.endChallenge(tokenHash))) return { ok: false, cause: 'wrong_code' }
      if (!(await store.staff.isAdmitted(userId))) return { ok: false, cause: 'disabled' }
      const { cookies } = await startSession(auth, userId, visit)
      return { ok: true, userId, name, email, with: used, cookies: [...cookies, secondStep.over()] }
    },

    async wasReplaced(sessionId) {
      const found = await store.staff.signedIn(sessionId)
      return found !== null && found.replacedAt !== null
    },

    actorOf: async (visit, how) => actorOfFound(await behind(visit), visit, how),
  }
}

async function isPassword(auth: Library, userId: string, password: string): Promise<boolean> {
  const { internalAdapter, password: passwords } = await auth.$context
  const credentials = await internalAdapter.findAccounts(userId)
  const hash = credentials.find((one) => one.providerId === 'credential')?.password
  return typeof hash === 'string' && (await passwords.verify({ hash, password }))
}

async function startSession(auth: Library, userId: string, visit: Visit) {
  const reply = await auth.api.startSession({ body: { userId }, headers: visit.headers, asResponse: true })
  const { sessionId } = startedShape.parse(await reply.json())
  return { sessionId, cookies: cookiesOf(reply) }
}

function cookiesOf(reply: Response): string[] {
  return reply.headers.getSetCookie()
}
