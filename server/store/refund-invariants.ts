/**
 * The refund invariants as queries: each answers the rows that break one, and no row is the only good answer. Those
 * about orders look only at the orders they are given, so that the price of a check does not grow with the table.
 */
import { z } from 'zod'
import type { FoundViolation, InvariantCode } from '../domain/invariant.ts'
import { CHARGED_WORDS } from '../domain/transaction.ts'
import { isTimeout } from './database.ts'
import type { Sql } from './sql.ts'

/** Violations that one query answers with at most; more say nothing new. */
const FOUND_MAX = 50
/** A query that takes longer is stopped and the invariant reported as not checked. */
const QUERY_MAX_MS = 4_000
/** After this a refund in doubt, an action or an event that was due counts as forgotten (§2.5, I11). */
const OVERDUE = `interval '15 minutes'`

type Query = {
  code: InvariantCode
  /** Answers accountId, orderId, subject and detail. Takes order ids as $1. */
  sql: string
}

/** Orders of the slice, with their refunds or requests. */
const ORDERS = 'from unnest($1::uuid[]) as asked (id) join orders o on o.id = asked.id'
const OF = (alias: string): string =>
  `${alias}.merchant_account_id = o.merchant_account_id and ${alias}.order_id = o.id`
const REFUNDS = `${ORDERS} join refund r on ${OF('r')}`
const REQUESTS = `${ORDERS} join refund_request q on ${OF('q')}`
const WHERE = `select o.merchant_account_id as "accountId", o.id as "orderId"`

const words = (list: Iterable<string>): string => [...list].map((word) => `'${word}'`).join(', ')
const CHARGED = words(CHARGED_WORDS)
const AMOUNT_OF_ATTEMPT = 'coalesce(t.net_amount_minor, t.amount_minor, o.amount_minor)'

/** What the attempts took, as `domain/transaction.ts` counts it: several charges are added, one is the order's own. */
const TAKEN = `cross join lateral (
    select count(*) as n, sum(${AMOUNT_OF_ATTEMPT}) as total,
      coalesce(sum(${AMOUNT_OF_ATTEMPT}) filter (where t.provider_status = 'AUTO_REFUNDED'), 0) as back,
      bool_or(t.provider_status = 'PARTIAL_CHARGED') as part, bool_or(t.provider_status = 'AUTO_REFUNDED') as auto
    from transaction t where ${OF('t')} and t.provider_status in (${CHARGED})) as attempts
  cross join lateral (select
    case when attempts.n > 1 or (attempts.n = 1 and (attempts.part or o.provider_status = 'PARTIAL_CHARGED')) then attempts.total
      when attempts.n = 1 then coalesce(o.effective_amount_minor, attempts.total)
      when o.provider_status in (${CHARGED}) then coalesce(o.effective_amount_minor, o.amount_minor)
      else 0 end as charged) as taken
  cross join lateral (select
    case when attempts.n > 1 then attempts.back
      when attempts.auto or (attempts.n = 0 and o.provider_status = 'AUTO_REFUNDED') then taken.charged
      else 0 end as auto) as given`

const PROMISED = `cross join lateral (
    select coalesce(sum(q.amount_minor), 0) as minor from refund_request q
    where ${OF('q')} and q.status = 'pending_approval') as waiting`

const MADE = `cross join lateral (
    select
      coalesce(sum(r.amount_minor) filter (where r.origin = 'paydesk' and r.status = 'succeeded'), 0) as paid,
      coalesce(sum(r.amount_minor) filter (where r.origin = 'paydesk'
        and r.status not in ('succeeded', 'failed', 'rejected')), 0) as open,
      coalesce(sum(r.amount_minor) filter (where r.origin = 'external' and r.status not in ('failed', 'rejected')), 0) as external,
      coalesce(sum(r.amount_minor) filter (where r.origin = 'auto' and r.status not in ('failed', 'rejected')), 0) as auto,
      coalesce(sum(r.amount_minor) filter (where r.origin <> 'paydesk'
        and r.status not in ('succeeded', 'failed', 'rejected')), 0) as away
    from refund r where ${OF('r')}) as made`

/** The kinds of work item that say that a refund ended twice. */
const ENDED_TWICE = `'refund_late_success', 'refund_reversed'`

