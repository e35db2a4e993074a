import type { Database } from './database.ts'

/** due: waiting for its time; delivered: answered 200; exhausted: the retry ladder ended; dropped: by an injector. */
export type DeliveryState = 'due' | 'delivered' | 'exhausted' | 'dropped'

/** One event on its way to one address. `body` is sent byte for byte the same on every attempt. */
export type Delivery = {
  id: number
  eventId: string
  eventName: string
  merchantId: string
  orderId: string
  url: string
  body: string
  state: DeliveryState
  attempts: number
  nextAt: number
  createdAt: number
  lastStatus: number | null
  lastError: string | null
  note: string | null
}

export type NewDelivery = Pick<
  Delivery,
  | 'eventId'
  | 'eventName'
  | 'merchantId'
  | 'orderId'
  | 'url'
  | 'body'
  | 'state'
  | 'nextAt'
  | 'createdAt'
  | 'note'
>

type Row = Record<string, unknown>

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function toDelivery(row: Row): Delivery {
  return {
    id: Number(row['id']),
    eventId: String(row['event_id']),
    eventName: String(row['event_name']),
    merchantId: String(row['merchant_id']),
    orderId: String(row['order_id']),
    url: String(row['url']),
    body: String(row['body']),
    state: row['state'] as DeliveryState, // written only by this file
    attempts: Number(row['attempts']),
    nextAt: Number(row['next_at']),
    createdAt: Number(row['created_at']),
    lastStatus: typeof row['last_status'] === 'number' ? row['last_status'] : null,
    lastError: textOrNull(row['last_error']),
    note: textOrNull(row['note']),
  }
}

/** The persistent outgoing queue and its log. */
export type Deliveries = ReturnType<typeof createDeliveries>

export function createDeliveries({ sql }: Database) {
  const insert = sql.prepare(
    `INSERT INTO deliveries (event_id, event_name, merchant_id, order_id, url, body, state, attempts, next_at, created_at, note)
     VALUES (?,?,?,?,?,?,?,0,?,?,?)`,
  )
  const due = sql.prepare(
    `SELECT * FROM deliveries WHERE state = 'due' AND next_at <= ? ORDER BY next_at, id LIMIT 64`,
  )
  const nextDue = sql.prepare(`SELECT min(next_at) AS at FROM deliveries WHERE state = 'due'`)
  const byId = sql.prepare('SELECT * FROM deliveries WHERE id = ?')
  const recent = sql.prepare('SELECT * FROM deliveries ORDER BY id DESC LIMIT ?')
  const ofOrder = sql.prepare('SELECT * FROM deliveries WHERE order_id = ? ORDER BY id DESC LIMIT ?')
  const countOfOrder = sql.prepare('SELECT count(DISTINCT event_id) AS n FROM deliveries WHERE order_id = ?')
  const update = sql.prepare(
    'UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last_status = ?, last_error = ? WHERE id = ?',
  )
  const addAttempt = sql.prepare(
    'INSERT INTO delivery_attempts (delivery_id, at, status, error, duration_ms) VALUES (?,?,?,?,?)',
  )
  const attemptsOf = sql.prepare(
    'SELECT at, status, error, duration_ms FROM delivery_attempts WHERE delivery_id = ? ORDER BY id',
  )
  const counts = sql.prepare('SELECT state, count(*) AS n FROM deliveries GROUP BY state')
  return {
    insert(delivery: NewDelivery): number {
      const { eventId, eventName, merchantId, orderId, url, body, state, nextAt, createdAt, note } = delivery
      const inserted = insert.run(
        eventId,
        eventName,
        merchantId,
        orderId,
        url,
        body,
        state,
        Math.floor(nextAt),
        Math.floor(createdAt),
        note,
      )
      return Number(inserted.lastInsertRowid)
    },
    due: (now: number) => due.all(now).map(toDelivery),
    nextDue(): number | null {
      const at = nextDue.get()?.['at']
      return typeof at === 'number' ? at : null
    },
    get(id: number): Delivery | null {
      const row = byId.get(id)
      return row === undefined ? null : toDelivery(row)
    },
    recent: (limit: number) => recent.all(limit).map(toDelivery),
    ofOrder: (orderId: string, limit: number) => ofOrder.all(orderId, limit).map(toDelivery),
    /** Events queued about an order, each once however often it was duplicated. */
    countOfOrder: (orderId: string) => Number(countOfOrder.get(orderId)?.['n'] ?? 0),
    save(delivery: Delivery): void {
      const { state, attempts, nextAt, lastStatus, lastError, id } = delivery
      update.run(state, attempts, Math.floor(nextAt), lastStatus, lastError, id)
    },
    logAttempt(
      id: number,
      at: number,
      status: number | null,
      error: string | null,
      durationMs: number,
    ): void {
      addAttempt.run(id, Math.floor(at), status, error, Math.round(durationMs))
    },
    attempts: (id: number) =>
      attemptsOf.all(id).map((row) => ({
        at: new Date(Number(row['at'])).toISOString(),
        status: row['status'],
        error: row['error'],
        durationMs: row['duration_ms'],
      })),
    counts: (): Record<string, number> =>
      Object.fromEntries(counts.all().map((row) => [String(row['state']), Number(row['n'])])),
  }
}
