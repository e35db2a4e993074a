import type { Deps } from '../services/deps.ts'

export type RejectionCause = 'wrong_credentials' | 'unknown_account' | 'too_large'

export type Rejection = {
  cause: RejectionCause
  accountId: string | null
  slug: string
  remoteAddress: string
}

/** One kept per cause and account in this time: a flood of refused deliveries costs nothing. */
const SAMPLE_EVERY_MS = 1_000

/**
 * Keeps a sample of refused deliveries, because a wrong password loses events after a day (W15). Never waits and
 * never fails the request.
 */
export function rejectionSampler(deps: Deps): (rejection: Rejection) => void {
  const lastAt = new Map<string, number>()
  return (rejection) => {
    // Unknown accounts share one place: their names are the sender's choice.
    const key = `${rejection.accountId ?? ''} ${rejection.cause}`
    const now = deps.clock.now()
    const last = lastAt.get(key)
    if (last !== undefined && now.getTime() - last < SAMPLE_EVERY_MS) return
    lastAt.set(key, now.getTime())
    deps.log.warn({ ...rejection }, 'a webhook delivery was refused')
    deps.store.webhookEvents.reject({ ...rejection, at: now }).catch((error: unknown) => {
      deps.log.warn({ error: String(error) }, 'the refusal could not be noted')
    })
  }
}
