/** Orders in memory: locks, the writes of messages, the balance. Semantics of `server/store/order-*.ts`. */
import type { OrderAggregate } from '../../server/domain/order.ts'
import type { RefundRecord } from '../../server/domain/refund.ts'
import type { LockedAggregate, OrderKey } from '../../server/store/order-locks.ts'
import type { StoredOrder } from '../../server/store/order-rows.ts'
import {
  TOLD_REFUND_FIELDS,
  type ChangedParts,
  type InsertedRefund,
} from '../../server/store/order-writes.ts'
import type { StoreTx } from '../../server/store/store.ts'
import type { Session, View } from './memory-connection.ts'
import type { Database, OrderRow, RefundRow } from './memory-database.ts'
import { lockDaysOfChange } from './memory-refund-days.ts'
import { WAIT } from './scheduler.ts'

type Orders = StoreTx['orders']
type Used =
  | 'byId'
  | 'lockAggregate'
  | 'keysOf'
  | 'lockByKeys'
  | 'insertOrders'
  | 'saveOrders'
  | 'saveParts'
  | 'saveBalance'
  | 'markChecked'

export function memoryOrders(session: Session, database: Database): Pick<Orders, Used> {
  return {
    ...reads(session, database),
    ...writes(session, database),

    saveBalance: (accountId, orderId, balance, now) =>
      session.statement('orders.saveBalance', (view) => {
        const row = ofAccount(view, accountId, orderId)
        if (row === undefined) return 0
        if (!view.lock('orders', orderId)) return WAIT
        const { chargedMinor, reservedMinor, refundedMinor, excessMinor } = balance
        const { externalRefundedMinor, externalPendingMinor } = balance
        const { refundState, displayStatus, inReview } = balance
        const order = {
          ...row.order,
          chargedMinor,
          reservedMinor,
          refundedMinor,
          externalRefundedMinor,
          externalPendingMinor,
          excessMinor,
          refundState,
          displayStatus,
          inReview,
        }
        view.put('orders', { ...row, order, changedAt: now, version: row.version + 1 })
        return row.version + 1
      }),

    markChecked: (accountId, orderId, { checkedAt, nextCheckAt }) =>
      session.statement('orders.markChecked', (view) => {
        const row = ofAccount(view, accountId, orderId)
        if (row === undefined) return undefined
        if (!view.lock('orders', orderId)) return WAIT
        const lastCheckedAt = checkedAt ?? row.lastCheckedAt
        view.put('orders', { ...row, lastCheckedAt, nextCheckAt, checkCount: row.checkCount + 1 })
        return undefined
      }),
  }
}

function reads(
  session: Session,
  database: Database,
): Pick<Orders, 'byId' | 'lockAggregate' | 'keysOf' | 'lockByKeys'> {
  return {
    byId: (accountId, orderId) =>
      session.statement('orders.byId', (view) => {
        const row = ofAccount(view, accountId, orderId)
        return row === undefined ? null : storedOf(row)
      }),

    lockAggregate: (accountId, orderId) =>
      session.statement('orders.lockAggregate', (view) => {
        if (ofAccount(view, accountId, orderId) === undefined) return null
        if (database.locksOrders && !view.lock('orders', orderId)) return WAIT
        const row = ofAccount(view, accountId, orderId)
        return row === undefined ? null : aggregateOf(view, row)
      }),

    keysOf: (orderRefs) => Promise.resolve(orderRefs.map((ref) => ref.toLowerCase())),

    lockByKeys: (keys) =>
      session.statement('orders.lockByKeys', (view) => {
        const locked: (LockedAggregate & OrderKey)[] = []
        for (const row of rowsOf(view, keys)) {
          if (database.locksOrders && !view.lock('orders', row.id)) return WAIT
          locked.push({ ...aggregateOf(view, row), key: row.key })
        }
        return locked
      }),
  }
}

function writes(
  session: Session,
  database: Database,
): Pick<Orders, 'insertOrders' | 'saveOrders' | 'saveParts'> {
  return {
    insertOrders: (orders) =>
      orders.length === 0
        ? Promise.resolve([])
        : session.statement('orders.insertOrders', (view) => {
            const inserted: (OrderKey & { orderId: string })[] = []
            for (const { accountId, key, next, now, ...state } of orders) {
              const { changedAt, version, nextCheckAt, unconfirmedSince } = state
              const row: OrderRow = {
                changedAt,
                version,
                nextCheckAt,
                unconfirmedSince,
                id: database.uuid(),
                merchantAccountId: accountId,
                key,
                order: next.order,
                transactions: next.transactions,
                firstSeenAt: now,
                lastCheckedAt: null,
                checkCount: 0,
              }
              const clashing = view.insert('orders', row)
              if (clashing === WAIT) return WAIT
              if (clashing === null) inserted.push({ accountId, key, orderId: row.id })
            }
            return inserted
          }),

    saveOrders: (orders) =>
      session.aside((view) => {
        for (const { before, next, changedAt, version, nextCheckAt, unconfirmedSince } of orders) {
          const row = view.get('orders', before.orderId)
          if (row === undefined) continue
          const state = { changedAt, version, nextCheckAt, unconfirmedSince }
          view.put('orders', { ...row, ...state, order: next.order })
        }
      }),

    saveParts: (orders) =>
      session.statement('orders.saveParts', (view) => {
        for (const { before, next, now } of orders) {
          for (const refund of next.refunds)
            if (refund.id !== null && differs(find(before, refund.uniqueRequestId), refund))
              if (!view.lock('refunds', refund.id) || !lockDays(view, refund, now)) return WAIT
        }
        return orders.flatMap((parts) => saveParts(view, parts, database))
      }),
  }
}

