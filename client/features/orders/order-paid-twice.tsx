import { useQuery } from '@tanstack/react-query'
import type { DisplayStatus } from '../../../server/domain/payment-status.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import type { OrderDetail } from './order-types.ts'
import css from './order.module.css'

/** Money of the customer is held. One that was paid back in full is no second payment. */
const PAID: ReadonlySet<DisplayStatus> = new Set(['charged', 'partial', 'disputed'])

type PaidTwiceProps = { order: Pick<OrderDetail, 'id' | 'amountMinor' | 'currency' | 'displayStatus'> }

/** That the customer paid the same amount with another order within a day: what they call about (journey S2). */
export function PaidTwice({ order }: PaidTwiceProps) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  // The list beside the timeline asks for the same; without an answer it is the one that says so.
  const related = useQuery(trpc.orders.related.queryOptions({ orderId: order.id }))
  const same = related.data?.rows.filter(
    (row) =>
      row.near &&
      PAID.has(row.displayStatus) &&
      row.amountMinor === order.amountMinor &&
      row.currency === order.currency,
  )
  // Of an order whose money went back there is nothing left to find.
  if (!same?.length || order.displayStatus === 'refunded') return null
  return (
    <div className={css['result']}>
      <Notice tone={PAID.has(order.displayStatus) ? 'pending' : 'info'}>
        {PAID.has(order.displayStatus) ? 'Perhaps paid twice: ' : 'Perhaps paid with another order: '}
        the same customer paid the same amount within 24 hours with{' '}
        {same.map((row, i) => (
          <span key={row.id}>
            {i === 0 ? '' : ', '}
            <Link to={orderPath(row.orderRef)}>{row.orderRef}</Link>
          </span>
        ))}
        .
      </Notice>
    </div>
  )
}
