import { z } from 'zod'
import { HOLD_MINUTES_MAX } from './bulk-batch.ts'
import { formatMoney } from './money.ts'
import { ROLE_LABELS, ROLES, type Role } from './permission.ts'
import { NOTE_REQUIRED_REASONS, REFUND_REASON_CODES } from './refund-reason.ts'

/**
 * Who may refund how much without a second person: data, one version after the other, never a constant in a service.
 * Amounts are decimal text of minor units, because the rules are kept as JSON.
 */
export const approvalPolicyShape = z.object({
  /** Refunds above this many minor units need a second person. Refunds of one order that nobody approved count together. */
  approvalAboveMinor: z
    .union([z.bigint(), z.string().regex(/^\d{1,18}$/)])
    .transform((value) => BigInt(value)),
  /** Roles whose refunds always need a second person. */
  alwaysApproveRoles: z.array(z.enum(ROLES)),
  /** How long a request waits for a decision, and how long a decision may wait to be sent. */
  expiresAfterHours: z.int().min(1).max(720),
  /** A second refund of the same amount on one order within this time has to be confirmed by the requester. */
  sameAmountWindowMinutes: z.int().min(0).max(1_440),
  /** Reasons that need a note. */
  noteRequiredReasons: z.array(z.enum(REFUND_REASON_CODES)),
  /** How long an approved batch is held before its first refund is released; the usual time when it does not say. */
  bulkHoldMinutes: z.int().min(0).max(HOLD_MINUTES_MAX).optional(),
})

export type ApprovalPolicy = z.output<typeof approvalPolicyShape>

/** Rules of one version. Version 0 is what applies until an admin has written any. */
export type VersionedPolicy = { version: number; rules: ApprovalPolicy }

export const DEFAULT_POLICY: VersionedPolicy = {
  version: 0,
  rules: {
    approvalAboveMinor: 200_000n,
    alwaysApproveRoles: ['support'],
    expiresAfterHours: 48,
    sameAmountWindowMinutes: 10,
    noteRequiredReasons: [...NOTE_REQUIRED_REASONS],
  },
}

/** Parses stored or typed rules; throws a ZodError that names the field. */
export function parsePolicy(rules: unknown): ApprovalPolicy {
  return approvalPolicyShape.parse(rules)
}

/** The rules as JSON can hold them. {@link parsePolicy} reads them back. */
export function policyToJson(policy: ApprovalPolicy): Record<string, unknown> {
  return { ...policy, approvalAboveMinor: policy.approvalAboveMinor.toString() }
}

export type PolicyQuestion = {
  amountMinor: bigint
  currency: string
  role: Role
  /** Already refunded or on its way on this order without a second person: splitting must not get under the line. */
  withoutApprovalMinor: bigint
}

/** What is left of the line on this order: a larger refund needs a second person. */
export function lineLeft(policy: ApprovalPolicy, withoutApprovalMinor: bigint): bigint {
  const left = policy.approvalAboveMinor - withoutApprovalMinor
  return left > 0n ? left : 0n
}

/** Whether a second person must decide, and the rule that says so in words (kept with the request). */
export function decidePolicy(
  policy: ApprovalPolicy,
  { amountMinor, currency, role, withoutApprovalMinor }: PolicyQuestion,
): { needsApproval: boolean; reason: string } {
  const line = formatMoney({ minor: policy.approvalAboveMinor, currency })
  if (policy.alwaysApproveRoles.includes(role)) {
    return { needsApproval: true, reason: `Refunds asked for by ${ROLE_LABELS[role]} always need approval.` }
  }
  if (amountMinor > policy.approvalAboveMinor) {
    return { needsApproval: true, reason: `Refunds over ${line} need approval.` }
  }
  if (amountMinor > lineLeft(policy, withoutApprovalMinor)) {
    const before = formatMoney({ minor: withoutApprovalMinor, currency })
    return {
      needsApproval: true,
      reason: `Refunds over ${line} on one order need approval. ${before} was already refunded without.`,
    }
  }
  return { needsApproval: false, reason: `Refunds up to ${line} need no approval.` }
}

/** When a request asked for, or a decision made, at `from` lapses. */
export function expiryFrom(policy: ApprovalPolicy, from: Date): Date {
  return new Date(from.getTime() + policy.expiresAfterHours * 3_600_000)
}
