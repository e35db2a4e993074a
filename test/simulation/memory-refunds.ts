/** Refunds in memory. Semantics of `server/store/refunds.ts` and of what `refund-reads.ts` tells about one refund. */
import { inTime } from '../../server/domain/transaction.ts'
import { NOTHING_TOLD } from '../../server/domain/refund.ts'
import type { RefundFacts } from '../../server/domain/refund-display.ts'
import type { RefundWork } from '../../server/store/refunds.ts'
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import type { StoreTx } from '../../server/store/store.ts'
import type { Session, View } from './memory-connection.ts'
import { ConstraintViolated, type Database, type OrderRow, type RefundRow } from './memory-database.ts'
import { lockDaysOfChange } from './memory-refund-days.ts'
import { WAIT } from './scheduler.ts'

type Refunds = StoreTx['refunds']
type Used =
  | 'get'
  | 'insertReady'
  | 'paidAfterAll'
  | 'lastAttempt'
  | 'work'
  | 'dueToSend'
  | 'dueToLook'
  | 'lockForWork'
  | 'lockForAnswer'
  | 'busyWith'
  | 'claim'
  | 'endClaim'
  | 'reject'
  | 'reschedule'

export function memoryRefunds(session: Session, database: Database): Pick<Refunds, Used> {
  return {
    ...reads(session),
    ...locks(session, database),
    ...claims(session),

    insertReady: (refund) =>
      session.statement('refunds.insertReady', (view) => {
        const { now, ...asked } = refund
        const row: RefundRow = { ...BLANK, ...asked, nextActionAt: now, createdAt: now, changedAt: now }
        if (livingTry(view, refund.refundRequestId, null) !== null) return false
        const clashing = view.insert('refunds', row)
        if (clashing === WAIT) return WAIT
        if (clashing !== null) throw new ConstraintViolated(`duplicate key: ${clashing}`)
        return true
      }),

    paidAfterAll: (refundRequestId, exceptRefundId) =>
      session.statement('refunds.paidAfterAll', (view) => livingTry(view, refundRequestId, exceptRefundId)),

    reschedule: (id, nextActionAt, looked, heldWhy) =>
      session.statement('refunds.reschedule', (view) => {
        const found = view.get('refunds', id)
        if (found === undefined || CLOSED_TO_RESCHEDULE.has(found.status)) return undefined
        if (!view.lock('refunds', id)) return WAIT
        view.put('refunds', {
          ...found,
          nextActionAt,
          heldWhy: heldWhy ?? null,
          checkCount: found.checkCount + (looked ? 1 : 0),
        })
        return undefined
      }),
  }
}

/** The key of another try of the request that is paid or may be. Nobody retries here, so there is no chain. */
function livingTry(view: View, refundRequestId: string, exceptRefundId: string | null): string | null {
  const living = attemptsOf(view, refundRequestId).find(
    ({ id, status }) => id !== exceptRefundId && status !== 'failed' && status !== 'rejected',
  )
  return living?.uniqueRequestId ?? null
}

const CLOSED_TO_RESCHEDULE = new Set(['sending', 'succeeded', 'failed', 'rejected'])
const TO_LOOK_AT = new Set(['sending', 'unknown', 'pending', 'manual_review'])

const BLANK = {
  origin: 'paydesk',
  status: 'ready',
  ...NOTHING_TOLD,
  fence: 0,
  leaseUntil: null,
  sendCount: 0,
  firstSentAt: null,
  lastSentAt: null,
  doubtedAt: null,
  checkCount: 0,
  heldWhy: null,
} as const

function reads(session: Session): Pick<Refunds, 'get' | 'work' | 'lastAttempt' | 'dueToSend' | 'dueToLook'> {
  const due = (label: string, now: Date, limit: number, open: (row: RefundRow) => boolean) =>
    session.statement(label, (view) =>
      view
        .all('refunds')
        .filter((row) => row.nextActionAt !== null && row.nextActionAt <= now && open(row))
        .toSorted((a, b) => (a.nextActionAt?.getTime() ?? 0) - (b.nextActionAt?.getTime() ?? 0))
        .slice(0, limit)
        .map(({ id }) => id),
    )
  return {
    get: (accountId, id) => session.statement('refunds.get', (view) => factsOf(view, accountId, id)),

    work: (id) => session.statement('refunds.work', (view) => workOf(view, id)),

    lastAttempt: (refundRequestId) =>
      session.statement('refunds.lastAttempt', (view) => {
        const [last] = attemptsOf(view, refundRequestId)
        return last === undefined ? null : workOf(view, last.id)
      }),

    dueToSend: (now, limit) => due('refunds.dueToSend', now, limit, ({ status }) => status === 'ready'),

    dueToLook: (now, limit) => due('refunds.dueToLook', now, limit, ({ status }) => TO_LOOK_AT.has(status)),
  }
}

