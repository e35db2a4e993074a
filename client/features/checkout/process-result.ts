import type { PaymentStatus } from '../../../server/domain/payment-status.ts'
import type { SdkEvent } from './hyper-services.ts'

/**
 * What `process_result` makes likely (API reference §8.3). It is a hint of the customer's browser and proves nothing, so
 * the shop's server is asked in every case, and only then the page goes on.
 */
export type Hint =
  /** `backpressed`: left before anything was tried. */
  | 'left'
  /** It failed: the customer may try again. */
  | 'failed'
  /** Paid, under way, or a status that nobody knows: the return page asks and waits. */
  | 'ask'

/** What the page does when the server has answered. */
export type NextStep = 'cart' | 'retry' | 'return'

const FAILED: ReadonlySet<string> = new Set([
  'authentication_failed',
  'authorization_failed',
  'juspay_declined',
  'api_failure',
  'new',
])

export function hintOf(result: SdkEvent): Hint {
  const status = statusOf(result)
  if (status === 'backpressed') return 'left'
  return FAILED.has(status) ? 'failed' : 'ask'
}

/**
 * Nothing is offered again unless the server knows that nothing moved: an attempt that is open, or a server that could
 * not ask, leads to the return page, which goes on asking.
 * @param verified the status that the server has from Juspay; null when it could not ask
 */
export function nextStep(hint: Hint, verified: PaymentStatus | null): NextStep {
  const nothingMoved = verified === 'created' || verified === 'failed'
  if (!nothingMoved || hint === 'ask') return 'return'
  return hint === 'left' ? 'cart' : 'retry'
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
