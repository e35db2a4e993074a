import { DISCREPANCY_ADVICE, DISCREPANCY_LABELS } from '../../../server/domain/discrepancy.ts'
import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { idFact } from './fact-cells.tsx'
import { OrderCustomer } from './order-customer.tsx'
import { OrderNotes } from './order-notes.tsx'
import { OrderRelated } from './order-related.tsx'
import { OrderTags } from './order-tags.tsx'
import type { OrderDetail } from './order-types.ts'
import { fieldWords, gatewayText } from './order-words.ts'
import css from './order.module.css'

/** The facts beside the timeline. Empty ones are left out. */
export function OrderFacts({ order }: { order: OrderDetail }) {
  const { link: Link } = useKit()
  return (
    <>
      <Section title="Payment">
        <FactList
          facts={[
            { label: 'Order', value: idFact(order.orderRef, 'order ID') },
            { label: 'Juspay ID', value: idFact(order.providerOrderRef, 'Juspay ID') },
            { label: 'Juspay status', value: <span className="mono">{order.providerStatus}</span> },
            { label: 'Gateway ID', value: idFact(order.gatewayRef, 'gateway ID') },
            { label: 'RRN', value: idFact(order.rrn, 'RRN') },
            { label: 'Created', value: <DateTime at={order.createdAt} format="full" /> },
            { label: 'Charged', value: order.chargedAt && <DateTime at={order.chargedAt} format="full" /> },
            { label: 'Method', value: order.methodLabel },
            { label: 'Gateway', value: gatewayText(order) },
            { label: 'Description', value: order.description },
            {
              label: 'Last asked',
              value: order.lastCheckedAt && <DateTime at={order.lastCheckedAt} format="full" />,
            },
            {
              label: 'Next check',
              value: order.nextCheckAt && <DateTime at={order.nextCheckAt} format="full" />,
            },
            ...Object.entries(order.udf).map(([name, value]) => ({ label: name.toUpperCase(), value })),
          ]}
        />
      </Section>
      {/* Another order must not inherit what was revealed. */}
      <OrderCustomer key={order.id} order={order} />
      <Section title="Discrepancies">
        {order.discrepancies.length === 0 ? (
          <p className="muted">None.</p>
        ) : (
          order.discrepancies.map((finding) => (
            <div key={finding.id} className={css['finding']}>
              <p>{DISCREPANCY_LABELS[finding.kind] ?? fieldWords(finding.kind)}</p>
              <p className="muted">{finding.detail}</p>
              <p>{DISCREPANCY_ADVICE[finding.kind]}</p>
              <p className="caption">
                Found <TimeAgo at={finding.foundAt} />.{' '}
                <Link to="/reconciliation">Open in Reconciliation</Link>
              </p>
            </div>
          ))
        )}
      </Section>
      <OrderTags key={`tags ${order.id}`} orderId={order.id} />
      <OrderNotes key={`notes ${order.id}`} orderId={order.id} />
      <OrderRelated orderId={order.id} />
    </>
  )
}