function locks(
  session: Session,
  database: Database,
): Pick<Refunds, 'lockForWork' | 'lockForAnswer' | 'busyWith'> {
  return {
    lockForWork: (id) =>
      session.statement('refunds.lockForWork', (view) => {
        database.onClaim?.()
        const row = view.get('refunds', id)
        return row !== undefined && (!database.locksOrders || view.lock('orders', row.orderId))
          ? workOf(view, id)
          : null
      }),

    lockForAnswer: (id) =>
      session.statement('refunds.lockForAnswer', (view) => {
        const row = view.get('refunds', id)
        return row !== undefined && database.locksOrders && !view.lock('orders', row.orderId)
          ? WAIT
          : workOf(view, id)
      }),

    busyWith: (work) =>
      session.statement('refunds.busyWith', (view) => {
        let leaseUntil: Date | null = null
        let sameAmountAt: Date | null = null
        for (const row of view.all('refunds')) {
          if (row.orderId !== work.orderId) continue
          if (row.status === 'sending' && row.id !== work.id) leaseUntil = latest(leaseUntil, row.leaseUntil)
          if (row.amountMinor === work.amountMinor) sameAmountAt = latest(sameAmountAt, row.lastSentAt)
        }
        return { leaseUntil, sameAmountAt }
      }),
  }
}

function claims(session: Session): Pick<Refunds, 'claim' | 'endClaim' | 'reject'> {
  /** `update … where id = $1 and fence = $2 and status in (…)`: how many rows it touched. */
  const update = (
    label: string,
    { id, fence }: { id: string; fence: number },
    statuses: readonly RefundRow['status'][],
    change: (row: RefundRow) => Partial<RefundRow>,
  ): Promise<number> =>
    session.statement(label, (view) => {
      const found = view.get('refunds', id)
      if (found === undefined) return 0
      if (!view.lock('refunds', id)) return WAIT
      if (found.fence !== fence || !statuses.includes(found.status)) return 0
      const next = { ...found, ...change(found) }
      if (!lockDaysOfChange(view, found, next)) return WAIT
      view.put('refunds', next)
      return 1
    })
  return {
    claim: (work, now, leaseUntil) =>
      update('refunds.claim', work, ['ready', 'unknown'], (row) => ({
        status: 'sending',
        fence: row.fence + 1,
        leaseUntil,
        nextActionAt: leaseUntil,
        sendCount: row.sendCount + 1,
        firstSentAt: row.firstSentAt ?? now,
        lastSentAt: now,
        heldWhy: null,
        changedAt: now,
      })),

    endClaim: (work) =>
      update('refunds.endClaim', work, ['sending'], (row) => ({
        status: work.status,
        doubtedAt: work.doubted ? row.lastSentAt : row.doubtedAt,
        leaseUntil: null,
        nextActionAt: work.nextActionAt,
        checkCount: 0,
        changedAt: work.now,
      })),

    reject: (work) =>
      update('refunds.reject', work, ['ready', 'sending', 'unknown'], () => ({
        status: 'rejected',
        leaseUntil: null,
        nextActionAt: null,
        settledAt: work.now,
        changedAt: work.now,
        errorCode: work.code,
        errorMessage: work.message,
      })),
  }
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a >= b ? a : b
}

function workOf(view: View, id: string): RefundWork | null {
  const row = view.get('refunds', id)
  const order = row === undefined ? undefined : view.get('orders', row.orderId)
  if (row === undefined || order === undefined) return null
  const { orderRef, customerRef } = order.order
  const asked = row.refundRequestId === null ? undefined : view.get('refundRequests', row.refundRequestId)
  return { ...row, orderRef, customerRef, askedTxnRef: asked?.txnRef ?? null }
}

