import { createHash, timingSafeEqual } from 'node:crypto'

/** A merchant account as the receiver knows it. */
export type WebhookAccount = {
  id: string
  slug: string
  username: string
  /** One password, or two while the portal is being changed to a new one. */
  passwords: readonly string[]
}

/** Stands in for an account that does not exist, so that both take the same work. */
const NOBODY: WebhookAccount = { id: '', slug: '', username: '\u0000nobody', passwords: ['\u0000nothing'] }

/**
 * Checks Basic credentials. Both sides are hashed first, so equal lengths are compared whatever was sent, and every
 * comparison is made before anything is decided: the time tells nothing about where a guess went wrong.
 * @param account null for an unknown account: the same work, and never true.
 */
export function authenticate(authorization: string | undefined, account: WebhookAccount | null): boolean {
  const sent = basicCredentials(authorization)
  const expected = account ?? NOBODY
  const userMatches = sameText(sent.username, expected.username)
  let passwordMatches = false
  for (const password of expected.passwords)
    passwordMatches = sameText(sent.password, password) || passwordMatches
  return userMatches && passwordMatches && account !== null
}

function basicCredentials(authorization: string | undefined): { username: string; password: string } {
  const match = /^Basic +([A-Za-z0-9+/=_-]*)$/i.exec(authorization ?? '')
  const text = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0
    ? { username: '', password: '' }
    : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
