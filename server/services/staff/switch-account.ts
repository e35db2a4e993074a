import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'

/** Makes a session work on another account of its owner. @throws Refusal `not_found` for accounts of others */
export async function switchAccount(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  input: { sessionId: string; slug: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const switched = await tx.staff.switchAccount(input.sessionId, input.slug)
    if (!switched) throw new Refusal('not_found', 'There is no such merchant account.')
    await tx.audit.append({
      actor,
      action: 'session.switch_account',
      subjectKind: 'merchant_account',
      subjectId: input.slug,
      outcome: 'done',
    })
  })
}
