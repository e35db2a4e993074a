import type { Actor } from '../../domain/actor.ts'
import type { Role } from '../../domain/permission.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { StaffMember } from '../../store/staff.ts'
import type { AppDeps } from '../deps.ts'

export type NewUser = { name: string; email: string; role: Role; password: string }

/**
 * Adds a person to the actor's account. Nobody signs up by themselves.
 * @throws Refusal `conflict` when the address is taken
 */
export async function createUser(
  deps: Pick<AppDeps, 'store' | 'ids' | 'hashPassword' | 'wake'>,
  actor: Actor,
  input: NewUser,
): Promise<StaffMember> {
  const userId = deps.ids.uuid()
  const email = input.email.trim().toLowerCase()
  const passwordHash = await deps.hashPassword(input.password)
  const member = await deps.store.transaction(async (tx) => {
    const added = await tx.staff.create({ userId, name: input.name.trim(), email, passwordHash })
    if (!added) throw new Refusal('conflict', 'Somebody with this email address exists already.')
    await tx.staff.setRole(actor.accountId, userId, input.role)
    await tx.audit.append({
      actor,
      action: 'staff.create',
      subjectKind: 'staff',
      subjectId: userId,
      outcome: 'done',
      after: { name: input.name.trim(), email, role: input.role },
    })
    await tx.liveChanges.append(actor.accountId, 'staff', userId)
    return tx.staff.member(actor.accountId, userId)
  })
  if (!member) throw new Error('a person who was just added is not there')
  deps.wake('live')
  return member
}
