/** The refund policy while it is being changed. */
import { NO_LINE } from '../../../server/domain/approval-policy.ts'
import { HOLD_MINUTES_DEFAULT, HOLD_MINUTES_MAX } from '../../../server/domain/bulk-batch.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { NOTE_MIN_LENGTH, reasonCode } from '../../../server/domain/refund-reason.ts'
import { STEP_UP_ABOVE_MINOR_DEFAULT } from '../../../server/domain/step-up.ts'
import { moneyDraft, moneyProblem, type MoneyDraft } from '../../ui/money-draft.ts'
import type { PolicySettings, Rules } from './settings-types.ts'

type Tier = Rules['tiers'][number]

/** Drafts of a list's rows carry a key of their own: a new row has nothing else to be told apart by. */
export type TierDraft = Pick<Tier, 'reasons' | 'roles' | 'environment'> & {
  key: string
  above: MoneyDraft
  days: string
}
export type ReasonDraft = {
  key: string
  /** Null until the reason is saved: then its label stays. */
  code: string | null
  label: string
  active: boolean
  noteMinLength: string
}
export type RoleLimitDraft = { role: Role; day: MoneyDraft }
export type PersonLimitDraft = { key: string; userId: string; day: MoneyDraft }

export type PolicyDraft = {
  approvalsOn: boolean
  approvalAbove: MoneyDraft
  alwaysApproveRoles: readonly Role[]
  expiresAfterHours: string
  sameAmountWindowMinutes: string
  bulkHoldMinutes: string
  stepUpAbove: MoneyDraft
  tiers: readonly TierDraft[]
  reasons: readonly ReasonDraft[]
  roleLimits: readonly RoleLimitDraft[]
  people: readonly PersonLimitDraft[]
  accountDay: MoneyDraft
  orderRefundsMax: string
}

export const AMOUNT_LABEL = 'Approval line'
export const STEP_UP_LABEL = 'Confirm who you are above'
const HOURS = { label: 'Time to decide', min: 1, max: 720, unit: 'hours' }
const MINUTES = { label: 'Same amount again', min: 0, max: 1_440, unit: 'minutes' }
const HOLD = { label: 'Batches wait', min: 0, max: HOLD_MINUTES_MAX, unit: 'minutes' }
const DAYS = { label: 'Days since the payment', min: 0, max: 3_650, unit: 'days' }
const NOTE = { label: 'Shortest note', min: 0, max: 200, unit: 'characters' }
const ORDER_REFUNDS = { label: 'Refunds of one order', min: 1, max: 25, unit: 'refunds' }
/** A limit that is not set. */
export const NO_AMOUNT: MoneyDraft = { text: '', minor: null }

export function draftOf(policy: PolicySettings, currency: string, askingRoles: readonly Role[]): PolicyDraft {
  const { limits } = policy
  const on = policy.approvalAboveMinor < NO_LINE
  const money = (minor: bigint | null | undefined): MoneyDraft =>
    minor === null || minor === undefined ? NO_AMOUNT : moneyDraft({ minor, currency })
  return {
    approvalsOn: on,
    approvalAbove: on ? money(policy.approvalAboveMinor) : NO_AMOUNT,
    alwaysApproveRoles: policy.alwaysApproveRoles,
    expiresAfterHours: String(policy.expiresAfterHours),
    sameAmountWindowMinutes: String(policy.sameAmountWindowMinutes),
    bulkHoldMinutes: String(policy.bulkHoldMinutes ?? HOLD_MINUTES_DEFAULT),
    stepUpAbove: money(policy.stepUpAboveMinor ?? STEP_UP_ABOVE_MINOR_DEFAULT),
    tiers: policy.tiers.map(({ aboveMinor, chargedDaysAgo, reasons, roles, environment }, at) => ({
      key: `tier-${at}`,
      above: money(aboveMinor),
      days: String(chargedDaysAgo),
      reasons,
      roles,
      environment,
    })),
    reasons: policy.reasons.map((reason) => ({
      ...reason,
      key: reason.code,
      noteMinLength: String(reason.noteMinLength),
    })),
    roleLimits: askingRoles.map((role) => ({
      role,
      day: money(limits.roles.find((limit) => limit.role === role)?.dayMinor),
    })),
    people: limits.people.map(({ userId, dayMinor }) => ({ key: userId, userId, day: money(dayMinor) })),
    accountDay: money(limits.accountDayMinor),
    orderRefundsMax: String(limits.orderRefundsMax),
  }
}

/** A new rule: half the line for whatever a person then says. */
export function newTier(): TierDraft {
  const key = crypto.randomUUID()
  return { key, above: { text: '0.00', minor: 0n }, days: '0', reasons: [], roles: [], environment: 'any' }
}

export function newReason(): ReasonDraft {
  const key = crypto.randomUUID()
  return { key, code: null, label: '', active: true, noteMinLength: String(NOTE_MIN_LENGTH) }
}

type Range = { label: string; min: number; max: number; unit: string }

function wholeNumber(text: string, { min, max }: Range): number | null {
  if (!/^\d{1,6}$/.test(text.trim())) return null
  const value = Number(text.trim())
  return value >= min && value <= max ? value : null
}

