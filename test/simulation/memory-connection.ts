/**
 * A connection to the database in memory: statements that take effect when the scheduler comes to them, each for itself
 * or in a transaction.
 */
import type { NewAuditEntry } from '../../server/store/audit.ts'
import type { NewOrderChange } from '../../server/store/order-changes.ts'
import {
  begin,
  commit,
  ConnectionLost,
  ConstraintViolated,
  end,
  type Database,
  type TableName,
  type Tables,
  type Transaction,
} from './memory-database.ts'
import { WAIT, type Host } from './scheduler.ts'

/** What a statement sees and may do. Every function takes effect at once, or answers that it has to wait. */
export type View = {
  get<T extends TableName>(table: T, id: string): Tables[T] | undefined
  all<T extends TableName>(table: T): Tables[T][]
  /** Takes a row's lock; false when another transaction holds it. */
  lock(table: TableName, id: string): boolean
  /** Takes the lock of the stops, alone or with others; false when that has to wait. */
  lockStops(alone: boolean): boolean
  /** Changes a row; the caller holds its lock. */
  put<T extends TableName>(table: T, row: Tables[T]): void
  /** Inserts a row; the name of the unique key that it would break, or null when it is in. */
  insert<T extends TableName>(table: T, row: Tables[T]): string | null | typeof WAIT
  audit(entry: NewAuditEntry): void
  change(entry: NewOrderChange): void
}

export type Session = {
  /** One statement, when the scheduler comes to it. */
  statement<T>(label: string, run: (view: View) => T | typeof WAIT): Promise<T>
  /** A statement that nothing outside of its transaction can see or disturb: no reason to wait for a turn. */
  aside(run: (view: View) => void): Promise<void>
}

const DONE = Promise.resolve()

/** Methods on a prototype: a connection is made for every transaction that runs beside others. */
class Connection implements View, Session {
  readonly database: Database
  readonly host: Host
  /** Null while every statement commits by itself. */
  transaction: Transaction | null
  /** That of the statement at hand. */
  current: Transaction

  constructor(database: Database, host: Host) {
    this.database = database
    this.host = host
    this.transaction = null
    this.current = begin(host)
  }

  get<T extends TableName>(table: T, id: string): Tables[T] | undefined {
    return this.current.overlays[table]?.get(id) ?? this.database.tables[table].rows.get(id)
  }

  all<T extends TableName>(table: T): Tables[T][] {
    const overlay = this.current.overlays[table]
    const committed = this.database.tables[table].rows
    if (overlay === undefined) return [...committed.values()]
    const rows: Tables[T][] = []
    for (const [id, row] of committed) rows.push(overlay.get(id) ?? row)
    for (const [id, row] of overlay) if (!committed.has(id)) rows.push(row)
    return rows
  }

  lock(table: TableName, id: string): boolean {
    const { locks } = this.database.tables[table]
    const holder = locks.get(id)
    if (holder === this.current) return true
    if (holder !== undefined) return false
    locks.set(id, this.current)
    this.current.locked.push({ table, id })
    return true
  }

  lockStops(alone: boolean): boolean {
    const { stopLock } = this.database
    const { holder, sharers } = stopLock
    if (holder !== null && holder !== this.current) return false
    if (!alone) {
      sharers.add(this.current)
      return true
    }
    for (const sharer of sharers) if (sharer !== this.current) return false
    stopLock.holder = this.current
    return true
  }

  put<T extends TableName>(table: T, row: Tables[T]): void {
    this.database.tables[table].check(row, this.get(table, row.id))
    const clashing = this.#clash(table, row)
    if (clashing !== null)
      throw new ConstraintViolated(`duplicate key: ${clashing === WAIT ? 'taken meanwhile' : clashing}`)
    this.#write(table, row)
  }

  insert<T extends TableName>(table: T, row: Tables[T]): string | null | typeof WAIT {
    const clashing = this.#clash(table, row)
    if (clashing !== null) return clashing
    this.database.tables[table].check(row, undefined)
    this.lock(table, row.id)
    this.#write(table, row)
    return null
  }

