import type { ApprovalPolicy, PolicyLine } from '../../domain/approval-policy.ts'
import { nearLine } from '../../domain/approval-policy.ts'
import type { Role } from '../../domain/permission.ts'
import {
  dayInIndia,
  limitProblem,
  nextDayInIndia,
  orderRefundsProblem,
  personDayLimit,
  tightestLimit,
  usedUpProblem,
  type DayLimit,
} from '../../domain/refund-limit.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { LockedAggregate } from '../../store/order-locks.ts'
import type { StoreTx } from '../../store/store.ts'

type Person = { accountId: string; userId: string; role: Role }
type Asking = { person: Person; amountMinor: bigint; currency: string; now: Date }

/** What is left of today's limits for a person who asks; null when there is none. Not under a lock: for showing. */
export async function limitToday(
  tx: Pick<StoreTx, 'refundDays' | 'accounts'>,
  rules: Pick<ApprovalPolicy, 'limits'>,
  person: Person,
  { currency, now }: { currency: string; now: Date },
): Promise<DayLimit | null> {
  const { accountId, userId } = person
  if (!(await inOwnCurrency(tx, accountId, currency))) return null
  const { person: own, account } = await tx.refundDays.totals({
    accountId,
    personId: userId,
    day: dayInIndia(now),
  })
  return tightestLimit(rules.limits, person, {
    personMinor: own.askedMinor,
    accountMinor: account.askedMinor,
  })
}

/** That nothing is left of today's limits for a person, as a sentence; null while something is. For showing. */
export async function limitUsedUp(
  tx: Pick<StoreTx, 'refundDays' | 'refundPolicies' | 'accounts'>,
  person: Person,
  { currency, now }: { currency: string; now: Date },
): Promise<string | null> {
  const { rules } = await tx.refundPolicies.current(person.accountId)
  // Most accounts have none, and this is asked for often.
  if (personDayLimit(rules.limits, person) === null && rules.limits.accountDayMinor === null) return null
  return usedUpProblem(await limitToday(tx, rules, person, { currency, now }), currency)
}

/**
 * Refuses a request that does not fit into the day's limits or the order's number of refunds (Tx A). The day's totals
 * stay locked until the end of the transaction, so that of two requests only one gets what is left (I10).
 * @throws Refusal limit_exceeded
 */
export async function holdToLimits(
  tx: StoreTx,
  rules: ApprovalPolicy,
  locked: LockedAggregate,
  { person, amountMinor, currency, now }: Asking,
): Promise<void> {
  const { accountId, userId } = person
  const { orderRefundsMax } = rules.limits
  const alive = locked.requests.filter(({ status }) => status === 'pending_approval' || status === 'approved')
  if (alive.length >= orderRefundsMax)
    throw new Refusal('limit_exceeded', orderRefundsProblem(orderRefundsMax))
  const used = await tx.refundDays.lock({ accountId, personId: userId, day: dayInIndia(now) })
  if (!(await inOwnCurrency(tx, accountId, currency))) return
  const left = tightestLimit(rules.limits, person, {
    personMinor: used.person.askedMinor,
    accountMinor: used.account.askedMinor,
  })
  const problem = limitProblem(left, amountMinor, currency)
  if (problem !== null) throw new Refusal('limit_exceeded', problem, 'Ask an admin, or wait until tomorrow.')
}

/** When a refund that today's limits leave no room for may be sent (Tx C); null when it may now. Locks the day's totals. */
export async function limitedUntil(
  tx: StoreTx,
  rules: ApprovalPolicy,
  { person, amountMinor, currency, now }: Asking,
): Promise<Date | null> {
  const { accountId, userId } = person
  const used = await tx.refundDays.lock({ accountId, personId: userId, day: dayInIndia(now) })
  if (!(await inOwnCurrency(tx, accountId, currency))) return null
  const left = tightestLimit(rules.limits, person, {
    personMinor: used.person.sentMinor,
    accountMinor: used.account.sentMinor,
  })
  return limitProblem(left, amountMinor, currency) === null ? null : nextDayInIndia(now)
}

/** Limits are amounts of the account's currency: a refund in another one is held to none, and always needs approval. */
async function inOwnCurrency(
  tx: Pick<StoreTx, 'accounts'>,
  accountId: string,
  currency: string,
): Promise<boolean> {
  return (await tx.accounts.byId(accountId))?.currency === currency
}

/** How many refunds just under this line the person made today without a second person. */
export function nearLineToday(
  tx: Pick<StoreTx, 'refundRequests'>,
  line: PolicyLine,
  { accountId, userId }: Pick<Person, 'accountId' | 'userId'>,
  now: Date,
): Promise<number> {
  const since = new Date(nextDayInIndia(now).getTime() - 86_400_000)
  return tx.refundRequests.undecidedCount({ accountId, userId, since, ...nearLine(line) })
}
