/** The sign-in library's session cookie, read without the library: its own way costs two queries and a few milliseconds. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export type CookieOptions = {
  /** As the library names it, prefix included. */
  name: string
  /** What the library signs cookies with. */
  secret: string
}

/** HMAC-SHA-256 in base64, as the library appends it. */
const SIGNATURE_LENGTH = 44

/** The session token in a request's cookie; null without one, and for one that the library did not sign. */
export function sessionToken(headers: Headers, { name, secret }: CookieOptions): string | null {
  const value = cookieOf(headers.get('cookie') ?? '', name)
  const dot = value?.lastIndexOf('.') ?? -1
  if (value === null || dot < 1) return null
  const token = value.slice(0, dot)
  const signature = Buffer.from(value.slice(dot + 1))
  if (signature.length !== SIGNATURE_LENGTH) return null
  const wanted = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'))
  return timingSafeEqual(signature, wanted) ? token : null
}

/** The first cookie of that name, as browsers mean it: the most specific comes first. */
function cookieOf(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue
    return decoded(part.slice(equals + 1).trim())
  }
  return null
}

function decoded(value: string): string | null {
  const bare = value.startsWith('"') ? value.slice(1, -1) : value
  try {
    return decodeURIComponent(bare)
  } catch {
    return null
  }
}
