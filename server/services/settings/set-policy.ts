import {
  approvalsOff,
  policyToJson,
  type ApprovalPolicy,
  type VersionedPolicy,
} from '../../domain/approval-policy.ts'
import type { StaffActor } from '../../domain/actor.ts'
import { raisesLimit, type RefundLimits } from '../../domain/refund-limit.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AppDeps } from '../deps.ts'

/**
 * Writes the next version of the approval policy. Requests already made keep the version they were judged by.
 * @throws Refusal `conflict` when `basedOn` is not the version in force any more, `own_limit` when the person would raise
 *   their own daily limit, `not_found` when somebody who is not on the account is given one, `confirmation_needed` when
 *   approvals are switched off without saying so, `invalid_input` when a reason that was ever listed is missing
 */
export async function setPolicy(
  deps: Pick<AppDeps, 'store' | 'clock'>,
  actor: StaffActor,
  input: { basedOn: number; rules: ApprovalPolicy; confirmOff: boolean },
): Promise<VersionedPolicy> {
  if (approvalsOff(input.rules) && !input.confirmOff)
    throw new Refusal('confirmation_needed', 'Confirm that refunds shall need no approval.')
  return deps.store.transaction(async (tx) => {
    const before = await tx.refundPolicies.current(actor.accountId)
    if (raisesLimit(before.rules.limits, input.rules.limits, actor))
      throw new Refusal('own_limit', 'You cannot raise your own daily limit.', 'Another admin can.')
    await demandMembers(tx, actor, before.rules.limits, input.rules.limits)
    const lost = before.rules.reasons.find(
      ({ code, label }) => !input.rules.reasons.some((kept) => kept.code === code && kept.label === label),
    )
    if (lost !== undefined)
      throw new Refusal('invalid_input', `${lost.label} is used by refunds. Switch it off instead.`)
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
    // What waits for tomorrow may fit into today's limits now; each is measured again before it is sent.
    await tx.refundStops.sendNow(actor.accountId, deps.clock.now())
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

/** A limit of somebody who has left stays as it is: it must not keep everything else from being changed. */
async function demandMembers(
  tx: StoreTx,
  { accountId }: StaffActor,
  before: RefundLimits,
  after: RefundLimits,
): Promise<void> {
  const had = new Set(before.people.map(({ userId }) => userId))
  const added = after.people.map(({ userId }) => userId).filter((userId) => !had.has(userId))
  const members = await tx.staff.names(accountId, added)
  if (added.every((userId) => members.has(userId))) return
  throw new Refusal(
    'not_found',
    'A daily limit names somebody who is not on this account.',
    'Take them off the list, then save.',
  )
}
