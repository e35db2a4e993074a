import { policyToJson, type ApprovalPolicy, type VersionedPolicy } from '../../domain/approval-policy.ts'
import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps } from '../deps.ts'

/**
 * Writes the next version of the approval policy. Requests already made keep the version they were judged by.
 * @throws Refusal `conflict` when `basedOn` is not the version in force any more
 */
export async function setPolicy(
  deps: Pick<AppDeps, 'store' | 'clock'>,
  actor: StaffActor,
  input: { basedOn: number; rules: ApprovalPolicy },
): Promise<VersionedPolicy> {
  return deps.store.transaction(async (tx) => {
    const before = await tx.refundPolicies.current(actor.accountId)
    const version = await tx.refundPolicies.write({
      accountId: actor.accountId,
      basedOn: input.basedOn,
      rules: input.rules,
      createdBy: actor.userId,
      now: deps.clock.now(),
    })
    if (version === null)
      throw new Refusal(
        'conflict',
        'Somebody else changed the policy meanwhile.',
        'Look at it again, then save.',
      )
    await tx.audit.append({
      actor,
      action: 'refund_policy.write',
      subjectKind: 'refund_policy',
      subjectId: String(version),
      outcome: 'done',
      before: { version: before.version, ...policyToJson(before.rules) },
      after: { version, ...policyToJson(input.rules) },
    })
    return { version, rules: input.rules }
  })
}
