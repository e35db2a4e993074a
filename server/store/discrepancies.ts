import { z } from 'zod'
import { DISCREPANCY_KINDS, type Finding } from '../domain/discrepancy.ts'
import { DISPLAY_STATUSES, PAYMENT_STATUSES } from '../domain/payment-status.ts'
import { rowsParameter, selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Prepared, Sql } from './sql.ts'

const discrepancyRow = z.object({
  id: z.string(),
  orderId: z.string(),
  kind: z.enum(DISCREPANCY_KINDS),
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
  detail: z.string(),
  status: z.enum(['open', 'resolved']),
  foundAt: z.date(),
  resolvedAt: z.date().nullable(),
  resolvedBy: z.string().nullable(),
  resolution: z.string().nullable(),
})

/** A disagreement with Juspay, or something a person must look at. */
export type DiscrepancyRow = z.infer<typeof discrepancyRow>

const orderFields = {
  orderRef: z.string(),
  amountMinor: z.bigint(),
  currency: z.string(),
  displayStatus: z.enum(DISPLAY_STATUSES),
  providerStatus: z.string(),
  lastCheckedAt: z.date().nullable(),
}

const withOrderRow = z.object({ ...discrepancyRow.shape, ...orderFields })

/** A discrepancy beside the order it is about. */
export type DiscrepancyWithOrder = z.infer<typeof withOrderRow>

const staleRow = z.object({
  orderId: z.string(),
  ...orderFields,
  paymentStatus: z.enum(PAYMENT_STATUSES),
  createdAt: z.date(),
  changedAt: z.date(),
})

/** An order that has been waiting for an outcome for too long. */
export type StaleOrder = z.infer<typeof staleRow>

const OWN = selectList(Object.keys(discrepancyRow.shape), 'd')
const ORDER = selectList(Object.keys(orderFields), 'o')
const cursorShape = z.tuple([z.iso.datetime(), z.uuid()])

/** Display statuses in which an outcome is still expected. */
const OPEN_STATUSES = [
  'pending',
  'authorised',
  'unknown',
] as const satisfies readonly (typeof DISPLAY_STATUSES)[number][]

type PageAsk = { cursor: string | null; limit: number }

type Resolution = { by: string; resolution: string; at: Date }

/** A work item to open; `end` when it is over already by the time it is written. */
export type NewDiscrepancy = {
  accountId: string
  orderId: string
  finding: Finding
  at: Date
  end: Resolution | null
}

/** An open work item that is over. */
export type ClosedDiscrepancy = { id: string; end: Resolution }

const openRow = z.object({ id: z.string(), orderId: z.string(), kind: z.enum(DISCREPANCY_KINDS) })
const touchedRow = z.object({ id: z.string(), accountId: z.string() })

const OPEN_OF: Prepared = {
  name: 'discrepancies_open_of',
  text: `select id, order_id as "orderId", kind from discrepancy
    where merchant_account_id = any($1::uuid[]) and order_id = any($2::uuid[]) and status = 'open'`,
}

const INSERT_COLUMNS = `merchant_account_id, order_id, kind, ours, theirs, detail, found_at,
  status, resolved_at, resolved_by, resolution`
const INSERT = `insert into discrepancy (${INSERT_COLUMNS})
  select ${INSERT_COLUMNS} from json_populate_recordset(null::discrepancy, $1::json)
  on conflict (merchant_account_id, order_id, kind) where status = 'open' do nothing
  returning id, merchant_account_id as "accountId"`

