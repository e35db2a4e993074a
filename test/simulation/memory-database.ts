/**
 * A database in memory with what the refund code relies on in PostgreSQL: READ COMMITTED statements, transactions that
 * are all or nothing, row locks that block or are skipped, unique keys that wait for the other transaction. Rows are
 * never changed in place, so that a transaction is an overlay and rolling back is forgetting it.
 */
import type { StoredOrder } from '../../server/store/order-rows.ts'
import type { OrderRecord } from '../../server/domain/order.ts'
import type { RefundRecord } from '../../server/domain/refund.ts'
import type { TransactionRecord } from '../../server/domain/transaction.ts'
import type { NewAuditEntry } from '../../server/store/audit.ts'
import type { NewOrderChange } from '../../server/store/order-changes.ts'
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import type { RefundWork } from '../../server/store/refunds.ts'
import type { StaffMember } from '../../server/store/staff.ts'
import type { Finding } from '../../server/domain/discrepancy.ts'
import { WAIT, type Host, type Scheduler } from './scheduler.ts'

export type OrderRow = Omit<StoredOrder, keyof OrderRecord> & {
  key: string
  order: OrderRecord
  transactions: readonly TransactionRecord[]
}
export type RefundRow = RefundRecord &
  Omit<RefundWork, 'orderRef' | 'customerRef' | 'id'> & { id: string; accountId: string; orderId: string }
export type DiscrepancyRow = {
  id: string
  accountId: string
  orderId: string
  finding: Finding
  open: boolean
}
export type BucketRow = { id: string; tokens: number; refilledAt: Date; pausedUntil: Date | null }
export type StatusCheckRow = { id: string; orderId: string; askedAt: Date }

export type Tables = {
  orders: OrderRow
  refundRequests: RefundRequestRecord
  refunds: RefundRow
  discrepancies: DiscrepancyRow
  buckets: BucketRow
  staff: StaffMember
  statusChecks: StatusCheckRow
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
export type UniqueKey<T extends TableName> = { name: string; of(row: Tables[T]): string | null }

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
  scheduler: Scheduler
  /** Called with each transaction when it commits, before its rows are visible. */
  onCommit: ((transaction: Transaction) => void) | null
  /** Called when rows have changed for everybody. */
  afterCommit: (() => void) | null
  /** Whether the next statement meets a broken connection; asked once for each. */
  breaks(): boolean
  random(): number
  /** Ids as the database's `gen_random_uuid()` would give them. */
  uuid(): string
}

export function createDatabase(
  schema: Schema,
  rest: Pick<Database, 'scheduler' | 'breaks' | 'random' | 'uuid'>,
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
    },
    audit: [],
    changes: [],
    active: new Set(),
    onCommit: null,
    afterCommit: null,
  }
}

/** What a statement sees and may do. Every function either takes effect at once or answers {@link WAIT}. */
export type View = {
  get<T extends TableName>(table: T, id: string): Tables[T] | undefined
  all<T extends TableName>(table: T): Tables[T][]
  /** Takes a row's lock; false when another transaction holds it. */
  lock(table: TableName, id: string): boolean
  /** Changes a row; the caller holds its lock. */
  put<T extends TableName>(table: T, row: Tables[T]): void
  /** Inserts a row; the name of the unique key that it would break, or null when it is in. */
  insert<T extends TableName>(table: T, row: Tables[T]): string | null | typeof WAIT
  audit(entry: NewAuditEntry): void
  change(entry: NewOrderChange): void
}

function begin(host: Host): Transaction {
  return {
    host,
    overlays: {},
    locked: [],
    audit: [],
    changes: [],
    waiting: 0,
    committing: false,
    over: false,
  }
}