  audit(entry: NewAuditEntry): void {
    this.current.dirty = true
    this.current.audit.push(entry)
  }

  change(entry: NewOrderChange): void {
    this.current.dirty = true
    this.current.changes.push(entry)
  }

  statement<T>(label: string, run: (view: View) => T | typeof WAIT): Promise<T> {
    const { transaction, database, host } = this
    if (transaction === null)
      return database.scheduler.perform(host, label, () => {
        if (database.serial && database.active.size > 0) return WAIT
        if (database.breaks()) throw new ConnectionLost(label)
        const result = run(this)
        const { current } = this
        if (current.dirty || current.locked.length > 0 || database.stopLock.sharers.has(current)) {
          this.current = begin(host)
          if (result === WAIT) end(database, current)
          else commit(database, current)
        }
        return result
      })
    transaction.waiting += 1
    return database.scheduler.perform(host, label, () => {
      if (transaction.over) throw new ConnectionLost('the transaction is gone')
      if (database.breaks()) {
        end(database, transaction)
        throw new ConnectionLost(label)
      }
      const result = run(this)
      if (result !== WAIT) transaction.waiting -= 1
      return result
    })
  }

  aside(run: (view: View) => void): Promise<void> {
    if (this.transaction === null) return this.statement('append', run)
    run(this)
    return DONE
  }

  #write<T extends TableName>(table: T, row: Tables[T]): void {
    const { current } = this
    const overlays: { [N in TableName]?: Map<string, Tables[N]> } = current.overlays
    current.dirty = true
    const overlay = overlays[table]
    if (overlay === undefined) Object.assign(overlays, { [table]: new Map([[row.id, row]]) })
    else overlay.set(row.id, row)
  }

  /** The name of a key that `row` would share with another; WAIT when another transaction may still give it up. */
  #clash<T extends TableName>(table: T, row: Tables[T]): string | null | typeof WAIT {
    const { rows, keys } = this.database.tables[table]
    for (const { name, of } of keys) {
      const key = of(row)
      if (key === null) continue
      for (const other of this.database.active) {
        const overlay = other === this.current ? undefined : other.overlays[table]
        if (overlay === undefined) continue
        for (const [id, theirs] of overlay) {
          const before = rows.get(id)
          if (id !== row.id && (of(theirs) === key || (before !== undefined && of(before) === key)))
            return WAIT
        }
      }
      const own = this.current.overlays[table]
      for (const [id, committed] of rows)
        if (id !== row.id && of(own?.get(id) ?? committed) === key) return name
      if (own !== undefined)
        for (const [id, theirs] of own) if (id !== row.id && of(theirs) === key) return name
    }
    return null
  }
}

export type { Connection }

/** A connection on which each statement commits by itself, until {@link inTransaction} lends it out. */
export function connectTo(database: Database, host: Host): Connection {
  return new Connection(database, host)
}

/** Runs `work` in a transaction of the connection, as `store.transaction` does; `keep` false always rolls back. */
export async function inTransaction<T>(
  connection: Connection,
  work: () => Promise<T>,
  keep: boolean,
): Promise<T> {
  const { database, host } = connection
  const transaction = begin(host)
  connection.transaction = transaction
  connection.current = transaction
  if (database.serial)
    await database.scheduler.perform(host, 'begin', () => (database.active.size > 0 ? WAIT : undefined))
  database.active.add(transaction)
  try {
    const result = await work()
    if (!keep) return result
    transaction.waiting += 1
    transaction.committing = true
    await database.scheduler.perform(host, 'commit', () => {
      transaction.waiting -= 1
      const broken = !transaction.over && database.breaks()
      // Half of the connections that break at the commit have delivered it: the answer is what is lost.
      if (!broken || database.random() < 0.5) commit(database, transaction)
      if (broken) throw new ConnectionLost('commit')
    })
    return result
  } finally {
    if (!transaction.over) end(database, transaction)
  }
}
