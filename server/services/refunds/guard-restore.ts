import type { DatabaseIdentity } from '../../store/database-identity.ts'
import type { Deps } from '../deps.ts'
import { jobActor } from './refund-facts.ts'
import { setStop } from './stop-refunds.ts'

/** The name under which this guard stops refunds. */
export const RESTORE_GUARD = 'restore-guard'

const RESTORED =
  'The database was restored or moved to another server. Refunds that it has forgotten may exist at Juspay: reconcile first.'

/**
 * Looks at start whether the database is the one it was: another cluster or another timeline means that a backup was
 * restored, a copy was made, or a standby took over, and what was sent since may be forgotten (C23). Then refunds of
 * every account are stopped until a person has looked and lifts the stop. Whoever restores files of the cluster in
 * place, without recovery, is not seen: they leave no trace in PostgreSQL.
 * @returns whether refunds were stopped
 */
export async function guardRestore(deps: Deps): Promise<boolean> {
  if (!(await deps.store.databaseIdentity.isKept())) return false
  const now = deps.clock.now()
  const current = await deps.store.databaseIdentity.current()
  // Without a lock or a write: a server must start on a database that can only be read just now.
  if (isSame(await deps.store.databaseIdentity.noted(), current)) return false
  const stopped = await deps.store.transaction(async (tx) => {
    const noted = await tx.databaseIdentity.lockNoted()
    if (isSame(noted, current)) return 0
    await tx.databaseIdentity.note(current, now)
    if (noted === null) return 0
    const accounts = await tx.accounts.list()
    for (const { id } of accounts) {
      const stop = { by: jobActor(deps, RESTORE_GUARD, id), gateway: null, reason: RESTORED, expiresAt: null }
      await setStop(deps, tx, stop, now)
    }
    return accounts.length
  })
  if (stopped === 0) return false
  deps.log.error(
    { accounts: stopped },
    'the database was restored: refunds are stopped until a person lifts it',
  )
  deps.wake('live')
  return true
}

function isSame(noted: DatabaseIdentity | null, current: DatabaseIdentity): boolean {
  return noted?.systemIdentifier === current.systemIdentifier && noted.timeline === current.timeline
}