/** Juspay knowing a refund of ours proves that it was sent. */
function lockDays(view: View, { id, status }: RefundRecord, now: Date): boolean {
  const stored = id === null ? undefined : view.get('refunds', id)
  return (
    stored === undefined || lockDaysOfChange(view, stored, { status, firstSentAt: stored.firstSentAt ?? now })
  )
}

/** The caller of a message holds the order's lock, so only the refunds' rows may have to be waited for. */
function saveParts(view: View, parts: ChangedParts, database: Database): InsertedRefund[] {
  const { orderId, before, next } = parts
  const row = view.get('orders', orderId)
  if (row !== undefined) view.put('orders', { ...row, transactions: next.transactions })
  const inserted: InsertedRefund[] = []
  for (const refund of next.refunds) {
    if (!differs(find(before, refund.uniqueRequestId), refund)) continue
    const stored = refund.id === null ? undefined : view.get('refunds', refund.id)
    if (stored === undefined) {
      const fresh = freshRefund(parts, refund, database.uuid())
      if (view.insert('refunds', fresh) !== null) throw new Error('a refund of an order under lock was raced')
      inserted.push({ id: fresh.id, orderId, uniqueRequestId: fresh.uniqueRequestId })
    } else view.put('refunds', told(stored, refund, parts.now))
  }
  return inserted
}

function find({ refunds }: Pick<OrderAggregate, 'refunds'>, key: string) {
  return refunds.find(({ uniqueRequestId }) => uniqueRequestId === key)
}

function differs(before: RefundRecord | undefined, next: RefundRecord): boolean {
  return (
    before === undefined ||
    TOLD_REFUND_FIELDS.some((field) => {
      const [was, is] = [before[field], next[field]]
      return was instanceof Date && is instanceof Date ? was.getTime() !== is.getTime() : was !== is
    })
  )
}

const SETTLED = new Set(['succeeded', 'failed', 'rejected'])

/** What a message writes on a refund that we hold: `refunds_update` in `order-writes.ts`. */
function told(stored: RefundRow, refund: OrderAggregate['refunds'][number], now: Date): RefundRow {
  const { heldWhy, fence, leaseUntil, sendCount, firstSentAt, lastSentAt, nextActionAt, checkCount } = stored
  const { id, accountId, orderId, attemptNo, createdAt, refundRequestId } = stored
  return {
    ...refund,
    id,
    accountId,
    orderId,
    attemptNo,
    createdAt,
    changedAt: now,
    refundRequestId,
    heldWhy,
    fence,
    sendCount,
    lastSentAt,
    doubtedAt: stored.doubtedAt,
    checkCount,
    firstSentAt: stored.origin === 'paydesk' ? (firstSentAt ?? now) : firstSentAt,
    nextActionAt: SETTLED.has(refund.status) ? null : nextActionAt,
    leaseUntil: stored.status === 'sending' ? null : leaseUntil,
  }
}

function freshRefund(
  { accountId, orderId, now }: ChangedParts,
  refund: OrderAggregate['refunds'][number],
  id: string,
): RefundRow {
  return {
    ...refund,
    id,
    accountId,
    orderId,
    createdAt: now,
    changedAt: now,
    refundRequestId: null,
    attemptNo: 1,
    fence: 0,
    leaseUntil: null,
    sendCount: 0,
    firstSentAt: null,
    lastSentAt: null,
    doubtedAt: null,
    nextActionAt: null,
    heldWhy: null,
    checkCount: 0,
  }
}

function ofAccount(view: View, accountId: string, orderId: string): OrderRow | undefined {
  const row = view.get('orders', orderId)
  return row?.merchantAccountId === accountId ? row : undefined
}

function rowsOf(view: View, keys: readonly OrderKey[]): OrderRow[] {
  const wanted = view
    .all('orders')
    .filter((row) =>
      keys.some(({ accountId, key }) => row.merchantAccountId === accountId && row.key === key),
    )
  return wanted.length < 2 ? wanted : wanted.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Rows never change, so that what is read of one is made once. */
const read = new WeakMap<OrderRow, StoredOrder>()

/** A row as the real store reads it. */
function storedOf(row: OrderRow): StoredOrder {
  const made = read.get(row)
  if (made !== undefined) return made
  const { order, transactions: _transactions, key: _key, ...own } = row
  const stored = { ...order, ...own }
  read.set(row, stored)
  return stored
}

function aggregateOf(view: View, row: OrderRow): LockedAggregate {
  const requests = view.all('refundRequests').filter(({ orderId }) => orderId === row.id)
  return {
    orderId: row.id,
    accountId: row.merchantAccountId,
    version: row.version,
    changedAt: row.changedAt,
    lastCheckedAt: row.lastCheckedAt,
    nextCheckAt: row.nextCheckAt,
    unconfirmedSince: row.unconfirmedSince,
    order: row.order,
    transactions: row.transactions,
    refunds: view.all('refunds').filter(({ orderId }) => orderId === row.id),
    requests: requests.map(({ id, amountMinor, status, txnRef }) => ({ id, amountMinor, status, txnRef })),
  }
}
