import type { IncomingHttpHeaders } from 'node:http'

/** Where the dashboard may be opened; other places are other sites. */
export type OwnOrigin = {
  publicUrl: string
  /** In the demo the page may also be opened as 127.0.0.1 or through the development server. */
  alsoLoopback: boolean
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/**
 * Whether a request that changes something comes from our own page. Browsers say so in Sec-Fetch-Site; older ones send
 * Origin. A request with neither is not a browser's, and nobody but browsers holds a session cookie: refused
 * (reliability §0.9).
 */
export function isFromOwnPage(headers: IncomingHttpHeaders, own: OwnOrigin): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return headers.origin !== undefined && isOwnOrigin(headers.origin, headers.host, own)
}

/** Whether a request that only reads is surely another site's. */
export function isFromOtherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}

function isOwnOrigin(origin: string, host: string | undefined, own: OwnOrigin): boolean {
  if (origin === own.publicUrl) return true
  return own.alsoLoopback && host !== undefined && LOOPBACK.test(host) && origin === `http://${host}`
}
