import type { Store } from '../store/store.ts'

/** Wrong passwords and codes are counted over this time; the pause ends when enough of them are older (PCI DSS 8.3.4). */
export const PAUSE_MINUTES = 30
/** One address from one machine. */
const TRIES_PER_PAIR = 10
/** One address from anywhere: higher, so that a stranger cannot cheaply lock a colleague out. */
const TRIES_PER_ADDRESS = 50
/** One machine, whatever the addresses: a list of known passwords tried on everybody. */
const TRIES_PER_MACHINE = 100

/** A try that may go on; `succeeded` takes it off the count again. */
export type AllowedTry = { succeeded(): Promise<void> }

/**
 * Lets one try of a password or a code through, or null when there were too many. The try is counted before it is
 * looked at: a thousand guesses at the same moment are a thousand tries. The count is in the database, so it holds
 * over restarts and over several servers. Sign-in, its second step and step-up share it.
 */
export async function beginTry(
  store: Store,
  attempt: { email: string; ip: string | null; now: Date },
): Promise<AllowedTry | null> {
  const { email, ip, now } = attempt
  const since = new Date(now.getTime() - PAUSE_MINUTES * 60_000)
  const { id, pair, address, machine } = await store.signInTries.begin({ email, ip, at: now, since })
  const allowed = pair <= TRIES_PER_PAIR && address <= TRIES_PER_ADDRESS && machine <= TRIES_PER_MACHINE
  if (!allowed) {
    // Knocking at a closed door does not keep it closed for longer.
    await store.signInTries.forget(id)
    return null
  }
  return {
    async succeeded() {
      await store.signInTries.forget(id)
      await store.signInTries.cleanUp(since)
    },
  }
}
