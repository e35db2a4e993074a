import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS merchants (merchant_id TEXT PRIMARY KEY, data TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, merchant_id TEXT NOT NULL, order_key TEXT NOT NULL, token TEXT NOT NULL,
    created_at INTEGER NOT NULL, amount_minor INTEGER NOT NULL, data TEXT NOT NULL,
    UNIQUE (merchant_id, order_key));
  CREATE INDEX IF NOT EXISTS orders_by_token ON orders (token);
  CREATE INDEX IF NOT EXISTS orders_by_time ON orders (created_at);
  CREATE TABLE IF NOT EXISTS attempts (
    txn_uuid TEXT PRIMARY KEY, order_key TEXT NOT NULL REFERENCES orders (id), n INTEGER NOT NULL,
    txn_id TEXT NOT NULL, amount_minor INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (order_key, n));
  CREATE INDEX IF NOT EXISTS attempts_by_txn_id ON attempts (txn_id);
  CREATE TABLE IF NOT EXISTS refunds (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, order_key TEXT NOT NULL REFERENCES orders (id),
    unique_request_id TEXT NOT NULL, amount_minor INTEGER NOT NULL, data TEXT NOT NULL,
    UNIQUE (order_key, unique_request_id));
  CREATE TABLE IF NOT EXISTS views (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_key TEXT NOT NULL REFERENCES orders (id), at INTEGER NOT NULL,
    body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS views_by_order ON views (order_key, at, id);
  CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY, merchant_id TEXT NOT NULL, reference TEXT NOT NULL, data TEXT NOT NULL,
    UNIQUE (merchant_id, reference));
  CREATE TABLE IF NOT EXISTS timers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS timers_by_due ON timers (due_at, id);
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, event_name TEXT NOT NULL,
    merchant_id TEXT NOT NULL, order_id TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
    last_status INTEGER, last_error TEXT, note TEXT);
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, next_at, id);
  CREATE INDEX IF NOT EXISTS deliveries_by_order ON deliveries (order_id, id);
  CREATE TABLE IF NOT EXISTS delivery_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    at INTEGER NOT NULL, status INTEGER, error TEXT, duration_ms INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS delivery_attempts_by_delivery ON delivery_attempts (delivery_id);
`

export type Database = {
  sql: DatabaseSync
  /** Runs `work` in one transaction; nested calls join the outer one. */
  transact<T>(work: () => T): T
  close(): void
}

/** Opens (and creates) `dir/sandbox.db` in WAL mode; the sandbox's whole memory besides the ledger. */
export function openDatabase(dir: string): Database {
  mkdirSync(dir, { recursive: true })
  const sql = new DatabaseSync(join(dir, 'sandbox.db'))
  sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000')
  sql.exec(SCHEMA)
  let depth = 0
  return {
    sql,
    transact(work) {
      if (depth > 0) return work()
      sql.exec('BEGIN IMMEDIATE')
      depth = 1
      try {
        const result = work()
        sql.exec('COMMIT')
        return result
      } catch (error) {
        sql.exec('ROLLBACK')
        throw error
      } finally {
        depth = 0
      }
    },
    close: () => sql.close(),
  }
}
