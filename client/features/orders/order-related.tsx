import { useQuery } from '@tanstack/react-query'
import { orderMoney } from '../../../server/domain/money.ts'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import css from './order.module.css'

const MATCHED = {
  customer: 'same customer ID',
  email: 'same e-mail address',
  phone: 'same phone number',
} as const

/** Other orders of the customer, newest first; those within a day may be the same purchase paid twice. */
export function OrderRelated({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const related = useQuery(trpc.orders.related.queryOptions({ orderId }))
  const state = gridState(related, 'other orders of the customer')
  const near = related.data?.rows.filter((row) => row.near).length ?? 0
  return (
    <Section title="Related">
      {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
      {related.data ? (
        <>
          <p className="muted">
            {countText(related.data.rows.length, related.data.more)}
            {near > 0 ? `, ${near} within a day: look for a second payment` : ''}.
          </p>
          <ul className={css['related']} aria-label="Other orders of the customer">
            {related.data.rows.map((row) => (
              <li key={row.id}>
                <Link to={orderPath(row.orderRef)} title={`Found by ${MATCHED[row.matchedBy]}`}>
                  {row.orderRef}
                </Link>
                <Money value={orderMoney(row)} />
                <StatusChip status={row.displayStatus} />
                <span className="caption">
                  <DateTime at={row.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : state.kind === 'error' ? null : (
        <LoadingRows rows={2} label="Loading other orders of the customer" />
      )}
    </Section>
  )
}

function countText(count: number, more: boolean): string {
  if (count === 0) return 'No other orders of this customer'
  return `${more ? `${count} or more` : count} other ${count === 1 ? 'order' : 'orders'} by this customer`
}