/** Disagreements between our record and Juspay's. The same one is never open twice. */
export function discrepancyStore(sql: Sql) {
  /** Opens work items unless the same kind is open for the order. Returns those that are new. */
  const openAll = async (items: readonly NewDiscrepancy[]) => {
    if (items.length === 0) return []
    const rows = items.map(({ accountId, orderId, finding, at, end }) => ({
      merchant_account_id: accountId,
      order_id: orderId,
      ...finding,
      found_at: at,
      ...ended(end),
    }))
    return sql.rows(touchedRow, INSERT, [rowsParameter(rows)])
  }
  return {
    openAll,

    /** Opens one. Returns its id, or null when the same kind was open. */
    async open(accountId: string, orderId: string, finding: Finding, now: Date): Promise<string | null> {
      const [opened] = await openAll([{ accountId, orderId, finding, at: now, end: null }])
      return opened?.id ?? null
    },

    /** The open work items of these orders. */
    async openOf(orders: readonly { accountId: string; orderId: string }[]) {
      if (orders.length === 0) return []
      return sql.rows(openRow, OPEN_OF, [
        [...new Set(orders.map(({ accountId }) => accountId))],
        orders.map(({ orderId }) => orderId),
      ])
    },

    /** Closes work items that are over. Returns those that were still open. */
    async closeAll(items: readonly ClosedDiscrepancy[]) {
      if (items.length === 0) return []
      const rows = items.map(({ id, end }) => ({ id, ...ended(end) }))
      return sql.rows(
        touchedRow,
        `update discrepancy d set status = r.status, resolved_at = r.resolved_at, resolved_by = r.resolved_by,
           resolution = r.resolution
         from json_populate_recordset(null::discrepancy, $1::json) as r
         where d.id = r.id and d.status = 'open'
         returning d.id, d.merchant_account_id as "accountId"`,
        [rowsParameter(rows)],
      )
    },

    /** A person's decision on one work item. Returns its order, or null when it is not open or not of this account. */
    async resolve(
      accountId: string,
      id: string,
      end: { by: string; resolution: string; now: Date },
    ): Promise<{ orderId: string; kind: string } | null> {
      return sql.first(
        z.object({ orderId: z.string(), kind: z.string() }),
        `update discrepancy set status = 'resolved', resolved_at = $3, resolved_by = $4, resolution = $5
         where merchant_account_id = $1 and id = $2 and status = 'open' returning order_id as "orderId", kind`,
        [accountId, id, end.now, end.by, end.resolution],
      )
    },

    /** All work items of one order, newest first. */
    byOrder: (accountId: string, orderId: string): Promise<DiscrepancyRow[]> =>
      sql.rows(
        discrepancyRow,
        {
          name: 'discrepancies_by_order',
          text: `select ${OWN} from discrepancy d where merchant_account_id = $1 and order_id = $2
         order by found_at desc, id desc limit 200`,
        },
        [accountId, orderId],
      ),

    /** How many are open, counted up to `max`. */
    async countOpen(accountId: string, max = 1_000): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from (
           select 1 from discrepancy where merchant_account_id = $1 and status = 'open' limit $2) as bounded`,
        [accountId, max],
      )
      return Number(row?.count ?? 0n)
    },

    /** Open work items with their orders, newest first. */
    async listOpen(accountId: string, page: PageAsk): Promise<Page<DiscrepancyWithOrder>> {
      const cursor = readCursor(page.cursor, cursorShape)
      const rows = await sql.rows(
        withOrderRow,
        `select ${OWN}, ${ORDER} from discrepancy d
         join orders o on o.merchant_account_id = d.merchant_account_id and o.id = d.order_id
         where d.merchant_account_id = $1 and d.status = 'open'
           ${cursor === null ? '' : 'and (d.found_at, d.id) < ($3::timestamptz, $4::uuid)'}
         order by d.found_at desc, d.id desc limit $2`,
        [accountId, page.limit + 1, ...(cursor ?? [])],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.foundAt.toISOString(), row.id]))
    },

    /** Orders without an outcome that were created before `before`, newest first. */
    async listStale(accountId: string, before: Date, page: PageAsk): Promise<Page<StaleOrder>> {
      const cursor = readCursor(page.cursor, cursorShape)
      const rows = await sql.rows(
        staleRow,
        `select o.id as "orderId", ${ORDER}, ${selectList(['paymentStatus', 'createdAt', 'changedAt'], 'o')}
         from orders o
         where merchant_account_id = $1 and display_status = any($2) and created_at < $3
           ${cursor === null ? '' : 'and (created_at, id) < ($5::timestamptz, $6::uuid)'}
         order by created_at desc, id desc limit $4`,
        [accountId, OPEN_STATUSES, before, page.limit + 1, ...(cursor ?? [])],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.createdAt.toISOString(), row.orderId]))
    },
  }
}

function ended(end: Resolution | null) {
  if (end === null) return { status: 'open', resolved_at: null, resolved_by: null, resolution: null }
  return { status: 'resolved', resolved_at: end.at, resolved_by: end.by, resolution: end.resolution }
}
