/**
 * A database in memory with what the refund code relies on in PostgreSQL: READ COMMITTED statements, transactions that
 * are all or nothing, row locks that block or are skipped, unique keys that wait for the other transaction. Rows are
 * never changed in place, so that a transaction is an overlay and rolling back is forgetting it.
 */
import type { StoredOrder } from '../../server/store/order-rows.ts'
import type { OrderRecord } from '../../server/domain/order.ts'
import type { HeldWhy } from '../../server/domain/refund-held.ts'
import type { RefundRecord } from '../../server/domain/refund.ts'
import type { TransactionRecord } from '../../server/domain/transaction.ts'
import type { NewAuditEntry } from '../../server/store/audit.ts'
import type { NewOrderChange } from '../../server/store/order-changes.ts'
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import type { RefundStopRecord } from '../../server/store/refund-stops.ts'
import type { RefundWork } from '../../server/store/refunds.ts'
import type { StaffMember } from '../../server/store/staff.ts'
import type { Finding } from '../../server/domain/discrepancy.ts'
import type { Host, Scheduler } from './scheduler.ts'

export type OrderRow = Omit<StoredOrder, keyof OrderRecord> & {
  key: string
  order: OrderRecord
  transactions: readonly TransactionRecord[]
}
export type RefundRow = RefundRecord &
  Omit<RefundWork, 'orderRef' | 'customerRef' | 'askedTxnRef' | 'id'> & {
    id: string
    accountId: string
    orderId: string
    heldWhy: HeldWhy | null
  }
export type DiscrepancyRow = {
  id: string
  accountId: string
  orderId: string
  finding: Finding
  open: boolean
}
export type BucketRow = { id: string; tokens: number; refilledAt: Date; pausedUntil: Date | null }
export type StatusCheckRow = { id: string; orderId: string; askedAt: Date }

/** `setBy` is who set it: a job has one stop of each scope. */
export type StopRow = RefundStopRecord & { setBy: string }

export type Tables = {
  orders: OrderRow
  refundRequests: RefundRequestRecord
  refunds: RefundRow
  discrepancies: DiscrepancyRow
  buckets: BucketRow
  staff: StaffMember
  statusChecks: StatusCheckRow
  stops: StopRow
  /** Only locks: the totals of a day follow from requests and refunds. */
  days: { id: string }
}
export type TableName = keyof Tables

/** The connection to the database broke: what the simulation did on purpose, never a fault of the product. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost'
}

/** A constraint of the schema refused a row. */
export class ConstraintViolated extends Error {
  override name = 'ConstraintViolated'
}

/** Checks a row that is about to be written; throws {@link ConstraintViolated}. */
export type Check<T extends TableName> = (row: Tables[T], before: Tables[T] | undefined) => void

/** A key that two rows may not share. Null for a row that the key does not cover (a partial index). */
export type UniqueKey<T extends TableName> = { name: string; of: (row: Tables[T]) => string | null }

type Table<T extends TableName> = {
  rows: Map<string, Tables[T]>
  locks: Map<string, Transaction>
  check: Check<T>
  keys: readonly UniqueKey<T>[]
}

export type Schema = { [T in TableName]: { check: Check<T>; keys: readonly UniqueKey<T>[] } }

/** What a transaction has written and nobody else sees yet. */
export type Transaction = {
  host: Host
  /** The life of the host that began it. */
  life: number
  /** Whether it has written anything yet. */
  dirty: boolean
  overlays: { [T in TableName]?: Map<string, Tables[T]> }
  locked: { table: TableName; id: string }[]
  audit: NewAuditEntry[]
  changes: NewOrderChange[]
  /** Statements and the commit that wait for their turn. */
  waiting: number
  /** The commit is on its way. */
  committing: boolean
  over: boolean
}

