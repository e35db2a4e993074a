import type { StaffActor } from '../../domain/actor.ts'
import type { StaffMember } from '../../store/staff.ts'
import type { AppDeps } from '../deps.ts'
import { demandOther, keepAnAdmin } from './guard.ts'

/**
 * Switches somebody's access off or on. Off ends all their sessions at once, in the same transaction.
 * @throws Refusal `not_found`, `conflict` (oneself), `last_admin`
 */
export async function setDisabled(
  deps: Pick<AppDeps, 'store' | 'wake'>,
  actor: StaffActor,
  input: { userId: string; disabled: boolean },
): Promise<StaffMember> {
  const changed = await deps.store.transaction(async (tx) => {
    const member = await demandOther(tx, actor, input.userId)
    if (input.disabled) await keepAnAdmin(tx, actor, input.userId)
    await tx.staff.setDisabled(input.userId, input.disabled)
    const sessionsEnded = input.disabled ? await tx.staff.endSessionsOf(input.userId) : 0
    await tx.audit.append({
      actor,
      action: input.disabled ? 'staff.disable' : 'staff.enable',
      subjectKind: 'staff',
      subjectId: input.userId,
      outcome: 'done',
      before: { disabled: member.disabled },
      after: { disabled: input.disabled, sessionsEnded },
    })
    await tx.liveChanges.append(actor.accountId, 'staff', input.userId)
    return { ...member, disabled: input.disabled }
  })
  deps.wake('live')
  return changed
}
