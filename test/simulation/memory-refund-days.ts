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

/** What is sent for the first time counts on that day; false when its totals have to be waited for. */
export function lockDayOfSending(view: View, refund: RefundRow, at: Date): boolean {
  if (refund.firstSentAt !== null || refund.refundRequestId === null) return true
  const request = view.get('refundRequests', refund.refundRequestId)
  return request === undefined || lockDayOf(view, request.requestedBy, at)
}

function totalsOf(view: View, { personId, day }: Key) {
  // Whose row it is comes along with each, as it does from PostgreSQL.
  const person = { person: personId, askedMinor: 0n, sentMinor: 0n }
  const account = { person: ACCOUNT, askedMinor: 0n, sentMinor: 0n }
  const requests = new Map(view.all('refundRequests').map((row) => [row.id, row]))
  for (const { status, requestedAt, requestedBy, amountMinor } of requests.values()) {
    if (status !== 'pending_approval' && status !== 'approved') continue
    if (dayInIndia(requestedAt) !== day) continue
    account.askedMinor += amountMinor
    if (requestedBy === personId) person.askedMinor += amountMinor
  }
  for (const { origin, firstSentAt, refundRequestId, amountMinor } of view.all('refunds')) {
    if (origin !== 'paydesk' || firstSentAt === null || dayInIndia(firstSentAt) !== day) continue
    account.sentMinor += amountMinor
    if (requests.get(refundRequestId ?? '')?.requestedBy === personId) person.sentMinor += amountMinor
  }
  return { person, account }
}
