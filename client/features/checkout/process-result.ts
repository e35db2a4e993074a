import type { SdkEvent } from './hyper-services.ts'

/** What the shop does after `process_result`; every way begins with asking its own server (API reference §8.3). */
export type NextStep =
  /** Nothing was tried: back to the cart. */
  | 'cart'
  /** It failed: the customer may try again. */
  | 'retry'
  /** Paid, pending or not known: the return page asks the server and waits. */
  | 'return'

const FAILED: ReadonlySet<string> = new Set([
  'authentication_failed',
  'authorization_failed',
  'juspay_declined',
  'api_failure',
  'new',
])

/** The client status is a hint and never proof: a status that is not known to mean "nothing moved" goes to the server. */
export function nextStep(result: SdkEvent): NextStep {
  const status = statusOf(result)
  if (status === 'backpressed') return 'cart'
  return FAILED.has(status) ? 'retry' : 'return'
}

/** The status the SDK names, in lower case; '' when it names none. */
export function statusOf({ payload }: SdkEvent): string {
  const { status } = payload
  return typeof status === 'string' ? status.toLowerCase() : ''
}

/**
 * Where the customer's browser goes next: the signed return address when it is our own server's, so that a message from
 * a frame can never send the customer elsewhere; null otherwise.
 */
export function returnAddress({ payload }: SdkEvent, ownOrigin: string): string | null {
  const { otherInfo } = payload
  if (typeof otherInfo !== 'object' || otherInfo === null || Array.isArray(otherInfo)) return null
  const { url } = otherInfo
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const { origin, pathname, href } = new URL(url)
  return origin === ownOrigin && pathname.startsWith('/payments/return/') ? href : null
}
