import type { Actor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'

/**
 * Runs a money act; when it is refused, the refusal goes into the audit log in a transaction of its own, because the
 * act's transaction is rolled back. `permission_denied` of the procedure builder never gets here.
 */
export async function auditRefusal<T>(
  deps: Deps,
  actor: Actor,
  deed: { action: string; subjectKind: string; subjectId: string | null; after?: Record<string, unknown> },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) {
      const reason = `${error.code}: ${error.message}`
      await deps.store.transaction((tx) => tx.audit.append({ actor, ...deed, outcome: 'refused', reason }))
    }
    throw error
  }
}
