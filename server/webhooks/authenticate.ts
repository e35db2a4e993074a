import { hash, timingSafeEqual } from 'node:crypto'

/** A merchant account as the receiver knows it. */
export type WebhookAccount = {
  id: string
  slug: string
  username: string
  /** SHA-256 of `username:password`: of one password, or of two while the portal is being changed to a new one. */
  credentials: readonly Uint8Array[]
}

/** What an account's credentials are compared by. */
export function credentialHash(username: string, password: string): Uint8Array {
  return hash('sha256', `${username}:${password}`, 'buffer')
}

/** Stands in for an account that does not exist, so that both take the same work. */
const NOBODY: WebhookAccount = {
  id: '',
  slug: '',
  username: '',
  credentials: [credentialHash('\u0000nobody', '\u0000nothing')],
}

/**
 * Checks Basic credentials. Both sides are hashed, so equal lengths are compared whatever was sent, and every
 * comparison is made before anything is decided: the time tells nothing about where a guess went wrong.
 * @param account null for an unknown account: the same work, and never true.
 */
export function authenticate(authorization: string | undefined, account: WebhookAccount | null): boolean {
  const sent = hash('sha256', basicCredentials(authorization), 'buffer')
  let matches = false
  for (const expected of (account ?? NOBODY).credentials) matches = timingSafeEqual(sent, expected) || matches
  return matches && account !== null
}

/** How a sender said who it is, and whether its user name was right. Only for deliveries that were refused already. */
export function attemptOf(
  authorization: string | undefined,
  account: WebhookAccount | null,
): { scheme: 'none' | 'basic' | 'other'; userMatched: boolean } {
  if (authorization === undefined || authorization.trim() === '')
    return { scheme: 'none', userMatched: false }
  if (!/^Basic\b/i.test(authorization)) return { scheme: 'other', userMatched: false }
  const sent = basicCredentials(authorization)
  const username = hash('sha256', sent.subarray(0, Math.max(0, sent.indexOf(':'))), 'buffer')
  const userMatched = timingSafeEqual(username, hash('sha256', account?.username ?? '', 'buffer'))
  return { scheme: 'basic', userMatched: userMatched && account !== null }
}

/** `username:password` as sent; empty when there is none. */
function basicCredentials(authorization: string | undefined): Buffer {
  const match = /^Basic +([A-Za-z0-9+/=_-]*)$/i.exec(authorization ?? '')
  return Buffer.from(match?.[1] ?? '', 'base64')
}
