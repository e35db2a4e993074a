import type { StaffActor } from '../../domain/actor.ts'
import type { PersonalLook } from '../../domain/personal-search.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

/** A list is asked for again with every page and every change in it; so long it is one search. */
const SAME_SEARCH_MS = 10 * 60_000
/** Searches remembered by one process; what is forgotten is written down once more. */
const REMEMBERED_MAX = 5_000

type NoteDeps = Pick<Deps, 'store' | 'clock'>

const remembered = new WeakMap<NoteDeps, Map<string, number>>()

/**
 * Writes down whom somebody looked for, before anything is shown: what was not logged was not found. For searches that
 * stand alone; what is part of a change is noted in its transaction ({@link noteLook}).
 */
export async function notePersonalSearch(
  deps: NoteDeps,
  actor: StaffActor,
  looks: readonly PersonalLook[],
): Promise<void> {
  const now = deps.clock.now().getTime()
  const known = remembered.get(deps) ?? new Map<string, number>()
  remembered.set(deps, known)
  for (const look of looks) {
    const key = JSON.stringify([actor.accountId, actor.userId, look.by, look.value])
    if (now - (known.get(key) ?? -Infinity) < SAME_SEARCH_MS) continue
    await noteLook(deps.store, actor, look)
    known.delete(key)
    known.set(key, now)
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED_MAX) break
      known.delete(oldest)
    }
  }
}

/** Writes one look down. The value itself stays out of the log, which nobody can erase. */
export function noteLook(
  { audit }: Pick<StoreTx, 'audit'>,
  actor: StaffActor,
  { by, masked }: PersonalLook,
): Promise<void> {
  return audit.append({
    actor,
    action: 'search.personal',
    subjectKind: 'customer',
    subjectId: null,
    outcome: 'done',
    after: { by, text: masked },
  })
}
