import { z } from 'zod'
import type { FieldChange } from '../domain/change.ts'
import { rowsParameter, selectList } from './columns.ts'
import type { Prepared, Sql } from './sql.ts'
import { windowName, windowSql, type TimeWindow } from './time-window.ts'

export const CHANGE_SOURCES = ['webhook', 'status_check', 'refund_answer', 'person', 'system'] as const
export type ChangeSource = (typeof CHANGE_SOURCES)[number]

const fieldChange = z.object({
  subject: z.string(),
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

const changeRow = z.object({
  id: z.string(),
  orderId: z.string(),
  source: z.enum(CHANGE_SOURCES),
  sourceId: z.string().nullable(),
  changes: z.array(fieldChange),
  occurredAt: z.date().nullable(),
  at: z.date(),
})

/** What one message or deed changed on an order. */
export type OrderChangeRow = z.infer<typeof changeRow>

const LIST = selectList(Object.keys(changeRow.shape))

/** One entry of the change log. */
export type NewOrderChange = {
  accountId: string
  orderId: string
  source: ChangeSource
  sourceId: string | null
  changes: readonly FieldChange[]
  occurredAt: Date | null
  at: Date
}

const COLUMNS = 'merchant_account_id, order_id, source, source_id, changes, occurred_at, at'
const INSERT: Prepared = {
  name: 'order_changes_insert',
  text: `insert into order_change (${COLUMNS})
    select ${COLUMNS} from rows from (json_populate_recordset(null::order_change, $1::json)) with ordinality
    order by ordinality`,
}

/** The change log of orders: the source of the timeline. */
export function orderChangeStore(sql: Sql) {
  /** The same, entry by entry: an event that was processed several times changed something at several instants. */
  const entriesBySource = (accountId: string, sourceId: string): Promise<OrderChangeRow[]> =>
    sql.rows(
      changeRow,
      `select ${LIST} from order_change where source_id = $2 and merchant_account_id = $1 order by seq`,
      [accountId, sourceId],
    )

  /** Writes entries in their order, in the transaction of the changes. */
  const appendAll = async (changes: readonly NewOrderChange[]): Promise<void> => {
    if (changes.length === 0) return
    const rows = changes.map((change) => ({
      merchant_account_id: change.accountId,
      order_id: change.orderId,
      source: change.source,
      source_id: change.sourceId,
      changes: change.changes,
      occurred_at: change.occurredAt,
      at: change.at,
    }))
    await sql.run(INSERT, [rowsParameter(rows)])
  }
  return {
    appendAll,

    /** Writes one entry. */
    append: (change: NewOrderChange): Promise<void> => appendAll([change]),

    /** Everything that changed on one order, oldest first, at most the newest `limit`; of one instant as recorded. */
    async byOrder(accountId: string, orderId: string, limit = 500): Promise<OrderChangeRow[]> {
      const rows = await sql.rows(
        changeRow,
        {
          name: 'order_changes_by_order',
          text: `select ${LIST} from order_change where merchant_account_id = $1 and order_id = $2
         order by at desc, seq desc limit $3`,
        },
        [accountId, orderId, limit],
      )
      return rows.reverse()
    },

    /** A stretch of what changed on one order, in the window's order; rows of one instant as recorded. */
    async stretch(accountId: string, orderId: string, window: TimeWindow): Promise<OrderChangeRow[]> {
      const values: unknown[] = [accountId, orderId]
      return sql.rows(
        changeRow,
        {
          name: windowName('order_changes_stretch', window),
          text: `select ${LIST} from (select * from order_change where merchant_account_id = $1 and order_id = $2
           ${windowSql('at', window, values)}) as stretch
         order by at ${window.order === 'newest' ? 'desc, seq desc' : 'asc, seq asc'}`,
        },
        values,
      )
    },

    /** What one event, status check or refund answer changed; only since `since`, when that is given. */
    async bySource(accountId: string, sourceId: string, since: Date | null = null): Promise<FieldChange[]> {
      const entries = await entriesBySource(accountId, sourceId)
      const rows = since === null ? entries : entries.filter((entry) => entry.at >= since)
      return rows.flatMap((row) => row.changes)
    },

    entriesBySource,
  }
}