/** The view of a transaction. */
function viewOf(database: Database, transaction: Transaction): View {
  const overlayOf = <T extends TableName>(table: T): Map<string, Tables[T]> => {
    const made: Map<string, Tables[T]> = transaction.overlays[table] ?? new Map<string, Tables[T]>()
    transaction.overlays[table] = made as Transaction['overlays'][T]
    return made
  }
  const get = <T extends TableName>(table: T, id: string): Tables[T] | undefined =>
    transaction.overlays[table]?.get(id) ?? database.tables[table].rows.get(id)
  const all = <T extends TableName>(table: T): Tables[T][] => {
    const rows: Tables[T][] = []
    const overlay = transaction.overlays[table]
    const committed = database.tables[table].rows
    for (const [id, row] of committed) rows.push(overlay?.get(id) ?? row)
    if (overlay !== undefined) for (const [id, row] of overlay) if (!committed.has(id)) rows.push(row)
    return rows
  }
  /** The name of a key that `row` would share with another; WAIT when another transaction may still give it up. */
  const clash = <T extends TableName>(table: T, row: Tables[T]): string | null | typeof WAIT => {
    for (const { name, of } of database.tables[table].keys) {
      const key = of(row)
      if (key === null) continue
      for (const other of database.active) {
        const overlay = other === transaction ? undefined : other.overlays[table]
        if (overlay === undefined) continue
        for (const [id, theirs] of overlay) {
          const before = database.tables[table].rows.get(id)
          if (id !== row.id && (of(theirs) === key || (before !== undefined && of(before) === key)))
            return WAIT
        }
      }
      for (const theirs of all(table)) if (theirs.id !== row.id && of(theirs) === key) return name
    }
    return null
  }
  const view: View = {
    get,
    all,
    lock(table, id) {
      const { locks } = database.tables[table]
      const holder = locks.get(id)
      if (holder === transaction) return true
      if (holder !== undefined) return false
      locks.set(id, transaction)
      transaction.locked.push({ table, id })
      return true
    },
    put(table, row) {
      database.tables[table].check(row, get(table, row.id))
      const clashing = clash(table, row)
      if (clashing !== null)
        throw new ConstraintViolated(`duplicate key: ${clashing === WAIT ? 'taken meanwhile' : clashing}`)
      overlayOf(table).set(row.id, row)
    },
    insert(table, row) {
      const clashing = clash(table, row)
      if (clashing !== null) return clashing
      database.tables[table].check(row, undefined)
      view.lock(table, row.id)
      overlayOf(table).set(row.id, row)
      return null
    },
    audit: (entry) => void transaction.audit.push(entry),
    change: (entry) => void transaction.changes.push(entry),
  }
  return view
}

function end(database: Database, transaction: Transaction): void {
  transaction.over = true
  database.active.delete(transaction)
  for (const { table, id } of transaction.locked) database.tables[table].locks.delete(id)
}

function commit(database: Database, transaction: Transaction): void {
  if (transaction.over) throw new ConnectionLost('the transaction is gone')
  database.onCommit?.(transaction)
  for (const name of Object.keys(transaction.overlays)) copyRows(database, transaction, name as TableName)
  database.audit.push(...transaction.audit)
  database.changes.push(...transaction.changes)
  end(database, transaction)
  database.afterCommit?.()
}

function copyRows<T extends TableName>(database: Database, transaction: Transaction, table: T): void {
  const overlay = transaction.overlays[table]
  if (overlay !== undefined) for (const [id, row] of overlay) database.tables[table].rows.set(id, row)
}

/** The connection of a host's statements: a transaction, or each statement for itself. */
export type Session = {
  /** One statement, when the scheduler comes to it. */
  statement<T>(label: string, run: (view: View) => T | typeof WAIT): Promise<T>
  /** A statement that nothing outside of its transaction can see or disturb: no reason to wait for a turn. */
  aside(run: (view: View) => void): Promise<void>
}

const DONE = Promise.resolve()

/** Statements outside of a transaction: each commits by itself. */
export function autocommit(database: Database, host: Host): Session {
  const statement = <T>(label: string, run: (view: View) => T | typeof WAIT): Promise<T> =>
    database.scheduler.perform(host, label, () => {
      if (database.breaks()) throw new ConnectionLost(label)
      const transaction = begin(host)
      const result = run(viewOf(database, transaction))
      if (result === WAIT) end(database, transaction)
      else commit(database, transaction)
      return result
    })
  return { statement, aside: (run) => statement('append', run) }
}

/** Runs `work` in a transaction, as `store.transaction` does; `keep` false always rolls back. */
export async function inTransaction<T>(
  database: Database,
  host: Host,
  work: (session: Session) => Promise<T>,
  keep = true,
): Promise<T> {
  const transaction = begin(host)
  database.active.add(transaction)
  const view = viewOf(database, transaction)
  const turn = <R>(label: string, run: () => R | typeof WAIT): Promise<R> => {
    transaction.waiting += 1
    return database.scheduler.perform(host, label, () => {
      if (transaction.over) throw new ConnectionLost('the transaction is gone')
      const result = run()
      if (result !== WAIT) transaction.waiting -= 1
      return result
    })
  }
  const session: Session = {
    statement: (label, run) =>
      turn(label, () => {
        if (!database.breaks()) return run(view)
        end(database, transaction)
        throw new ConnectionLost(label)
      }),
    aside(run) {
      run(view)
      return DONE
    },
  }
  try {
    const result = await work(session)
    if (!keep) return result
    transaction.committing = true
    await turn('commit', () => {
      const broken = database.breaks()
      // Half of the connections that break at the commit have delivered it: the answer is what is lost.
      if (!broken || database.random() < 0.5) commit(database, transaction)
      if (broken) throw new ConnectionLost('commit')
    })
    return result
  } finally {
    if (!transaction.over) end(database, transaction)
  }
}

/** What happens to a dead host's transactions; a commit that was on its way arrives or does not. */
export function abandon(database: Database, host: Host): void {
  for (const transaction of database.active) {
    if (transaction.host !== host) continue
    if (transaction.committing && database.random() < 0.5) commit(database, transaction)
    else end(database, transaction)
  }
}
