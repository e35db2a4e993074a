/**
 * Totals of days in memory, summed where the real ones are kept by triggers. Their rows are not locked: no policy of the
 * simulation has a limit of a day.
 */
import { dayInIndia } from '../../server/domain/refund-limit.ts'
import type { RefundDay } from '../../server/store/refund-days.ts'
import type { StoreTx } from '../../server/store/store.ts'
import type { Session, View } from './memory-connection.ts'

type Days = StoreTx['refundDays']

export function memoryRefundDays(session: Session): Pick<Days, 'totals' | 'lock'> {
  return {
    totals: (key) => session.statement('refundDays.totals', (view) => sums(view, key)),
    lock: (key) => session.statement('refundDays.lock', (view) => sums(view, key)),
  }
}

function sums(view: View, { personId, day }: { personId: string; day: string }): RefundDay {
  const requests = view.all('refundRequests')
  const askers = new Map(requests.map(({ id, requestedBy }) => [id, requestedBy]))
  const asked = requests.filter(
    ({ status, requestedAt }) =>
      (status === 'pending_approval' || status === 'approved') && dayInIndia(requestedAt) === day,
  )
  const sent = view
    .all('refunds')
    .filter(({ firstSentAt }) => firstSentAt !== null && dayInIndia(firstSentAt) === day)
  const sum = (rows: readonly { amountMinor: bigint }[]): bigint =>
    rows.reduce((total, { amountMinor }) => total + amountMinor, 0n)
  const ofPerson = (id: string | null): boolean => id !== null && askers.get(id) === personId
  return {
    person: {
      askedMinor: sum(asked.filter(({ requestedBy }) => requestedBy === personId)),
      sentMinor: sum(sent.filter(({ refundRequestId }) => ofPerson(refundRequestId))),
    },
    account: { askedMinor: sum(asked), sentMinor: sum(sent) },
  }
}
