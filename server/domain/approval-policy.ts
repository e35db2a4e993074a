import { z } from 'zod/mini'
import { HOLD_MINUTES_MAX } from './bulk-batch.ts'
import { AMOUNT_MINOR_MAX, formatMoney } from './money.ts'
import { ROLE_LABELS, ROLES, type Role } from './permission.ts'
import { DEFAULT_LIMITS, refundLimitsShape, storedMinor } from './refund-limit.ts'
import { defaultReasons, reasonLabel, reasonRuleShape, REASONS_MAX } from './refund-reason.ts'

/** Rules beside the line that one policy can have. */
export const TIERS_MAX = 20
const AGE_DAYS_MAX = 3_650

/** One stricter rule: where all of its conditions hold, refunds above its line need a second person. */
export const policyTierShape = z.strictObject({
  aboveMinor: storedMinor,
  /** Codes of reasons; none stands for every reason. */
  reasons: z.array(z.string().check(z.maxLength(40))).check(z.maxLength(REASONS_MAX)),
  /** None stands for every role. */
  roles: z.array(z.enum(ROLES)).check(z.maxLength(ROLES.length)),
  /** The order was charged at least so many days ago; 0 for any time. */
  chargedDaysAgo: z.int().check(z.gte(0), z.lte(AGE_DAYS_MAX)),
  environment: z.enum(['any', 'sandbox', 'production']),
})

export type PolicyTier = z.output<typeof policyTierShape>

/**
 * Who may refund how much without a second person, and how much at all: data, one version after the other, never a
 * constant in a service. Amounts are decimal text of minor units, because the rules are kept as JSON.
 */
export const approvalPolicyShape = z.object({
  /** Refunds above this many minor units need a second person. Refunds of one order that nobody approved count together. */
  approvalAboveMinor: storedMinor,
  /** Roles whose refunds always need a second person. */
  alwaysApproveRoles: z.array(z.enum(ROLES)).check(z.maxLength(ROLES.length)),
  /** How long a request waits for a decision, and how long a decision may wait to be sent. */
  expiresAfterHours: z.int().check(z.gte(1), z.lte(720)),
  /** A second refund of the same amount on one order within this time has to be confirmed by the requester. */
  sameAmountWindowMinutes: z.int().check(z.gte(0), z.lte(1_440)),
  /** How long an approved batch is held before its first refund is released; the usual time when it does not say. */
  bulkHoldMinutes: z.optional(z.int().check(z.gte(0), z.lte(HOLD_MINUTES_MAX))),
  /** Asking for more than this in one refund wants a step-up of the person; the usual line when it does not say. */
  stepUpAboveMinor: z.optional(storedMinor),
  tiers: z.array(policyTierShape).check(z.maxLength(TIERS_MAX)),
  reasons: z.array(reasonRuleShape).check(
    z.minLength(1),
    z.maxLength(REASONS_MAX),
    z.refine((list) => new Set(list.map(({ code }) => code)).size === list.length, 'Each reason once.'),
  ),
  limits: refundLimitsShape,
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
    tiers: [],
    reasons: defaultReasons(),
    limits: DEFAULT_LIMITS,
  },
}

/** What policies kept before they had tiers, limits and a list of reasons of their own. */
const firstShape = z.looseObject({ noteRequiredReasons: z.optional(z.array(z.string())) })

/** Parses stored or typed rules of any version; throws an error that names the field. */
export function parsePolicy(rules: unknown): ApprovalPolicy {
  const { noteRequiredReasons, ...kept } = firstShape.parse(rules)
  const added = { tiers: [], limits: DEFAULT_LIMITS, reasons: defaultReasons(noteRequiredReasons) }
  return approvalPolicyShape.parse({ ...added, ...kept })
}

/** The rules as JSON can hold them. {@link parsePolicy} reads them back. */
export function policyToJson(policy: ApprovalPolicy): Record<string, unknown> {
  const { limits, tiers, stepUpAboveMinor } = policy
  return {
    ...policy,
    approvalAboveMinor: policy.approvalAboveMinor.toString(),
    ...(stepUpAboveMinor !== undefined && { stepUpAboveMinor: stepUpAboveMinor.toString() }),
    tiers: tiers.map((tier) => ({ ...tier, aboveMinor: tier.aboveMinor.toString() })),
    limits: {
      ...limits,
      roles: limits.roles.map((limit) => ({ ...limit, dayMinor: limit.dayMinor.toString() })),
      people: limits.people.map((limit) => ({ ...limit, dayMinor: limit.dayMinor.toString() })),
      accountDayMinor: limits.accountDayMinor?.toString() ?? null,
    },
  }
}

/** A line so high that it asks nobody for anything. */
export const NO_LINE = AMOUNT_MINOR_MAX

/** Whether the policy asks for a second person only where a stricter rule says so, or not at all. */
export function approvalsOff(policy: Pick<ApprovalPolicy, 'approvalAboveMinor'>): boolean {
  return policy.approvalAboveMinor >= NO_LINE
}

/** What a refund is judged by. What is not known counts as what the strictest rule looks for. */
export type PolicySubject = {
  currency: string
  /** The account's, in which every amount of the policy is. */
  accountCurrency: string
  role: Role
  /** The reason's code; null while it is not chosen. */
  reason: string | null
  chargedAt: Date | null
  now: Date
  environment: 'sandbox' | 'production' | null
}

