/**
 * The totals of days in memory. PostgreSQL keeps them in rows that triggers change; here they are added up, and only
 * their locks are kept. Semantics of `server/store/refund-days.ts`.
 */
import { dayInIndia } from '../../server/domain/refund-limit.ts'
import type { StoreTx } from '../../server/store/store.ts'
import type { Session, View } from './memory-connection.ts'
import type { RefundRow } from './memory-database.ts'
import { WAIT } from './scheduler.ts'

/** The person of the account's own row. */
const ACCOUNT = '00000000-0000-0000-0000-000000000000'

type Key = { personId: string; day: string }

export function memoryRefundDays(session: Session): Pick<StoreTx['refundDays'], 'totals' | 'lock'> {
  return {
    totals: (key) => session.statement('refundDays.totals', (view) => totalsOf(view, key)),
    lock: (key) =>
      session.statement('refundDays.lock', (view) => (lockDay(view, key) ? totalsOf(view, key) : WAIT)),
  }
}

/** Locks the totals of a day, the account's first; false when somebody holds one. What changes a total takes it too. */
export function lockDay(view: View, { personId, day }: Key): boolean {
  return view.lock('days', day) && view.lock('days', `${day} ${personId}`)
}

/** As {@link lockDay}, for what happened at an instant. */
export function lockDayOf(view: View, personId: string, at: Date): boolean {
  return lockDay(view, { personId, day: dayInIndia(at) })
}

/**
 * What is sent for the first time counts on that day, and what comes to nothing no longer counts on it nor on the day it
 * was asked for; false when totals have to be waited for.
 */
export function lockDaysOfChange(
  view: View,
  refund: RefundRow,
  next: Pick<RefundRow, 'status' | 'firstSentAt'>,
): boolean {
  const request =
    refund.refundRequestId === null ? undefined : view.get('refundRequests', refund.refundRequestId)
  if (request === undefined) return true
  const ends = isOver(refund) !== isOver(next)
  const days = [
    ...(ends ? [request.requestedAt] : []),
    ...(next.firstSentAt !== null && (ends || refund.firstSentAt === null) ? [next.firstSentAt] : []),
  ].toSorted((a, b) => a.getTime() - b.getTime())
  return days.every((at) => lockDayOf(view, request.requestedBy, at))
}

const isOver = ({ status }: Pick<RefundRow, 'status'>): boolean =>
  status === 'failed' || status === 'rejected'

function totalsOf(view: View, { personId, day }: Key) {
  // Whose row it is comes along with each, as it does from PostgreSQL.
  const person = { person: personId, askedMinor: 0n, sentMinor: 0n }
  const account = { person: ACCOUNT, askedMinor: 0n, sentMinor: 0n }
  const requests = new Map(view.all('refundRequests').map((row) => [row.id, row]))
  const living = new Set<string>()
  const tried = new Set<string>()
  for (const refund of view.all('refunds')) {
    if (refund.refundRequestId === null) continue
    tried.add(refund.refundRequestId)
    if (!isOver(refund)) living.add(refund.refundRequestId)
  }
  for (const { id, status, requestedAt, requestedBy, amountMinor } of requests.values()) {
    if (status !== 'pending_approval' && status !== 'approved') continue
    if (status === 'approved' && tried.has(id) && !living.has(id)) continue
    if (dayInIndia(requestedAt) !== day) continue
    account.askedMinor += amountMinor
    if (requestedBy === personId) person.askedMinor += amountMinor
  }
  for (const refund of view.all('refunds')) {
    const { origin, firstSentAt, refundRequestId, amountMinor } = refund
    if (isOver(refund)) continue
    if (origin !== 'paydesk' || firstSentAt === null || dayInIndia(firstSentAt) !== day) continue
    account.sentMinor += amountMinor
    if (requests.get(refundRequestId ?? '')?.requestedBy === personId) person.sentMinor += amountMinor
  }
  return { person, account }
}