export type Database = {
  tables: { [T in TableName]: Table<T> }
  audit: NewAuditEntry[]
  changes: NewOrderChange[]
  active: Set<Transaction>
  /** The advisory lock that claims share and setting a stop takes alone. */
  stopLock: { holder: Transaction | null; sharers: Set<Transaction> }
  scheduler: Scheduler
  /** Whether statements wait until no other transaction is open. */
  serial: boolean
  /** False in a build that reads orders without `for no key update`. */
  locksOrders: boolean
  /** Called with each transaction when it commits, before its rows are visible. */
  onCommit: ((transaction: Transaction) => void) | null
  /** Called when a claim begins. */
  onClaim: (() => void) | null
  /** Called when rows have changed for everybody. */
  afterCommit: (() => void) | null
  /** Whether the next statement meets a broken connection; asked once for each. */
  breaks: () => boolean
  random: () => number
  /** Ids as the database's `gen_random_uuid()` would give them. */
  uuid: () => string
}

export function createDatabase(
  schema: Schema,
  rest: Pick<Database, 'scheduler' | 'serial' | 'locksOrders' | 'breaks' | 'random' | 'uuid'>,
): Database {
  const table = <T extends TableName>({ check, keys }: Schema[T]): Table<T> => ({
    rows: new Map(),
    locks: new Map(),
    check,
    keys,
  })
  return {
    ...rest,
    tables: {
      orders: table<'orders'>(schema.orders),
      refundRequests: table<'refundRequests'>(schema.refundRequests),
      refunds: table<'refunds'>(schema.refunds),
      discrepancies: table<'discrepancies'>(schema.discrepancies),
      buckets: table<'buckets'>(schema.buckets),
      staff: table<'staff'>(schema.staff),
      statusChecks: table<'statusChecks'>(schema.statusChecks),
      stops: table<'stops'>(schema.stops),
      days: table<'days'>(schema.days),
    },
    audit: [],
    changes: [],
    active: new Set(),
    stopLock: { holder: null, sharers: new Set() },
    onCommit: null,
    onClaim: null,
    afterCommit: null,
  }
}

export function begin(host: Host): Transaction {
  return {
    host,
    life: host.life,
    dirty: false,
    overlays: {},
    locked: [],
    audit: [],
    changes: [],
    waiting: 0,
    committing: false,
    over: false,
  }
}

/** Gives locks back and forgets what was not committed. */
export function end(database: Database, transaction: Transaction): void {
  transaction.over = true
  database.active.delete(transaction)
  for (const { table, id } of transaction.locked) database.tables[table].locks.delete(id)
  const { stopLock } = database
  if (stopLock.holder === transaction) stopLock.holder = null
  stopLock.sharers.delete(transaction)
}

/** Makes everything that a transaction has written visible at once. */
export function commit(database: Database, transaction: Transaction): void {
  if (transaction.over) throw new ConnectionLost('the transaction is gone')
  if (!transaction.dirty) return end(database, transaction)
  database.onCommit?.(transaction)
  for (const name of TABLES) copyRows(database, transaction, name)
  database.audit.push(...transaction.audit)
  database.changes.push(...transaction.changes)
  end(database, transaction)
  database.afterCommit?.()
}

const TABLES: readonly TableName[] = [
  'orders',
  'refundRequests',
  'refunds',
  'discrepancies',
  'buckets',
  'staff',
  'statusChecks',
  'stops',
  'days',
]

function copyRows<T extends TableName>(database: Database, transaction: Transaction, table: T): void {
  const overlay = transaction.overlays[table]
  if (overlay !== undefined) for (const [id, row] of overlay) database.tables[table].rows.set(id, row)
}

/** What happens to a dead host's transactions; a commit that was on its way arrives or does not. */
export function abandon(database: Database, host: Host): void {
  for (const transaction of database.active) {
    if (transaction.host !== host) continue
    if (transaction.committing && database.random() < 0.5) commit(database, transaction)
    else end(database, transaction)
  }
}
