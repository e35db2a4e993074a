/** A sign-in between its two steps: the password was right, the code is still to come. */
import { createHash, randomBytes } from 'node:crypto'
import { parseCookies } from 'better-auth/cookies'
import type { Store } from '../store/store.ts'

/** The code has to come within this time. */
const CHALLENGE_MINUTES = 5
const TOKEN_BYTES = 32

export type Challenged = { tokenHash: string; userId: string; name: string; email: string }

/** Keeps who is between the steps in the database, and which browser it is in a cookie that opens nothing by itself. */
export function createSecondStep(options: { store: Store; clock: { now(): Date }; https: boolean }) {
  const { store, clock, https } = options
  const name = `${https ? '__Host-' : ''}paydesk_second_step`
  const cookie = (value: string, maxAgeS: number) =>
    `${name}=${value}; Max-Age=${maxAgeS}; Path=/; HttpOnly; SameSite=Strict${https ? '; Secure' : ''}`
  return {
    /** Begins the wait; returns the cookie. */
    async begin(userId: string): Promise<string> {
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const now = clock.now()
      const expiresAt = new Date(now.getTime() + CHALLENGE_MINUTES * 60_000)
      await store.secondFactors.beginChallenge({ tokenHash: hash(token), userId, now, expiresAt })
      return cookie(token, CHALLENGE_MINUTES * 60)
    },

    /** Who the browser behind these headers waits to be; null when the wait is over or never began. */
    async challenged(headers: Headers): Promise<Challenged | null> {
      const token = parseCookies(headers.get('cookie') ?? '').get(name)
      if (token === undefined) return null
      const tokenHash = hash(token)
      const person = await store.secondFactors.challenged(tokenHash, clock.now())
      return person && { ...person, tokenHash }
    },

    /** The cookie that takes the first one away. */
    over: () => cookie('', 0),
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