/** The attempts of a request, the newest first. */
function attemptsOf(view: View, refundRequestId: string): RefundRow[] {
  return view
    .all('refunds')
    .filter((row) => row.refundRequestId === refundRequestId)
    .toSorted((a, b) => b.attemptNo - a.attemptNo)
}

/** `refunds.get`: a refund by its id, else the newest attempt of a request that was not closed unsent, else the request. */
function factsOf(view: View, accountId: string, id: string): RefundFacts | null {
  const shown = (row: RefundRow): boolean =>
    !(row.origin === 'paydesk' && row.status === 'rejected' && row.firstSentAt === null)
  const own = view.get('refunds', id)
  const refund = own !== undefined && shown(own) ? own : attemptsOf(view, id).find(shown)
  const request = view.get('refundRequests', refund?.refundRequestId ?? id)
  const order = view.get('orders', refund?.orderId ?? request?.orderId ?? '')
  if (order === undefined || order.merchantAccountId !== accountId) return null
  const { order: paid } = order
  const base = {
    orderId: order.id,
    orderRef: paid.orderRef,
    unconfirmedSince: order.unconfirmedSince,
    ...requestFacts(view, request),
  }
  if (refund === undefined)
    return request === undefined
      ? null
      : { ...base, ...unsentFacts(request), ...attemptFacts(order, request.txnRef) }
  const { amountMinor, currency, status, sentToGateway, uniqueRequestId, ref, arn, origin } = refund
  return {
    ...base,
    amountMinor,
    currency,
    sentToGateway,
    uniqueRequestId,
    ref,
    arn,
    origin,
    id: refund.id,
    requestId: request?.id ?? null,
    refundId: refund.id,
    refundStatus: status,
    requestedAt: request?.requestedAt ?? refund.providerCreatedAt ?? refund.createdAt,
    errorMessage: refund.errorMessage,
    sentAt: refund.firstSentAt ?? refund.providerCreatedAt,
    settledAt: refund.settledAt,
    expectedCreditAt: refund.expectedCreditAt,
    settledByPeople: refund.settledByPeople,
    ...attemptFacts(order, refund.txnRef ?? request?.txnRef ?? null),
    ...(refund.gateway !== null && { gateway: refund.gateway }),
    parts: refund.parts,
    held:
      refund.heldWhy === null || (status !== 'ready' && status !== 'unknown')
        ? null
        : { why: refund.heldWhy, until: refund.nextActionAt, batchNo: null },
    changedAt: refund.changedAt,
    ...UNTRIED,
  }
}

/** What nobody does here: reviewing by people, and asking again. */
const UNTRIED = { proof: null, retryOf: null, retriedBy: null } as const

function requestFacts(view: View, request: RefundRequestRecord | undefined) {
  const person = (id: string | null | undefined) => {
    const member = typeof id === 'string' ? view.get('staff', id) : undefined
    return member === undefined ? null : { id: member.id, name: member.name }
  }
  return {
    requestStatus: request?.status ?? null,
    reason: request?.reason ?? null,
    note: request?.note ?? null,
    requestedBy: person(request?.requestedBy),
    decidedBy: person(request?.decidedBy),
    decidedAt: request?.decidedAt ?? null,
    decisionNote: request?.decisionNote ?? null,
    expiresAt: request?.expiresAt ?? null,
  }
}

/** The attempt that money goes back over, its number and its gateway. */
function attemptFacts({ order, transactions }: OrderRow, txnRef: string | null) {
  const all = transactions.toSorted(inTime)
  const found = all.find((attempt) => attempt.txnRef === txnRef)
  const attemptNumber = found === undefined ? null : all.indexOf(found) + 1
  return { txnRef, attemptNumber, gateway: found?.gateway ?? order.gateway }
}

function unsentFacts(request: RefundRequestRecord) {
  const { id, amountMinor, currency, requestedAt } = request
  return {
    id,
    amountMinor,
    currency,
    requestedAt,
    requestId: id,
    refundId: null,
    refundStatus: null,
    sentToGateway: false,
    uniqueRequestId: null,
    ref: null,
    arn: null,
    origin: 'paydesk' as const,
    errorMessage: null,
    sentAt: null,
    settledAt: null,
    expectedCreditAt: null,
    settledByPeople: false,
    parts: [],
    held: null,
    changedAt: request.decidedAt ?? requestedAt,
    ...UNTRIED,
  }
}
