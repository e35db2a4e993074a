import { z } from 'zod'
import { INVARIANT_CODES, isBreach, type FoundViolation, type InvariantCode } from '../domain/invariant.ts'
import { rowsParameter } from './columns.ts'
import type { Sql } from './sql.ts'

/** Where the checker is: up to which change it has looked, and how far its pass over all orders has come. */
export type InvariantScan = {
  changedXid: string
  changedSeq: bigint
  sliceAfter: string | null
  passBeganAt: Date | null
  passOrders: number
  lastPassBeganAt: Date | null
  lastPassEndedAt: Date | null
  lastPassOrders: number | null
}

/** What one run came to. */
export type InvariantCheckRow = {
  at: Date
  tookMs: number
  changedOrders: number
  sliceOrders: number
  behind: boolean
  failed: string[]
  found: number
}

/** A violation that is open. */
export type OpenViolation = {
  id: string
  accountId: string
  invariant: InvariantCode
  orderId: string | null
  orderRef: string | null
  subject: string
  detail: string
  breach: boolean
  firstSeenAt: Date
  lastSeenAt: Date
}

/** Violations shown and looked at again one by one. */
const OPEN_MAX = 500
/** Violations kept with the run that found them. */
const KEPT_MAX = 50

const scanRow = z.object({
  changedXid: z.string(),
  changedSeq: z.bigint(),
  sliceAfter: z.string().nullable(),
  passBeganAt: z.date().nullable(),
  passOrders: z.number(),
  lastPassBeganAt: z.date().nullable(),
  lastPassEndedAt: z.date().nullable(),
  lastPassOrders: z.number().nullable(),
} satisfies Record<keyof InvariantScan, z.ZodType>)

const SCAN = `changed_xid::text as "changedXid", changed_seq as "changedSeq", slice_after as "sliceAfter",
  pass_began_at as "passBeganAt", pass_orders as "passOrders", last_pass_began_at as "lastPassBeganAt",
  last_pass_ended_at as "lastPassEndedAt", last_pass_orders as "lastPassOrders"`

const checkRow = z.object({
  at: z.date(),
  tookMs: z.number(),
  changedOrders: z.number(),
  sliceOrders: z.number(),
  behind: z.boolean(),
  failed: z.array(z.string()),
  found: z.number(),
} satisfies Record<keyof InvariantCheckRow, z.ZodType>)

const openRow = z.object({
  id: z.string(),
  accountId: z.string(),
  invariant: z.enum(INVARIANT_CODES),
  orderId: z.string().nullable(),
  orderRef: z.string().nullable(),
  subject: z.string(),
  detail: z.string(),
  breach: z.boolean(),
  firstSeenAt: z.date(),
  lastSeenAt: z.date(),
} satisfies Record<keyof OpenViolation, z.ZodType>)

const OPEN = `select v.id, v.merchant_account_id as "accountId", v.invariant, v.order_id as "orderId",
    o.order_ref as "orderRef", v.subject, v.detail, v.breach, v.first_seen_at as "firstSeenAt",
    v.last_seen_at as "lastSeenAt"
  from invariant_violation v left join orders o on o.id = v.order_id
  where v.cleared_at is null`

const changedRow = z.object({ xid: z.string(), seq: z.bigint(), orderId: z.string().nullable() })
const idRow = z.object({ id: z.string() })

