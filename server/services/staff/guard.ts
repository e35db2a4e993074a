import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { StaffMember } from '../../store/staff.ts'
import type { StoreTx } from '../../store/store.ts'

/** The person to be changed. @throws Refusal `not_found`, or `conflict` when it is the actor: nobody changes their own access. */
export async function demandOther(tx: StoreTx, actor: StaffActor, userId: string): Promise<StaffMember> {
  if (userId === actor.userId)
    throw new Refusal('conflict', 'You cannot change your own access.', 'Ask another admin.')
  const member = await tx.staff.member(actor.accountId, userId)
  if (!member) throw new Refusal('not_found', 'There is no such person on this account.')
  return member
}

/** Keeps at least one admin who can sign in. Locks the admins: two changes cannot each leave the other as the last. */
export async function keepAnAdmin(tx: StoreTx, actor: StaffActor, leaving: string): Promise<void> {
  const admins = await tx.staff.lockAdmins(actor.accountId)
  if (admins.includes(leaving) && admins.length === 1)
    throw new Refusal(
      'last_admin',
      'This is the last admin who can sign in.',
      'Make somebody else an admin first.',
    )
}
