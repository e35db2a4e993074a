/**
 * How much may be refunded in a day: per person, by role or by name, and per account, whoever approves (C25, I10). Days
 * are those of the account's zone. What is asked for counts on the day it is asked for, unless it was closed without a
 * refund; what is sent counts again on the day it is first sent.
 */
import { z } from 'zod/mini'
import { INDIA_OFFSET_MS, startOfDayInIndia } from './indian-time.ts'
import { formatMoney } from './money.ts'
import { ROLES, type Role } from './permission.ts'

/** Minor units, as JSON keeps them: decimal text. */
export const storedMinor = z.pipe(
  z.union([z.bigint().check(z.gte(0n)), z.string().check(z.regex(/^\d{1,18}$/))]),
  z.transform((value) => BigInt(value)),
)

/** People who can have a limit of their own. */
export const PERSONAL_LIMITS_MAX = 200
/** Juspay takes this many refunds of one order and no more (API reference §5.3). */
export const ORDER_REFUNDS_MAX = 25

export const refundLimitsShape = z.strictObject({
  /** What one person of a role may ask for in a day; a role without an entry has no limit. */
  roles: z
    .array(z.strictObject({ role: z.enum(ROLES), dayMinor: storedMinor }))
    .check(z.maxLength(ROLES.length)),
  /** The same for one person, in place of the role's. */
  people: z
    .array(z.strictObject({ userId: z.guid(), dayMinor: storedMinor }))
    .check(z.maxLength(PERSONAL_LIMITS_MAX)),
  /** What all people together may ask for in a day; null for no limit. */
  accountDayMinor: z.nullable(storedMinor),
  /** Refunds of one order that are asked for, on their way or made. */
  orderRefundsMax: z.int().check(z.gte(1), z.lte(ORDER_REFUNDS_MAX)),
})

export type RefundLimits = z.output<typeof refundLimitsShape>

/** As delivered: nobody has a limit until an admin says how much is usual here. */
export const DEFAULT_LIMITS: RefundLimits = {
  roles: [],
  people: [],
  accountDayMinor: null,
  orderRefundsMax: ORDER_REFUNDS_MAX,
}

const DAY_MS = 86_400_000

/** The day in India, as `2026-11-26`. */
export function dayInIndia(at: Date): string {
  return new Date(at.getTime() + INDIA_OFFSET_MS).toISOString().slice(0, 10)
}

/** When the next day in India begins. */
export function nextDayInIndia(at: Date): Date {
  return new Date(startOfDayInIndia(at).getTime() + DAY_MS)
}

/** What one person may ask for in a day; null for no limit. */
export function personDayLimit(limits: RefundLimits, person: { userId: string; role: Role }): bigint | null {
  const own = limits.people.find(({ userId }) => userId === person.userId)
  if (own) return own.dayMinor
  return limits.roles.find(({ role }) => role === person.role)?.dayMinor ?? null
}

/** Whether `after` lets a person ask for more than `before` did. Nobody may do that for themselves. */
export function raisesLimit(
  before: RefundLimits,
  after: RefundLimits,
  person: { userId: string; role: Role },
): boolean {
  const [was, is] = [personDayLimit(before, person), personDayLimit(after, person)]
  if (was === null) return false
  return is === null || is > was
}

/** A limit of today and what is left of it. */
export type DayLimit = { scope: 'person' | 'account'; limitMinor: bigint; leftMinor: bigint }

/** The tighter of the two limits of a day; null when there is none. */
export function tightestLimit(
  limits: RefundLimits,
  person: { userId: string; role: Role },
  used: { personMinor: bigint; accountMinor: bigint },
): DayLimit | null {
  const of = (scope: DayLimit['scope'], limitMinor: bigint | null, usedMinor: bigint): DayLimit[] => {
    if (limitMinor === null) return []
    return [{ scope, limitMinor, leftMinor: limitMinor > usedMinor ? limitMinor - usedMinor : 0n }]
  }
  const [first, second] = [
    ...of('person', personDayLimit(limits, person), used.personMinor),
    ...of('account', limits.accountDayMinor, used.accountMinor),
  ]
  if (first === undefined || second === undefined) return first ?? null
  return second.leftMinor < first.leftMinor ? second : first
}

/** That an order has as many refunds as it may have, as a sentence. */
export function orderRefundsProblem(max: number): string {
  return `One order can have ${max === 1 ? '1 refund' : `${max} refunds`} at most.`
}

/** Why an amount does not fit into a limit, as a sentence; null when it does. */
export function limitProblem(limit: DayLimit | null, amountMinor: bigint, currency: string): string | null {
  if (limit === null || amountMinor <= limit.leftMinor) return null
  const money = (minor: bigint): string => formatMoney({ minor, currency })
  const whose = limit.scope === 'person' ? 'your limit' : 'the limit of this account'
  if (limit.leftMinor === 0n)
    return `${whose.charAt(0).toUpperCase()}${whose.slice(1)} is used up today: ${money(limit.limitMinor)}.`
  return `Only ${money(limit.leftMinor)} is left of ${whose} for today, ${money(limit.limitMinor)}.`
}

/** The same when nothing whatever fits into it any more; null while something does. */
export function usedUpProblem(limit: DayLimit | null, currency: string): string | null {
  return limit?.leftMinor === 0n ? limitProblem(limit, 1n, currency) : null
}