/** Checks of orders. */
const OF_ORDERS: readonly Query[] = [
  {
    code: 'I1',
    sql: `${WHERE}, o.order_ref as subject, format('More goes back than was charged: charged %s, set aside %s, refunded %s, elsewhere %s (minor units).',
        o.charged_minor, o.reserved_minor, o.refunded_minor, o.external_refunded_minor) as detail
      ${ORDERS}
      where o.reserved_minor + o.refunded_minor + o.external_refunded_minor > o.charged_minor + o.excess_minor
        or o.reserved_minor < 0 or o.refunded_minor < 0 or o.external_refunded_minor < 0`,
  },
  {
    code: 'I1',
    sql: `${WHERE}, 'sums of ' || o.order_ref as subject, format('Amounts are not the sums of the rows: set aside %s against %s, refunded %s against %s, elsewhere %s against %s, of that on its way %s against %s (minor units).',
        o.reserved_minor, waiting.minor + made.open, o.refunded_minor, made.paid,
        o.external_refunded_minor, made.external + greatest(made.auto, given.auto), o.external_pending_minor, made.away) as detail
      ${ORDERS} ${PROMISED} ${MADE} ${TAKEN}
      where o.reserved_minor <> waiting.minor + made.open or o.refunded_minor <> made.paid
        or o.external_refunded_minor <> made.external + greatest(made.auto, given.auto)
        or o.external_pending_minor <> made.away`,
  },
  {
    code: 'I1',
    sql: `${WHERE}, 'charge of ' || o.order_ref as subject,
        format('Charged %s, its attempts say %s (minor units).', o.charged_minor, taken.charged) as detail
      ${ORDERS} ${TAKEN} where o.charged_minor <> taken.charged`,
  },
  {
    code: 'I2',
    sql: `${WHERE}, r.refund_request_id::text as subject,
        format('%s refunds of one request can still be paid or are paid: %s.', count(*), string_agg(r.unique_request_id, ', ')) as detail
      ${REFUNDS} where r.refund_request_id is not null and r.status not in ('failed', 'rejected')
      group by o.merchant_account_id, o.id, r.refund_request_id having count(*) > 1`,
  },
  {
    code: 'I2',
    sql: `${WHERE}, r.unique_request_id as subject,
        format('It asks again for %s, and both were paid.', first.unique_request_id) as detail
      ${REFUNDS} join refund_request q on q.id = r.refund_request_id join refund first on first.id = q.retry_of_refund_id
      where r.status = 'succeeded' and first.status = 'succeeded'`,
  },
  {
    code: 'I3',
    sql: `${WHERE}, r.unique_request_id as subject, 'The same key belongs to two refunds of ours.' as detail
      ${REFUNDS} where r.origin = 'paydesk' and exists (
        select 1 from refund other where other.merchant_account_id = r.merchant_account_id
          and other.unique_request_id = r.unique_request_id and other.origin = 'paydesk' and other.id <> r.id)`,
  },
  {
    code: 'I3',
    sql: `${WHERE}, q.client_key as subject, 'One gesture became two requests.' as detail
      ${REQUESTS} where exists (
        select 1 from refund_request other where other.merchant_account_id = q.merchant_account_id
          and other.client_key = q.client_key and other.id <> q.id)`,
  },
  {
    code: 'I4',
    sql: `${WHERE}, r.unique_request_id as subject, 'Juspay reports a key of ours under another order.' as detail
      ${REFUNDS} where r.origin <> 'paydesk' and exists (
        select 1 from refund ours where ours.merchant_account_id = r.merchant_account_id
          and ours.unique_request_id = r.unique_request_id and ours.origin = 'paydesk')`,
  },
  {
    code: 'I5',
    sql: `${WHERE}, r.unique_request_id as subject,
        format('Sent %s %s, asked for %s %s (minor units).', r.amount_minor, r.currency, q.amount_minor, q.currency) as detail
      ${REFUNDS} join refund_request q on q.id = r.refund_request_id
      where r.amount_minor <> q.amount_minor or r.currency <> q.currency or r.currency <> o.currency
        or r.order_id <> q.order_id or r.amount_minor <= 0`,
  },
  {
    code: 'I6',
    sql: `${WHERE}, r.unique_request_id as subject, format('It is %s, and when it was sent is not written down.', r.status) as detail
      ${REFUNDS} where r.origin = 'paydesk' and r.first_sent_at is null
        and (r.status not in ('ready', 'rejected') or r.send_count > 0 or r.provider_status is not null)`,
  },
  {
    code: 'I7',
    sql: `${WHERE}, r.unique_request_id as subject, format('Its origin is %s, and it has %s request.', r.origin,
        case when r.refund_request_id is null then 'no' else 'a' end) as detail
      ${REFUNDS} where (r.origin = 'paydesk') <> (r.refund_request_id is not null)`,
  },
  {
    code: 'I8',
    sql: `${WHERE}, q.id::text as subject, 'The person who asked has decided.' as detail
      ${REQUESTS} where q.decided_by = q.requested_by`,
  },
  {
    code: 'I8',
    sql: `${WHERE}, r.unique_request_id as subject, case
        when q.status <> 'approved' then format('It left, and its request is %s.', q.status)
        when q.needs_approval and q.decided_by is null then 'It left without the approval it needed.'
        when r.first_sent_at > q.expires_at then 'It left after its approval had lapsed.'
        else 'It left before it was approved.' end as detail
      ${REFUNDS} join refund_request q on q.id = r.refund_request_id
      where r.first_sent_at is not null and r.status <> 'rejected' and (
        q.status <> 'approved' or (q.needs_approval and q.decided_by is null)
        or coalesce(q.decided_at, q.requested_at) > r.first_sent_at or r.first_sent_at > q.expires_at)`,
  },
  {
    code: 'I9',
    sql: `${WHERE}, told.subject as subject, format('It was %s, became %s, and no work item says so.', told.before, told.after) as detail
      ${ORDERS} join order_change c on ${OF('c')}
      cross join lateral jsonb_to_recordset(c.changes) as told (subject text, field text, before text, after text)
      where told.field = 'status' and told.subject like 'refund:%'
        and told.before in ('succeeded', 'failed', 'rejected') and told.after is distinct from told.before
        and not exists (select 1 from discrepancy d where ${OF('d')} and d.kind in (${ENDED_TWICE}))`,
  },
  {
    code: 'I11',
    sql: `${WHERE}, r.unique_request_id as subject, format('It is %s, and nobody is going to look at it.', r.status) as detail
      ${REFUNDS} where r.status in ('ready', 'sending', 'unknown') and r.next_action_at is null`,
  },
  {
    code: 'I11',
    sql: `${WHERE}, q.id::text as subject, 'It is approved, and no refund was made of it.' as detail
      ${REQUESTS} where q.status = 'approved'
        and not exists (select 1 from refund r where r.refund_request_id = q.id)`,
  },
  {
    code: 'I12',
    sql: `${WHERE}, r.unique_request_id as subject, format('It was sent %s times, the audit log has %s.', r.send_count, logged.n) as detail
      ${REFUNDS} cross join lateral (
        select count(*) as n from audit_entry e where e.merchant_account_id = r.merchant_account_id
          and e.subject_kind = 'refund' and e.subject_id = r.id::text and e.action = 'refund.send' and e.outcome = 'done') as logged
      where r.origin = 'paydesk' and r.send_count <> logged.n`,
  },
  {
    // A request of a batch is approved with the batch; its own entry is of the job that released it, and names who.
    code: 'I12',
    sql: `${WHERE}, q.id::text as subject, 'Its decision is not in the audit log.' as detail
      ${REQUESTS} where q.decided_by is not null and q.status in ('approved', 'rejected')
        and not exists (
          select 1 from audit_entry e where e.merchant_account_id = q.merchant_account_id
            and e.subject_kind = 'refund_request' and e.subject_id = q.id::text and e.outcome = 'done'
            and (e.actor_id = q.decided_by::text or e.after ->> 'approvedBy' = q.decided_by::text))`,
  },
]

