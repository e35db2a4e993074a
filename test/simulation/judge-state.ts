/** What the judge remembers of a run, and how its parts see rows before and after a commit. */
import type { Database, OrderRow, TableName, Tables, Transaction } from './memory-database.ts'
import type { Provider } from './provider.ts'
import type { Host } from './scheduler.ts'

export type Broken = { rule: string; detail: string }

/** A claim that was committed, with the call that it allows. */
export type Claim = {
  key: string
  orderId: string
  host: Host
  life: number
  at: number
  sent: boolean
  ended: boolean
}

export type JudgeParts = {
  database: Database
  provider: Provider
  now: () => number
  /** How far status answers may be behind. */
  lagMs: number
  /** By how much a server's clock may be wrong: what it writes down is judged with that much patience. */
  skewMs: number
  /** Above this a second person must decide. */
  approvalAboveMinor: bigint
  /** What may be asked for, and sent, in a day; null for no limit. */
  dayLimitMinor: bigint | null
}

export type JudgeState = JudgeParts & {
  say: (rule: string, detail: string) => void
  claims: Claim[]
  /** When Juspay was last asked about an order and answered. */
  asked: Map<string, number>
  /** Since when people may not act. */
  barred: Map<string, number>
  /** Why Juspay last refused a call, as far as its answers came through. */
  refused: Map<string, string>
  /** Where the money of a request was to go when it was asked for. */
  agreed: Map<string, string | null | undefined>
}

/** Where the money of an attempt goes back to; of no attempt in particular, where that of the order does. */
export function destinationOf(row: OrderRow | undefined, txnRef: string | null): string | null | undefined {
  const attempt = row?.transactions.find((one) => one.txnRef === txnRef)
  return attempt === undefined ? row?.order.gateway : attempt.gateway
}

/** A committed row as the transaction found it. */
export function before<T extends TableName>(database: Database, table: T, id: string): Tables[T] | undefined {
  return database.tables[table].rows.get(id)
}

/** The row as it is once the transaction has committed. */
export function after<T extends TableName>(
  database: Database,
  transaction: Transaction,
  table: T,
  id: string,
): Tables[T] | undefined {
  return transaction.overlays[table]?.get(id) ?? before(database, table, id)
}

/** All rows of a table as they are once the transaction has committed. */
export function rowsAfter<T extends TableName>(
  database: Database,
  transaction: Transaction,
  table: T,
): Tables[T][] {
  const overlay = transaction.overlays[table]
  const committed = database.tables[table].rows
  if (overlay === undefined) return [...committed.values()]
  const rows: Tables[T][] = []
  for (const [id, row] of committed) rows.push(overlay.get(id) ?? row)
  for (const [id, row] of overlay) if (!committed.has(id)) rows.push(row)
  return rows
}
