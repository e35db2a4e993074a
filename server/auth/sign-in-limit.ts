import type { Store } from '../store/store.ts'

/** Failed sign-ins are counted over this time; the pause ends when enough of them are older. */
export const PAUSE_MINUTES = 15
/** One address from one machine. */
const TRIES_PER_PAIR = 10
/** One address from anywhere: higher, so that a stranger cannot cheaply lock a colleague out. */
const TRIES_PER_ADDRESS = 50
/** One machine, whatever the addresses: a list of known passwords tried on everybody. */
const TRIES_PER_MACHINE = 100

/**
 * Whether this address may try again now. The audit log is the counter, so it holds over restarts and over several
 * servers on one database.
 */
export async function mayTrySignIn(
  store: Store,
  attempt: { email: string; ip: string | null; now: Date },
): Promise<boolean> {
  const since = new Date(attempt.now.getTime() - PAUSE_MINUTES * 60_000)
  const failures = await store.staff.failedSignIns({ ...attempt, since })
  return (
    failures.pair < TRIES_PER_PAIR &&
    failures.address < TRIES_PER_ADDRESS &&
    failures.machine < TRIES_PER_MACHINE
  )
}
