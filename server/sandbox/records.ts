import type { Database } from './database.ts'
import type { AttemptRecord, OrderRecord, RefundRecord } from './types.ts'

type StoredRow = { amount_minor: number; data: string }

/** The amount lives in an integer column; the rest of a record is one JSON text, in which other amounts are text. */
function split(record: { amountMinor: bigint }): [bigint, string] {
  const { amountMinor, ...rest } = record
  const data = JSON.stringify(rest, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  return [amountMinor, data]
}

function join<T extends { amountMinor: bigint }>(row: unknown): T | null {
  if (row === undefined) return null
  const stored = row as StoredRow // every reader below selects exactly these columns from our own tables
  const rest: Omit<T, 'amountMinor'> = JSON.parse(stored.data)
  return { ...rest, amountMinor: BigInt(stored.amount_minor) } as T
}

/** An attempt; the amounts of its price are text in the JSON. */
function joinAttempt(row: unknown): AttemptRecord | null {
  const attempt = join<AttemptRecord>(row)
  if (!attempt?.price) return attempt
  const { baseMinor, surchargeMinor, discountMinor, benefitMinor, offer } = attempt.price
  const price = {
    baseMinor: BigInt(baseMinor),
    surchargeMinor: BigInt(surchargeMinor),
    discountMinor: BigInt(discountMinor),
    benefitMinor: BigInt(benefitMinor),
    offer,
  }
  return { ...attempt, price }
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
  // A mandate's id is made of its order's (side-events.ts).
  const orderByMandate = sql.prepare(
    `SELECT amount_minor, data FROM orders WHERE 'mdt' || substr(id, -19) = ?`,
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

  const insertView = sql.prepare('INSERT INTO views (order_key, at, body) VALUES (?,?,?)')
  const viewBefore = sql.prepare(
    'SELECT body FROM views WHERE order_key = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1',
  )
  const firstView = sql.prepare('SELECT body FROM views WHERE order_key = ? ORDER BY at, id LIMIT 1')

  return {
    addView: (orderKey: string, at: number, body: string) =>
      void insertView.run(orderKey, Math.floor(at), body),
    /** What the order looked like at an instant, or when it was first seen if that was later. */
    viewAt(orderKey: string, at: number): string | null {
      const row = viewBefore.get(orderKey, Math.floor(at)) ?? firstView.get(orderKey)
      return row === undefined ? null : String(row['body'])
    },
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
    orderOfMandate: (mandateId: string) => join<OrderRecord>(orderByMandate.get(mandateId)),
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
        .map((row) => joinAttempt(row))
        .filter(present),
    attempt: (txnUuid: string) => joinAttempt(attemptByUuid.get(txnUuid)),
    attemptByTxnId: (txnId: string) => joinAttempt(attemptByTxnId.get(txnId)),
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
