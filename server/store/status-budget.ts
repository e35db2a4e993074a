import { z } from 'zod'
import {
  ACCOUNT_BUDGET,
  callsFor,
  DAILY_LOOK_BUDGET,
  ORDER_CALLS_PER_HOUR,
  ORDER_CALLS_WINDOW_MS,
  refilled,
  spent,
  UNKNOWN_ORDER_BUDGET,
  type Bucket,
  type BucketSize,
  type CallPurpose,
} from '../domain/status-budget.ts'
import type { Sql } from './sql.ts'

/** Who is due for a status check. */
export type DueCheck = { orderId: string; accountId: string }

const dueRow = z.object({ orderId: z.string(), accountId: z.string() })
const bucketRow = z.object({ tokens: z.number(), refilledAt: z.date(), pausedUntil: z.date().nullable() })
type BucketRow = z.infer<typeof bucketRow>

/** The scope of the account itself; any other is the reference key of an order that we do not know, or the next one. */
const ACCOUNT_SCOPE = ''
/** Daily looks at charged orders. No reference of an order has a line break. */
const DAILY_SCOPE = '\ndaily'

/** Due orders whose money only webhooks vouch for, those that expect an outcome, and charged ones: each has an index. */
const CLAIMED = 'unconfirmed_since is not null'
const OPEN = `unconfirmed_since is null and payment_status <> 'charged'`
const CHARGED = `unconfirmed_since is null and payment_status = 'charged'`

/** Status calls that may be made, and the orders they are for. Everything here runs inside a transaction. */
export function statusBudgetStore(sql: Sql) {
  return {
    /** Accounts with orders that are due. */
    async accountsDue(now: Date): Promise<string[]> {
      const due = (condition: string): string =>
        `exists (select 1 from orders where merchant_account_id = merchant_account.id and ${condition} and next_check_at <= $1)`
      const rows = await sql.rows(
        z.object({ id: z.string() }),
        `select id from merchant_account where ${due(CLAIMED)} or ${due(OPEN)} or ${due(CHARGED)} order by id`,
        [now],
      )
      return rows.map((row) => row.id)
    },

    /**
     * Takes at most `limit` orders of an account that are due, as many as its budget allows: unconfirmed money first,
     * then those that expect an outcome, then charged ones, which have a budget of their own inside it. Moves them to `leaseUntil`: no other process asks about them meanwhile, and a crash only delays them. An
     * order that was asked about too often is moved to when it may be asked about again.
     */
    async takeDue(
      accountId: string,
      when: { now: Date; leaseUntil: Date; limit: number },
    ): Promise<DueCheck[]> {
      const row = await lockBucket(sql, accountId, ACCOUNT_SCOPE)
      if (row.pausedUntil !== null && row.pausedUntil > when.now) return []
      const bucket = refilled(row, ACCOUNT_BUDGET, when.now)
      const allowed = Math.min(when.limit, callsFor('sweep', bucket))
      const claimed = await lease(sql, CLAIMED, accountId, { ...when, limit: allowed })
      const open = await lease(sql, OPEN, accountId, { ...when, limit: allowed - claimed.length })
      const rest = allowed - claimed.length - open.length
      const charged = await leaseCharged(sql, accountId, { ...when, limit: rest })
      const due = [...claimed, ...open, ...charged]
      const crowded = await putOffCrowded(sql, accountId, due, when.now)
      const taken = due.filter(({ orderId }) => !crowded.has(orderId))
      await saveBucket(sql, accountId, ACCOUNT_SCOPE, spent(bucket, taken.length))
      return taken
    },

    /**
     * Takes one call for somebody who asks now.
     * @param unknownOrderKey for `unknown_order`: which order, for it has a budget of its own
     * @returns whether the call may be made
     */
    async takeCall(
      accountId: string,
      purpose: CallPurpose,
      now: Date,
      unknownOrderKey: string | null = null,
    ): Promise<boolean> {
      const row = await lockBucket(sql, accountId, ACCOUNT_SCOPE)
      const account = refilled(row, ACCOUNT_BUDGET, now)
      if (callsFor(purpose, account) < 1) return false
      if (unknownOrderKey !== null) {
        if (row.pausedUntil !== null && row.pausedUntil > now) return false
        if (!(await takeOne(sql, accountId, unknownOrderKey, UNKNOWN_ORDER_BUDGET, now))) return false
      }
      await saveBucket(sql, accountId, ACCOUNT_SCOPE, spent(account, 1))
      return true
    },

    /** How many calls `purpose` could make now; takes none of them. */
    async callsLeft(accountId: string, purpose: CallPurpose, now: Date): Promise<number> {
      const row = await sql.first(
        bucketRow,
        `select tokens, refilled_at as "refilledAt", paused_until as "pausedUntil" from status_budget
         where merchant_account_id = $1 and scope = $2`,
        [accountId, ACCOUNT_SCOPE],
      )
      return callsFor(purpose, refilled(row, ACCOUNT_BUDGET, now))
    },

    /** The account's provider gives no answer: background work leaves it alone until then. */
    async pause(accountId: string, until: Date): Promise<void> {
      await lockBucket(sql, accountId, ACCOUNT_SCOPE)
      await sql.run(
        'update status_budget set paused_until = $3 where merchant_account_id = $1 and scope = $2',
        [accountId, ACCOUNT_SCOPE, until],
      )
    },

    /** Forgets buckets of unknown orders that are full again, at most `limit`. Returns how many. */
    prune: (before: Date, limit: number): Promise<number> =>
      sql.run(
        `delete from status_budget where (merchant_account_id, scope) in (
           select merchant_account_id, scope from status_budget
           where refilled_at < $1 and scope <> '${ACCOUNT_SCOPE}' order by refilled_at limit $2)`,
        [before, limit],
      ),
  }
}