function rangeProblem(text: string, range: Range): string | null {
  const { label, min, max, unit } = range
  return wholeNumber(text, range) === null
    ? `${label} must be ${min} to ${max} ${unit}, as a whole number.`
    : null
}

/** An amount, zero included; null when it cannot be read. */
function amountProblem(draft: MoneyDraft, currency: string, label: string): string | null {
  return draft.minor === 0n ? null : moneyProblem(draft, currency, label)
}

/** What is wrong with one rule, reason or limit; null when it will do. */
export const tierProblem = (tier: TierDraft, currency: string): string | null =>
  amountProblem(tier.above, currency, 'Amount') ?? rangeProblem(tier.days, DAYS)

export function reasonProblem(reason: ReasonDraft, all: readonly ReasonDraft[]): string | null {
  const code = reason.code ?? reasonCode(reason.label)
  if (reason.label.trim().length < 2 || code === '') return 'Name the new reason in letters or digits.'
  const twice = all.some(
    (other) => other.key !== reason.key && (other.code ?? reasonCode(other.label)) === code,
  )
  return twice ? `${reason.label} is in the list already.` : rangeProblem(reason.noteMinLength, NOTE)
}

export const limitProblem = (day: MoneyDraft, currency: string, label: string): string | null =>
  day.text.trim() === '' ? null : amountProblem(day, currency, label)

export type PolicyProblems = Record<
  'amount' | 'hours' | 'minutes' | 'hold' | 'stepUp' | 'tiers' | 'reasons' | 'limits' | 'orderRefunds',
  string | null
>

/** What is wrong with each part of the form. An approval line of zero is fine: then every refund needs approval. */
export function policyProblems(draft: PolicyDraft, currency: string): PolicyProblems {
  const first = <T>(list: readonly T[], problem: (item: T) => string | null): string | null =>
    list.map(problem).find((found) => found !== null) ?? null
  return {
    amount: draft.approvalsOn ? amountProblem(draft.approvalAbove, currency, AMOUNT_LABEL) : null,
    hours: rangeProblem(draft.expiresAfterHours, HOURS),
    minutes: rangeProblem(draft.sameAmountWindowMinutes, MINUTES),
    hold: rangeProblem(draft.bulkHoldMinutes, HOLD),
    stepUp: amountProblem(draft.stepUpAbove, currency, STEP_UP_LABEL),
    tiers: first(draft.tiers, (tier) => tierProblem(tier, currency)),
    reasons:
      first(draft.reasons, (reason) => reasonProblem(reason, draft.reasons)) ??
      (draft.reasons.some(({ active }) => active) ? null : 'At least one reason must be offered.'),
    limits:
      first(draft.roleLimits, ({ day }) => limitProblem(day, currency, 'Limit')) ??
      first(draft.people, ({ day }) => amountProblem(day, currency, 'Limit')) ??
      limitProblem(draft.accountDay, currency, 'Limit of the account'),
    orderRefunds: rangeProblem(draft.orderRefundsMax, ORDER_REFUNDS),
  }
}

/** The rules the draft means; null while a part cannot be read. */
export function policyOf(draft: PolicyDraft, currency: string): Rules | null {
  if (Object.values(policyProblems(draft, currency)).some((problem) => problem !== null)) return null
  const line = draft.approvalsOn ? draft.approvalAbove.minor : NO_LINE
  const hours = wholeNumber(draft.expiresAfterHours, HOURS)
  const minutes = wholeNumber(draft.sameAmountWindowMinutes, MINUTES)
  const hold = wholeNumber(draft.bulkHoldMinutes, HOLD)
  const orderRefundsMax = wholeNumber(draft.orderRefundsMax, ORDER_REFUNDS)
  if (line === null || hours === null || minutes === null || hold === null) return null
  const stepUp = draft.stepUpAbove.minor
  if (orderRefundsMax === null || stepUp === null) return null
  return {
    approvalAboveMinor: line,
    alwaysApproveRoles: [...draft.alwaysApproveRoles],
    expiresAfterHours: hours,
    sameAmountWindowMinutes: minutes,
    bulkHoldMinutes: hold,
    stepUpAboveMinor: stepUp,
    tiers: draft.tiers.map(({ above, days, reasons, roles, environment }) => ({
      aboveMinor: above.minor ?? 0n,
      chargedDaysAgo: wholeNumber(days, DAYS) ?? 0,
      reasons: [...reasons],
      roles: [...roles],
      environment,
    })),
    reasons: draft.reasons.map(({ code, label, active, noteMinLength }) => ({
      code: code ?? reasonCode(label),
      label: label.trim(),
      active,
      noteMinLength: wholeNumber(noteMinLength, NOTE) ?? 0,
    })),
    limits: {
      roles: draft.roleLimits.flatMap(({ role, day }) =>
        day.minor === null ? [] : [{ role, dayMinor: day.minor }],
      ),
      people: draft.people.map(({ userId, day }) => ({ userId, dayMinor: day.minor ?? 0n })),
      accountDayMinor: draft.accountDay.minor,
      orderRefundsMax,
    },
  }
}
