import { lockState, lockTitle } from '../../../server/domain/batch-lock.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { bulkPath } from '../../lib/batch-progress.ts'
import { useKit } from '../../ui/kit-context.ts'
import { useNow } from '../../ui/date-time.tsx'
import { Notice } from '../../ui/states.tsx'
import { formatTime } from '../../ui/time-format.ts'
import type { OrderDetail } from './order-types.ts'
import css from './order.module.css'

const DAY_MS = 86_400_000
const TICK_MS = 60_000

/**
 * What whoever opens the order has to know before anything else: an open dispute, a batch that holds something of it, or
 * that only status checks tell of it.
 */
export function OrderAlerts({ order }: { order: OrderDetail }) {
  const { timeZone, link: Link } = useKit()
  const now = useNow(TICK_MS)
  const open = order.disputes.filter((dispute) => dispute.open)
  return (
    <>
      {open.map((dispute) => (
        <div key={dispute.id} className={css['result']}>
          <Notice tone="review" title={disputeTitle(dispute)}>
            {dispute.dueAt === null
              ? 'Juspay names no deadline; look for it in its portal. '
              : `Respond by ${formatTime(dispute.dueAt, 'full', timeZone)}, ${leftText(dispute.dueAt, now)}. `}
            Send the bank evidence of the sale, and do not refund: the customer could be paid twice.
            {dispute.reason === null ? null : ` The bank says: ${dispute.reason}.`}
          </Notice>
        </div>
      ))}
      {order.locks.map((lock) => (
        <div key={lock.batchId} className={css['result']}>
          <Notice tone="info" title={lockTitle(lock)}>
            {lockState(lock)} The refund has not been sent, and is decided, sent or given back with the batch.
            {order.refundBlock === null ? ' What is left of the order can be refunded as usual.' : null}{' '}
            <Link to={bulkPath(lock.batchId)}>Open the batch</Link>
          </Notice>
        </div>
      ))}
      {order.noWebhook && order.lastCheckedAt !== null ? (
        <div className={css['result']}>
          <Notice tone="info">
            Juspay has this order, we have no webhook yet. Showing the status check of{' '}
            {formatTime(order.lastCheckedAt, 'full', timeZone)}.
          </Notice>
        </div>
      ) : null}
    </>
  )
}

function disputeTitle({ amountMinor, currency }: OrderDetail['disputes'][number]): string {
  return amountMinor === null
    ? 'The customer’s bank disputes this payment.'
    : `The customer’s bank disputes ${formatMoney({ minor: amountMinor, currency })} of this payment.`
}

function leftText(dueAt: Date, now: Date): string {
  const days = Math.ceil((dueAt.getTime() - now.getTime()) / DAY_MS)
  if (days <= 0) return 'which has passed'
  return days === 1 ? '1 day left' : `${days} days left`
}