/** Midnight in India before $1, and what counts against a day's limits as the triggers count it (`refund_day_total`). */
const TODAY = `((day_in_india($1::timestamptz)::timestamp - interval '5 hours 30 minutes') at time zone 'UTC')`
const COUNTED_TODAY = `select a.id as account, q.requested_by as person, q.amount_minor as asked, 0 as sent
    from merchant_account a join refund_request q on q.merchant_account_id = a.id and q.currency = a.currency
    where q.status in ('pending_approval', 'approved') and q.requested_at >= ${TODAY} and q.requested_at < ${TODAY} + interval '1 day'
      and refund_request_lives(q.status,
        (select array_agg(refund_is_over_unpaid(r.status)) from refund r where r.refund_request_id = q.id))
  union all
  select a.id, q.requested_by, 0, r.amount_minor
    from merchant_account a join refund r on r.merchant_account_id = a.id and r.currency = a.currency
    join refund_request q on q.id = r.refund_request_id
    where r.origin = 'paydesk' and r.changed_at >= ${TODAY} and not refund_is_over_unpaid(r.status)
      and r.first_sent_at >= ${TODAY} and r.first_sent_at < ${TODAY} + interval '1 day'`

const LATE = `select r.merchant_account_id as "accountId", r.order_id as "orderId", r.unique_request_id as subject`

