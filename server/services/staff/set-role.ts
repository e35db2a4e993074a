import type { StaffActor } from '../../domain/actor.ts'
import type { Role } from '../../domain/permission.ts'
import type { StaffMember } from '../../store/staff.ts'
import type { AppDeps } from '../deps.ts'
import { demandOther, keepAnAdmin } from './guard.ts'

/**
 * Changes somebody's role. It holds from their next request on.
 * @throws Refusal `not_found`, `conflict` (oneself), `last_admin`
 */
export async function setRole(
  deps: Pick<AppDeps, 'store' | 'wake'>,
  actor: StaffActor,
  input: { userId: string; role: Role },
): Promise<StaffMember> {
  const changed = await deps.store.transaction(async (tx) => {
    const member = await demandOther(tx, actor, input.userId)
    if (input.role !== 'admin') await keepAnAdmin(tx, actor, input.userId)
    await tx.staff.setRole(actor.accountId, input.userId, input.role)
    await tx.audit.append({
      actor,
      action: 'staff.set_role',
      subjectKind: 'staff',
      subjectId: input.userId,
      outcome: 'done',
      before: { role: member.role },
      after: { role: input.role },
    })
    await tx.liveChanges.append(actor.accountId, 'staff', input.userId)
    return { ...member, role: input.role }
  })
  deps.wake('live')
  return changed
}