/** What the standing invariant checker remembers: its place, its runs, and what is wrong now. */
export function invariantCheckStore(sql: Sql) {
  return {
    ...reads(sql),

    /** Takes the next run unless it is not due or another process has it. A crash only delays it to `nextDueAt`. */
    take: (now: Date, nextDueAt: Date): Promise<InvariantScan | null> =>
      sql.first(
        scanRow,
        `update invariant_scan set due_at = $2 where id = 1 and due_at <= $1 returning ${SCAN}`,
        [now, nextDueAt],
      ),

    /**
     * Orders that changed after the place, oldest change first, from at most `limit` changes. The very first look begins
     * at the end: what is old is the pass's.
     */
    async changedOrders(
      after: Pick<InvariantScan, 'changedXid' | 'changedSeq'>,
      limit: number,
    ): Promise<Pick<InvariantScan, 'changedXid' | 'changedSeq'> & { ids: string[]; more: boolean }> {
      if (after.changedXid === '0') {
        const end = await sql.first(
          z.object({ xid: z.string() }),
          'select pg_snapshot_xmin(pg_current_snapshot())::text as xid',
        )
        return { changedXid: end?.xid ?? '0', changedSeq: 0n, ids: [], more: false }
      }
      const rows = await sql.rows(
        changedRow,
        `select xid::text as xid, seq, case when subject = 'order' then subject_id end as "orderId" from live_change
         where merchant_account_id = any(array(select id from merchant_account))
           and (xid, seq) > ($1::text::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
         order by live_change.xid, seq limit $3`,
        [after.changedXid, after.changedSeq, limit],
      )
      const last = rows.at(-1)
      return {
        changedXid: last?.xid ?? after.changedXid,
        changedSeq: last?.seq ?? after.changedSeq,
        ids: [...new Set(rows.flatMap((row) => row.orderId ?? []))],
        more: rows.length === limit,
      }
    },

    /** The next orders of the pass over all of them, by id. */
    async orderSlice(after: string | null, limit: number): Promise<string[]> {
      const rows = await sql.rows(
        idRow,
        `select id from orders where $1::uuid is null or id > $1 order by id limit $2`,
        [after, limit],
      )
      return rows.map((row) => row.id)
    },

    /** Writes down where the checker is now. */
    async save(scan: InvariantScan): Promise<void> {
      await sql.run(
        `update invariant_scan set changed_xid = $1::text::xid8, changed_seq = $2, slice_after = $3, pass_began_at = $4,
           pass_orders = $5, last_pass_began_at = $6, last_pass_ended_at = $7, last_pass_orders = $8 where id = 1`,
        [
          scan.changedXid,
          scan.changedSeq,
          scan.sliceAfter,
          scan.passBeganAt,
          scan.passOrders,
          scan.lastPassBeganAt,
          scan.lastPassEndedAt,
          scan.lastPassOrders,
        ],
      )
    },

    /** Records one run. */
    async append(check: InvariantCheckRow, violations: readonly FoundViolation[]): Promise<void> {
      await sql.run(
        `insert into invariant_check (at, took_ms, changed_orders, slice_orders, behind, failed, found, violations)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          check.at,
          check.tookMs,
          check.changedOrders,
          check.sliceOrders,
          check.behind,
          check.failed,
          check.found,
          JSON.stringify(violations.slice(0, KEPT_MAX)),
        ],
      )
    },

    /** Opens what is found. Returns the ids of those that were not open before. */
    async open(violations: readonly FoundViolation[], now: Date): Promise<Set<string>> {
      const byKey = new Map(
        violations.map((one) => [`${one.accountId} ${one.invariant} ${one.subject}`, one] as const),
      )
      if (byKey.size === 0) return new Set()
      const rows = [...byKey.values()].map((one) => ({
        merchant_account_id: one.accountId,
        invariant: one.invariant,
        order_id: one.orderId,
        subject: one.subject,
        detail: one.detail,
        breach: isBreach(one.invariant),
        first_seen_at: now,
        last_seen_at: now,
      }))
      const columns =
        'merchant_account_id, invariant, order_id, subject, detail, breach, first_seen_at, last_seen_at'
      const opened = await sql.rows(
        idRow.extend({ fresh: z.boolean() }),
        `insert into invariant_violation (${columns})
         select ${columns} from json_populate_recordset(null::invariant_violation, $1::json)
         on conflict (merchant_account_id, invariant, subject) where cleared_at is null
         do update set detail = excluded.detail, last_seen_at = excluded.last_seen_at
         returning id, xmax = 0 as fresh`,
        [rowsParameter(rows)],
      )
      return new Set(opened.filter((row) => row.fresh).map((row) => row.id))
    },

    /** Broken invariants for which refunds have not been stopped yet, by account; open ones only. */
    toStop: (): Promise<OpenViolation[]> =>
      sql.rows(
        openRow,
        `${OPEN} and v.breach and v.stopped_at is null order by v.first_seen_at limit ${OPEN_MAX}`,
      ),

    /** Notes that refunds have been stopped because of these. */
    async stopped(ids: readonly string[], now: Date): Promise<void> {
      await sql.run('update invariant_violation set stopped_at = $2 where id = any($1::uuid[])', [ids, now])
    },

    /** Closes violations that a check no longer finds. */
    async clear(ids: readonly string[], now: Date): Promise<void> {
      if (ids.length === 0) return
      await sql.run('update invariant_violation set cleared_at = $2 where id = any($1::uuid[])', [ids, now])
    },

    /** Forgets runs before `before`, at most `limit`. */
    prune: (before: Date, limit: number): Promise<number> =>
      sql.run(
        `delete from invariant_check where id in (select id from invariant_check where at < $1 order by at limit $2)`,
        [before, limit],
      ),
  }
}

function reads(sql: Sql) {
  return {
    /** Where the checker is. */
    scan: (): Promise<InvariantScan | null> =>
      sql.first(scanRow, `select ${SCAN} from invariant_scan where id = 1`),

    /** The newest run; null before the first. */
    newest: (): Promise<InvariantCheckRow | null> =>
      sql.first(
        checkRow,
        `select at, took_ms as "tookMs", changed_orders as "changedOrders", slice_orders as "sliceOrders", behind,
           failed, found from invariant_check order by at desc limit 1`,
      ),

    /** What is wrong now, oldest first: of one account, or of all. */
    openViolations: (accountId: string | null): Promise<OpenViolation[]> =>
      sql.rows(
        openRow,
        `${OPEN} and ($1::uuid is null or v.merchant_account_id = $1) order by v.first_seen_at, v.id limit ${OPEN_MAX}`,
        [accountId],
      ),
  }
}