export type PolicyQuestion = PolicySubject & {
  amountMinor: bigint
  /** Already refunded or on its way on this order without a second person: splitting must not get under the line. */
  withoutApprovalMinor: bigint
  /** How many refunds just under the line ({@link nearLine}) this person made today without a second person. */
  nearLineToday: number
}

const DAY_MS = 86_400_000

function matches(tier: PolicyTier, subject: PolicySubject): boolean {
  const { role, reason, chargedAt, now, environment } = subject
  if (tier.roles.length > 0 && !tier.roles.includes(role)) return false
  if (tier.reasons.length > 0 && reason !== null && !tier.reasons.includes(reason)) return false
  if (tier.environment !== 'any' && environment !== null && tier.environment !== environment) return false
  return chargedAt === null || now.getTime() - chargedAt.getTime() >= tier.chargedDaysAgo * DAY_MS
}

/** The line that holds for a refund, and the stricter rule that draws it; null when it is the policy's own. */
export type PolicyLine = { aboveMinor: bigint; tier: PolicyTier | null; always: boolean }

/** The lowest line of all rules that fit: nothing another rule says ever makes one of them milder. */
export function lineFor(policy: ApprovalPolicy, subject: PolicySubject): PolicyLine {
  // A line in rupees says nothing about dollars.
  if (subject.currency !== subject.accountCurrency || policy.alwaysApproveRoles.includes(subject.role))
    return { aboveMinor: 0n, tier: null, always: true }
  let line: PolicyLine = { aboveMinor: policy.approvalAboveMinor, tier: null, always: false }
  for (const tier of policy.tiers)
    if (tier.aboveMinor < line.aboveMinor && matches(tier, subject))
      line = { aboveMinor: tier.aboveMinor, tier, always: false }
  return line
}

/** What is left of the line on this order: a larger refund needs a second person. */
export function lineLeft({ aboveMinor }: PolicyLine, withoutApprovalMinor: bigint): bigint {
  return aboveMinor > withoutApprovalMinor ? aboveMinor - withoutApprovalMinor : 0n
}

/** Refunds this close under the line, in percent of it, look like amounts chosen to stay under it. */
const NEAR_LINE_PERCENT = 10n
/** So many of them a person may make in a day; the next one needs a second person. */
export const NEAR_LINE_PER_DAY = 3

/** The amounts just under a line: above `overMinor`, up to the line itself. */
export function nearLine({ aboveMinor }: PolicyLine): { overMinor: bigint; upToMinor: bigint } {
  return { overMinor: aboveMinor - (aboveMinor * NEAR_LINE_PERCENT) / 100n, upToMinor: aboveMinor }
}

/** Whether this amount would be one more of several just under the line. */
export function looksChosen(line: PolicyLine, amountMinor: bigint, nearLineToday: number): boolean {
  const { overMinor, upToMinor } = nearLine(line)
  return amountMinor > overMinor && amountMinor <= upToMinor && nearLineToday >= NEAR_LINE_PER_DAY
}

/** Whether a second person must decide, and the rule that says so in words (kept with the request). */
export function decidePolicy(
  policy: ApprovalPolicy,
  question: PolicyQuestion,
): { needsApproval: boolean; reason: string } {
  const { amountMinor, withoutApprovalMinor, nearLineToday } = question
  const show = (minor: bigint): string => formatMoney({ minor, currency: question.currency })
  const line = lineFor(policy, question)
  const whose = line.tier === null ? '' : tierWords(line.tier)
  const above = `Refunds${whose} over ${show(line.aboveMinor)}`
  const needed = (reason: string) => ({ needsApproval: true, reason })
  if (question.currency !== question.accountCurrency)
    return needed(
      `Refunds in ${question.currency} always need approval: the limits are in ${question.accountCurrency}.`,
    )
  if (line.always) return needed(`Refunds asked for by ${ROLE_LABELS[question.role]} always need approval.`)
  if (amountMinor > line.aboveMinor)
    return needed(
      line.aboveMinor === 0n ? `Refunds${whose} always need approval.` : `${above} need approval.`,
    )
  if (amountMinor > lineLeft(line, withoutApprovalMinor))
    return needed(
      `${above} on one order need approval. ${show(withoutApprovalMinor)} was already refunded without.`,
    )
  if (looksChosen(line, amountMinor, nearLineToday))
    return needed(
      `${show(amountMinor)} is just under the ${show(line.aboveMinor)} line, as ${nearLineToday} refunds before it today.`,
    )
  if (approvalsOff(policy) && line.tier === null)
    return { needsApproval: false, reason: 'Approvals are switched off.' }
  return { needsApproval: false, reason: `Refunds${whose} up to ${show(line.aboveMinor)} need no approval.` }
}

/** " because of Fraud, by Finance, 90 days after the payment, in production": the conditions of a rule. */
export function tierWords({ reasons, roles, chargedDaysAgo, environment }: PolicyTier): string {
  const parts = [
    reasons.length === 0 ? null : `because of ${orList(reasons.map(reasonLabel))}`,
    roles.length === 0 ? null : `by ${orList(roles.map((role) => ROLE_LABELS[role]))}`,
    chargedDaysAgo === 0 ? null : `${chargedDaysAgo} days or more after the payment`,
    environment === 'any' ? null : `in ${environment}`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** When a request asked for, or a decision made, at `from` lapses. */
export function expiryFrom(policy: Pick<ApprovalPolicy, 'expiresAfterHours'>, from: Date): Date {
  return new Date(from.getTime() + policy.expiresAfterHours * 3_600_000)
}
