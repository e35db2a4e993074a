import type { Database } from './database.ts'
import type { AttemptRecord, OrderRecord, RefundRecord } from './types.ts'

type StoredRow = { amount_minor: number; data: string }

/** Amounts live in an integer column and never pass through JSON; the rest of a record is one JSON text. */
function split(record: { amountMinor: bigint }): [bigint, string] {
  const { amountMinor, ...rest } = record
  return [amountMinor, JSON.stringify(rest)]
}

function join<T extends { amountMinor: bigint }>(row: unknown): T | null {
  if (row === undefined) return null
  const stored = row as StoredRow // every reader below selects exactly these columns from our own tables
  const rest: Omit<T, 'amountMinor'> = JSON.parse(stored.data)
  return { ...rest, amountMinor: BigInt(stored.amount_minor) } as T
}

function present<T>(item: T | null): item is T {
  return item !== null
}

/** Orders, attempts and refunds as stored by this process; plain copies in, plain copies out. */
export type Records = ReturnType<typeof createRecords>

export function createRecords({ sql }: Database) {
  const insertOrder = sql.prepare(
    'INSERT INTO orders (id, merchant_id, order_key, token, created_at, amount_minor, data) VALUES (?,?,?,?,?,?,?)',
  )
  const updateOrder = sql.prepare('UPDATE orders SET token = ?, amount_minor = ?, data = ? WHERE id = ?')
  const orderById = sql.prepare('SELECT amount_minor, data FROM orders WHERE id = ?')
  const orderByKey = sql.prepare(
    'SELECT amount_minor, data FROM orders WHERE merchant_id = ? AND order_key = ?',
  )
  const orderByToken = sql.prepare('SELECT amount_minor, data FROM orders WHERE token = ?')
  const recentOrders = sql.prepare(
    'SELECT amount_minor, data FROM orders ORDER BY created_at DESC, rowid DESC LIMIT ?',
  )
  const countOrders = sql.prepare('SELECT count(*) AS n FROM orders')
  const insertAttempt = sql.prepare(
    'INSERT INTO attempts (txn_uuid, order_key, n, txn_id, amount_minor, data) VALUES (?,?,?,?,?,?)',
  )
  const updateAttempt = sql.prepare('UPDATE attempts SET amount_minor = ?, data = ? WHERE txn_uuid = ?')
  const attemptsOf = sql.prepare('SELECT amount_minor, data FROM attempts WHERE order_key = ? ORDER BY n')
  const attemptByUuid = sql.prepare('SELECT amount_minor, data FROM attempts WHERE txn_uuid = ?')
  const attemptByTxnId = sql.prepare('SELECT amount_minor, data FROM attempts WHERE txn_id = ?')
  const insertRefund = sql.prepare(
    'INSERT INTO refunds (order_key, unique_request_id, amount_minor, data) VALUES (?,?,?,?)',
  )
  const updateRefund = sql.prepare('UPDATE refunds SET amount_minor = ?, data = ? WHERE seq = ?')
  const refundsOf = sql.prepare('SELECT amount_minor, data FROM refunds WHERE order_key = ? ORDER BY seq')
  const refundBySeq = sql.prepare('SELECT amount_minor, data FROM refunds WHERE seq = ?')

  return {
    insertOrder(order: OrderRecord): void {
      const [amount, data] = split(order)
      const key = order.orderId.toLowerCase()
      insertOrder.run(order.id, order.merchantId, key, order.token, order.createdAt, amount, data)
    },
    saveOrder(order: OrderRecord): void {
      const [amount, data] = split(order)
      updateOrder.run(order.token, amount, data, order.id)
    },
    order: (id: string) => join<OrderRecord>(orderById.get(id)),
    /** Case-insensitive, as at Juspay (reference 2.1). */
    orderOf: (merchantId: string, orderId: string) =>
      join<OrderRecord>(orderByKey.get(merchantId, orderId.toLowerCase())),
    orderByToken: (token: string) => join<OrderRecord>(orderByToken.get(token)),
    recentOrders: (limit: number) =>
      recentOrders
        .all(limit)
        .map((row) => join<OrderRecord>(row))
        .filter(present),
    countOrders: () => Number(countOrders.get()?.['n'] ?? 0),
    insertAttempt(attempt: AttemptRecord): void {
      const [amount, data] = split(attempt)
      insertAttempt.run(attempt.txnUuid, attempt.orderKey, attempt.n, attempt.txnId, amount, data)
    },
    saveAttempt(attempt: AttemptRecord): void {
      const [amount, data] = split(attempt)
      updateAttempt.run(amount, data, attempt.txnUuid)
    },
    attempts: (orderKey: string) =>
      attemptsOf
        .all(orderKey)
        .map((row) => join<AttemptRecord>(row))
        .filter(present),
    attempt: (txnUuid: string) => join<AttemptRecord>(attemptByUuid.get(txnUuid)),
    attemptByTxnId: (txnId: string) => join<AttemptRecord>(attemptByTxnId.get(txnId)),
    /** Gives the refund its `seq` and stores it. */
    insertRefund(refund: Omit<RefundRecord, 'seq'>): RefundRecord {
      const inserted = insertRefund.run(refund.orderKey, refund.uniqueRequestId, refund.amountMinor, '{}')
      const record = { ...refund, seq: Number(inserted.lastInsertRowid) }
      this.saveRefund(record)
      return record
    },
    saveRefund(refund: RefundRecord): void {
      const [amount, data] = split(refund)
      updateRefund.run(amount, data, refund.seq)
    },
    refunds: (orderKey: string) =>
      refundsOf
        .all(orderKey)
        .map((row) => join<RefundRecord>(row))
        .filter(present),
    refund: (seq: number) => join<RefundRecord>(refundBySeq.get(seq)),
  }
}
