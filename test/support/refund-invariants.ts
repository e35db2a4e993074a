import type { RefundWorld } from './refund-fixtures.ts'

/**
 * The refund invariants of the reliability notes, checked from outside: over all rows of the database and against what
 * the sandbox's ledger says really happened. Each violation is a sentence; none is the only acceptable answer.
 */
const CHECKS: Readonly<Record<string, string>> = {
  'I1 an order promises and returns at most what was charged, and its sums are those of its rows': `
    select o.order_ref as what from orders o
    left join lateral (select coalesce(sum(q.amount_minor), 0) as asked from refund_request q
      where q.order_id = o.id and q.status = 'pending_approval') as waiting on true
    left join lateral (select
      coalesce(sum(amount_minor) filter (where origin = 'paydesk' and status in ('ready', 'sending', 'unknown', 'pending', 'manual_review')), 0) as open,
      coalesce(sum(amount_minor) filter (where origin = 'paydesk' and status = 'succeeded'), 0) as paid,
      coalesce(sum(amount_minor) filter (where origin <> 'paydesk' and status not in ('failed', 'rejected')), 0) as others
      from refund r where r.order_id = o.id) as made on true
    where o.reserved_minor <> waiting.asked + made.open or o.refunded_minor <> made.paid
      or o.external_refunded_minor <> made.others
      or o.reserved_minor + o.refunded_minor + o.external_refunded_minor > o.charged_minor + o.excess_minor
      or o.refunded_minor + o.reserved_minor > o.charged_minor`,
  'I2 at most one live and one succeeded refund per request': `
    select refund_request_id::text as what from refund where refund_request_id is not null and status not in ('failed', 'rejected')
    group by refund_request_id having count(*) > 1`,
  'I3 a key is one refund': `
    select unique_request_id as what from refund where origin = 'paydesk' group by merchant_account_id, unique_request_id having count(*) > 1`,
  'I5 a refund carries the amount and currency that were asked for': `
    select r.id::text as what from refund r join refund_request q on q.id = r.refund_request_id
    join orders o on o.id = r.order_id
    where r.amount_minor <> q.amount_minor or r.currency <> q.currency or r.currency <> o.currency`,
  'I8 requester and approver are two, and the decision is older than the sending': `
    select r.id::text as what from refund r join refund_request q on q.id = r.refund_request_id
    where q.decided_by = q.requested_by
      or (r.first_sent_at is not null and r.status <> 'rejected' and q.status <> 'approved')
      or (r.first_sent_at is not null and r.status <> 'rejected' and coalesce(q.decided_at, q.requested_at) > r.first_sent_at)`,
  'I12 every refund of ours that left has an audit entry of its sending': `
    select r.id::text as what from refund r where r.origin = 'paydesk' and r.send_count <>
      (select count(*) from audit_entry e where e.action = 'refund.send' and e.subject_id = r.id::text)`,
}

type Made = {
  request_id: string
  unique_request_id: string
  amount_minor: bigint
  sent: boolean
  status: string
}

/** Everything that is wrong, in words. @param orderRefs whose ledger to compare; portalKeys were not made by us */
export async function refundViolations(
  world: RefundWorld,
  orderRefs: readonly string[],
  portalKeys: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const { pool } = world.deps.database
  const found: string[] = []
  for (const [name, sql] of Object.entries(CHECKS)) {
    const { rows } = await pool.query<{ what: string }>(sql)
    found.push(...rows.map((row) => `${name}: ${row.what}`))
  }
  for (const orderRef of orderRefs) {
    const { rows } = await pool.query<Made>(
      `select r.refund_request_id as request_id, r.unique_request_id, r.amount_minor, r.first_sent_at is not null as sent, r.status
       from refund r join orders o on o.id = r.order_id where o.order_ref = $1 and r.origin = 'paydesk'`,
      [orderRef],
    )
    const ours = new Map(rows.map((row) => [row.unique_request_id, row]))
    const paid = new Set<string>()
    for (const refund of world.accepted(orderRef)) {
      if (portalKeys.has(refund.uniqueRequestId)) continue
      const made = ours.get(refund.uniqueRequestId)
      if (made === undefined) {
        found.push(`I4 Juspay has a refund that we did not decide on: ${refund.uniqueRequestId}`)
        continue
      }
      if (!made.sent) found.push(`I6 ${refund.uniqueRequestId} left before its sending was committed`)
      if (made.amount_minor !== BigInt(refund.amountMinor))
        found.push(`I5 ${refund.uniqueRequestId} has another amount`)
      if (paid.has(made.request_id)) found.push(`I4 request ${made.request_id} was paid twice`)
      paid.add(made.request_id)
      if (made.status === 'rejected')
        found.push(`books: ${refund.uniqueRequestId} is rejected here and exists at Juspay`)
    }
  }
  return found
}
