import type { Deps } from '../services/deps.ts'
import { expireRequests } from '../services/refunds/expire-requests.ts'

/** Closes refund requests that nobody decided in time. Returns how many. */
export async function drainExpiredRequests(deps: Deps): Promise<number> {
  return expireRequests(deps)
}