/** Checks of today and of what is overdue, over everything; $1 is now, and an index holds the rows to look at. */
const OF_QUEUES: readonly Query[] = [
  {
    // More than the sums only makes limits tighter.
    code: 'I10',
    sql: `select sums.account as "accountId", null::uuid as "orderId",
        format('today of %s', coalesce(u.name, 'everybody')) as subject,
        format('Limits were held against %s asked for and %s sent, the refunds add up to %s and %s (minor units).',
          coalesce(t.asked_minor, 0), coalesce(t.sent_minor, 0), sums.asked, sums.sent) as detail
      from (select account, coalesce(person, '00000000-0000-0000-0000-000000000000') as person, sum(asked) as asked, sum(sent) as sent
        from (${COUNTED_TODAY}) as counted group by grouping sets ((account, person), (account))) as sums
      left join refund_day_total t on t.merchant_account_id = sums.account and t.day = day_in_india($1::timestamptz)
        and t.person = sums.person
      left join staff_user u on u.id = sums.person
      where sums.asked > coalesce(t.asked_minor, 0) or sums.sent > coalesce(t.sent_minor, 0)`,
  },
  {
    code: 'I11',
    sql: `${LATE}, format('It was due to be looked at at %s.', r.next_action_at) as detail
      from refund r where r.next_action_at < $1::timestamptz - ${OVERDUE} order by r.next_action_at`,
  },
  {
    code: 'I11',
    sql: `${LATE}, format('Sent at %s, and still nobody knows what became of it.', r.last_sent_at) as detail
      from refund r where r.status in ('sending', 'unknown') and r.last_sent_at < $1::timestamptz - ${OVERDUE}
      order by r.last_sent_at`,
  },
  {
    code: 'J2',
    sql: `select e.merchant_account_id as "accountId", null::uuid as "orderId", e.id::text as subject,
        format('Event %s waits since %s.', coalesce(e.event_name, 'without a name'), e.received_at) as detail
      from webhook_event e where e.next_try_at < $1::timestamptz - ${OVERDUE} order by e.next_try_at`,
  },
]

const foundRow = z.object({
  accountId: z.string(),
  orderId: z.string().nullable(),
  subject: z.string(),
  detail: z.string(),
})

/** What a check found, which invariants could not be checked in time, and of which there is more than is told. */
export type Findings = { found: FoundViolation[]; failed: InvariantCode[]; more: InvariantCode[] }

type Transaction = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>

/** The queries, each in a short transaction with a time limit of its own. */
export function refundInvariants(transaction: Transaction) {
  const run = async (queries: readonly Query[], parameter: unknown): Promise<Findings> => {
    const found: FoundViolation[] = []
    const failed = new Set<InvariantCode>()
    const more = new Set<InvariantCode>()
    for (const { code, sql } of queries) {
      try {
        const rows = await transaction(async (tx) => {
          await tx.run(`select set_config('statement_timeout', $1, true)`, [String(QUERY_MAX_MS)])
          return tx.rows(foundRow, `${sql} limit ${FOUND_MAX}`, [parameter])
        })
        found.push(...rows.map((row) => ({ invariant: code, ...row })))
        if (rows.length === FOUND_MAX) more.add(code)
      } catch (error) {
        if (!isTimeout(error)) throw error
        failed.add(code)
      }
    }
    return { found, failed: [...failed], more: [...more] }
  }
  return {
    /** What is wrong with these orders. */
    ofOrders: (orderIds: readonly string[]): Promise<Findings> => run(OF_ORDERS, orderIds),
    /** What is overdue at `now`, wherever. */
    ofQueues: (now: Date): Promise<Findings> => run(OF_QUEUES, now),
  }
}