/** Locks a bucket, making it full when there is none. */
async function lockBucket(sql: Sql, accountId: string, scope: string): Promise<BucketRow> {
  const size = scope === ACCOUNT_SCOPE ? ACCOUNT_BUDGET : UNKNOWN_ORDER_BUDGET
  const select = `select tokens, refilled_at as "refilledAt", paused_until as "pausedUntil" from status_budget
    where merchant_account_id = $1 and scope = $2 for update`
  const found = await sql.first(bucketRow, select, [accountId, scope])
  if (found !== null) return found
  await sql.run(
    `insert into status_budget (merchant_account_id, scope, tokens, refilled_at) values ($1, $2, $3, 'epoch')
     on conflict do nothing`,
    [accountId, scope, size.burst],
  )
  const made = await sql.first(bucketRow, select, [accountId, scope])
  if (made === null) throw new Error('a budget that was just made cannot be found')
  return made
}

async function saveBucket(sql: Sql, accountId: string, scope: string, bucket: Bucket): Promise<void> {
  await sql.run(
    `update status_budget set tokens = $3, refilled_at = $4 where merchant_account_id = $1 and scope = $2`,
    [accountId, scope, bucket.tokens, bucket.refilledAt],
  )
}

async function takeOne(
  sql: Sql,
  accountId: string,
  scope: string,
  size: BucketSize,
  now: Date,
): Promise<boolean> {
  const bucket = refilled(await lockBucket(sql, accountId, scope), size, now)
  if (bucket.tokens < 1) return false
  await saveBucket(sql, accountId, scope, spent(bucket, 1))
  return true
}

async function lease(
  sql: Sql,
  condition: string,
  accountId: string,
  { now, leaseUntil, limit }: { now: Date; leaseUntil: Date; limit: number },
): Promise<DueCheck[]> {
  if (limit <= 0) return []
  return sql.rows(
    dueRow,
    `update orders set next_check_at = $3 where id in (
       select id from orders where merchant_account_id = $1 and ${condition} and next_check_at <= $2
       order by next_check_at limit $4 for no key update skip locked
     ) returning id as "orderId", merchant_account_id as "accountId"`,
    [accountId, now, leaseUntil, limit],
  )
}

/** The same for charged orders, out of the budget for daily looks. */
async function leaseCharged(
  sql: Sql,
  accountId: string,
  when: { now: Date; leaseUntil: Date; limit: number },
): Promise<DueCheck[]> {
  if (when.limit <= 0) return []
  const bucket = refilled(await lockBucket(sql, accountId, DAILY_SCOPE), DAILY_LOOK_BUDGET, when.now)
  const limit = Math.min(when.limit, Math.floor(bucket.tokens))
  const taken = await lease(sql, CHARGED, accountId, { ...when, limit })
  await saveBucket(sql, accountId, DAILY_SCOPE, spent(bucket, taken.length))
  return taken
}

/** Moves orders that were asked about too often within the window to its end. Returns their ids. */
async function putOffCrowded(
  sql: Sql,
  accountId: string,
  due: readonly DueCheck[],
  now: Date,
): Promise<Set<string>> {
  if (due.length === 0) return new Set()
  const rows = await sql.rows(
    z.object({ orderId: z.string() }),
    `update orders set next_check_at = crowded.asked_at + $4 * interval '1 millisecond' from (
       select wanted.id, nth.asked_at from unnest($2::uuid[]) as wanted(id)
       cross join lateral (
         select asked_at from status_check where merchant_account_id = $1 and order_id = wanted.id
         order by asked_at desc offset ${ORDER_CALLS_PER_HOUR - 1} limit 1) as nth
       where nth.asked_at > $3) as crowded
     where orders.id = crowded.id returning orders.id as "orderId"`,
    [
      accountId,
      due.map(({ orderId }) => orderId),
      new Date(now.getTime() - ORDER_CALLS_WINDOW_MS),
      ORDER_CALLS_WINDOW_MS,
    ],
  )
  return new Set(rows.map((row) => row.orderId))
}
