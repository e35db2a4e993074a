/** Refund requests in memory. Semantics of `server/store/refund-requests.ts`. */
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import type { StoreTx } from '../../server/store/store.ts'
import type { Session, View } from './memory-connection.ts'
import { ConstraintViolated } from './memory-database.ts'
import { lockDayOf } from './memory-refund-days.ts'
import { WAIT } from './scheduler.ts'

type Requests = StoreTx['refundRequests']
type Used =
  | 'insert'
  | 'byClientKey'
  | 'byId'
  | 'close'
  | 'returnToApproval'
  | 'expired'
  | 'newestSince'
  | 'undecidedCount'
  | 'withoutApprovalMinor'

export function memoryRefundRequests(session: Session): Pick<Requests, Used> {
  return {
    ...reads(session),

    insert: (request) =>
      session.statement('refundRequests.insert', (view) => {
        if (!lockDayOf(view, request.requestedBy, request.requestedAt)) return WAIT
        const row = { ...request, decidedBy: null, decidedAt: null, decisionNote: null, batchId: null }
        const clashing = view.insert('refundRequests', row)
        if (clashing === WAIT) return WAIT
        if (clashing !== null && clashing !== 'refund_request_client_key')
          throw new ConstraintViolated(`duplicate key: ${clashing}`)
        return clashing === null
      }),

    close: (input) =>
      move(session, 'refundRequests.close', input, 'pending_approval', () => ({
        status: input.status,
        decidedBy: input.decidedBy,
        decidedAt: input.decidedAt,
        decisionNote: input.note,
        expiresAt: input.expiresAt,
      })),

    returnToApproval: (input) =>
      move(session, 'refundRequests.returnToApproval', input, 'approved', () => ({
        status: 'pending_approval',
        needsApproval: true,
        policyReason: input.why,
        expiresAt: input.expiresAt,
        decidedBy: null,
        decidedAt: null,
        decisionNote: null,
      })),
  }
}

/** A compare-and-set of the status; whether it took place. */
function move(
  session: Session,
  label: string,
  { accountId, id }: { accountId: string; id: string },
  from: RefundRequestRecord['status'],
  change: () => Partial<RefundRequestRecord>,
): Promise<boolean> {
  return session.statement(label, (view) => {
    const found = view.get('refundRequests', id)
    if (found === undefined || found.merchantAccountId !== accountId) return false
    if (!view.lock('refundRequests', id)) return WAIT
    if (found.status !== from) return false
    // One that came to nothing counts no more (trigger).
    const { status } = change()
    const counts = status === 'approved' || status === 'pending_approval'
    if (!counts && !lockDayOf(view, found.requestedBy, found.requestedAt)) return WAIT
    view.put('refundRequests', { ...found, ...change() })
    return true
  })
}

function reads(
  session: Session,
): Pick<
  Requests,
  'byClientKey' | 'byId' | 'expired' | 'newestSince' | 'undecidedCount' | 'withoutApprovalMinor'
> {
  return {
    byClientKey: (accountId, clientKey) =>
      session.statement(
        'refundRequests.byClientKey',
        (view) =>
          view
            .all('refundRequests')
            .find((row) => row.merchantAccountId === accountId && row.clientKey === clientKey) ?? null,
      ),

    byId: (accountId, id) =>
      session.statement('refundRequests.byId', (view) => {
        const found = view.get('refundRequests', id)
        return found?.merchantAccountId === accountId ? found : null
      }),

    expired: (now, limit) =>
      session.statement('refundRequests.expired', (view) =>
        view
          .all('refundRequests')
          .filter(({ status, expiresAt }) => status === 'pending_approval' && expiresAt <= now)
          .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
          .slice(0, limit),
      ),

    newestSince: (orderId, amountMinor, since) =>
      session.statement('refundRequests.newestSince', (view) => {
        const [newest] = standing(view, orderId)
          .filter((row) => amountMinor === null || row.amountMinor === amountMinor)
          .filter((row) => row.requestedAt > since)
          .toSorted((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime())
        if (newest === undefined) return null
        const by = view.get('staff', newest.requestedBy)?.name ?? ''
        return { amountMinor: newest.amountMinor, at: newest.requestedAt, by }
      }),

    undecidedCount: ({ userId, since, overMinor, upToMinor }) =>
      session.statement(
        'refundRequests.undecidedCount',
        (view) =>
          view
            .all('refundRequests')
            .filter(({ requestedBy, requestedAt }) => requestedBy === userId && requestedAt >= since)
            .filter(
              ({ needsApproval, amountMinor }) =>
                !needsApproval && amountMinor > overMinor && amountMinor <= upToMinor,
            ).length,
      ),

    withoutApprovalMinor: (orderId) =>
      session.statement('refundRequests.withoutApprovalMinor', (view) =>
        standing(view, orderId)
          .filter(({ needsApproval, status }) => !needsApproval && status === 'approved')
          .reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      ),
  }
}

/** Requests that wait or were approved, without those of which an attempt came to nothing. */
function standing(view: View, orderId: string): RefundRequestRecord[] {
  const nothing = new Set(
    view
      .all('refunds')
      .filter(({ status }) => status === 'failed' || status === 'rejected')
      .map(({ refundRequestId }) => refundRequestId),
  )
  return view
    .all('refundRequests')
    .filter((row) => row.orderId === orderId && !nothing.has(row.id))
    .filter(({ status }) => status === 'pending_approval' || status === 'approved')
}
