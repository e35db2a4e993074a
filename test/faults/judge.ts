/**
 * Judges a run from outside of the product: what the client was told, and what the generator knows, against what SQL finds
 * in the database after the faults have stopped. The invariants are those of reliability §3.3.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Load } from './load.ts'
import type { Mail } from './mail.ts'
import { note, type Violation } from './violations.ts'

const SLICE = 20_000
const POLL_MS = 100
const NAMED_MAX = 5

export type Verdict = {
  violations: Violation[]
  acked: number
  stored: number
  orders: number
  lost: number
  /** Milliseconds from the end of the load until nothing was left to process. */
  settledMs: number
}

export type JudgeOptions = {
  pool: pg.Pool
  accountId: string
  mail: Mail
  load: Load
  /** How long processing may take after the load has ended. */
  settleMs: number
  /** Whether waits between the tries of an event are cut short, as a moved clock would: for runs that must be brief. */
  hurry: boolean
}

/** Waits until everything is processed and judges. */
export async function judge(options: JudgeOptions): Promise<Verdict> {
  const { pool, accountId, mail, load } = options
  const violations: Violation[] = []
  const settledMs = await settle(options)
  if (!mail.finished()) note(violations, 'recovery', 'webhooks were still not taken long after the faults')
  for (const wrong of load.wrong) note(violations, 'J6', `a webhook was answered ${wrong}`)
  const client = await pool.connect()
  try {
    await client.query(`set work_mem = '256MB'`)
    await client.query('create temp table acked (id text, digest bytea)')
    for (const { ids, digests } of mail.acked(SLICE))
      await client.query('insert into acked select * from unnest($1::text[], $2::bytea[])', [ids, digests])
    const lost = await findLost(client, accountId)
    if (lost.count > 0)
      note(violations, 'J1', `${lost.count} acknowledged events are not stored: ${lost.named}`, lost.count)
    const stored = await judgeEvents(client, options, violations)
    await judgeOrders(client, options, violations)
    await client.query('drop table acked')
    return {
      violations,
      acked: mail.ackedCount(),
      stored,
      orders: mail.orders(),
      lost: lost.count,
      settledMs: Math.round(settledMs),
    }
  } finally {
    client.release(true)
  }
}

async function settle({ pool, accountId, settleMs, hurry }: JudgeOptions): Promise<number> {
  const begunAt = performance.now()
  while (performance.now() - begunAt < settleMs) {
    if (hurry)
      await pool.query(
        `update webhook_event set next_try_at = now() where merchant_account_id = $1 and status = 'failed'
           and next_try_at > now()`,
        [accountId],
      )
    const left = await pool.query(
      'select 1 from webhook_event where merchant_account_id = $1 and next_try_at is not null limit 1',
      [accountId],
    )
    if (left.rowCount === 0) break
    await wait(POLL_MS)
  }
  return performance.now() - begunAt
}

/** The hash is made from the stored bytes, not read from the column in which the product noted it. */
async function findLost(client: pg.PoolClient, accountId: string): Promise<{ count: number; named: string }> {
  const { rows } = await client.query<{ id: string; count: number }>(
    `select id, count(*) over ()::int as count from (
       select id, digest from acked
       except select dedupe_key, sha256(body) from webhook_event where merchant_account_id = $1) as lost
     limit ${NAMED_MAX}`,
    [accountId],
  )
  return { count: rows[0]?.count ?? 0, named: rows.map(({ id }) => id).join(', ') }
}

async function judgeEvents(
  client: pg.PoolClient,
  { accountId, mail }: JudgeOptions,
  violations: Violation[],
): Promise<number> {
  const { rows } = await client.query<{
    status: string
    waiting: boolean
    count: number
    error: string | null
  }>(
    `select status, next_try_at is not null as waiting, count(*)::int as count, min(error) as error
     from webhook_event where merchant_account_id = $1 group by 1, 2`,
    [accountId],
  )
  let stored = 0
  for (const { status, waiting, count, error } of rows) {
    stored += count
    // Each of our events tells of an order: none may be ignored or given up.
    if (waiting || status !== 'processed')
      note(violations, 'J2', `${count} events are ${status}${waiting ? ', waiting' : ''}: ${error}`, count)
  }
  const strangers = await client.query<{ count: number }>(
    `select count(*)::int as count from (select dedupe_key, sha256(body) from webhook_event
       where merchant_account_id = $1 except select id, digest from acked) as strangers`,
    [accountId],
  )
  const unknown = strangers.rows[0]?.count ?? 0
  if (mail.finished() && unknown > 0)
    note(violations, 'J1', `${unknown} stored events are not what was sent`, unknown)
  const twice = await client.query<{ count: number }>(
    `select count(*)::int as count from (select 1 from webhook_event where merchant_account_id = $1
       group by dedupe_key, body_sha256 having count(*) > 1) as twice`,
    [accountId],
  )
  if ((twice.rows[0]?.count ?? 0) > 0)
    note(violations, 'J3', `${twice.rows[0]?.count} events are stored more than once`)
  const effects = await client.query<{ count: number }>(
    `select count(*)::int as count from (select 1 from order_change where merchant_account_id = $1
       and source = 'webhook' group by source_id having count(*) > 1) as repeated`,
    [accountId],
  )
  if ((effects.rows[0]?.count ?? 0) > 0)
    note(violations, 'J3', `${effects.rows[0]?.count} events took effect more than once`)
  return stored
}

/** What is, in the shape of the expectation. */
const ORDERS = `select o.order_ref_key as "orderKey", o.payment_status as "paymentStatus",
    o.charged_minor::bigint as "chargedMinor", o.external_refunded_minor::bigint as "externalRefundedMinor",
    o.refund_state as "refundState",
    (select count(*) from transaction t where t.merchant_account_id = o.merchant_account_id and t.order_id = o.id) as attempts,
    (select count(*) from refund r where r.merchant_account_id = o.merchant_account_id and r.order_id = o.id) as refunds
  from orders o where o.merchant_account_id = $1`

async function judgeOrders(
  client: pg.PoolClient,
  { accountId, mail }: JudgeOptions,
  violations: Violation[],
): Promise<void> {
  // Of an order that was told only in part, nothing in particular can be expected.
  if (!mail.finished()) return
  await client.query(
    `create temp table expected (order_key text, payment_status text, charged bigint, refunded bigint,
       refund_state text, attempts bigint, refunds bigint)`,
  )
  for (const slice of mail.expected(SLICE))
    await client.query(
      `insert into expected select "orderKey", "paymentStatus", "chargedMinor", "externalRefundedMinor",
         "refundState", attempts, refunds
       from jsonb_to_recordset($1::jsonb) as e("orderKey" text, "paymentStatus" text, "chargedMinor" bigint,
         "externalRefundedMinor" bigint, "refundState" text, attempts bigint, refunds bigint)`,
      [JSON.stringify(slice)],
    )
  for (const [what, query] of [
    ['expected and not found', `select * from expected except (${ORDERS})`],
    ['found and not expected', `(${ORDERS}) except select * from expected`],
  ] as const) {
    const { rows } = await client.query<{ row: unknown; count: number }>(
      `select to_jsonb(wrong) as row, count(*) over ()::int as count from (${query}) as wrong limit ${NAMED_MAX}`,
      [accountId],
    )
    const count = rows[0]?.count ?? 0
    if (count > 0)
      note(violations, 'J4', `${count} orders ${what}: ${JSON.stringify(rows.map(({ row }) => row))}`, count)
  }
  await client.query('drop table expected')
}
