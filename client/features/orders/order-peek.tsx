import { SOURCE_LABELS } from '../../../server/domain/order-columns.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { orderMoney } from '../../../server/domain/money.ts'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useRefundReason } from '../../lib/refund-reason.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { usePollWhileDown } from '../../lib/use-catch-up.ts'
import { useSettled } from '../../lib/use-settled.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { Timeline } from '../../ui/timeline.tsx'
import { OrderChip } from './order-columns.tsx'
import { OrderFigures } from './order-figures.tsx'
import type { OrderDetail, OrderRow } from './order-types.ts'
import css from './order-peek.module.css'

/** Lines of the timeline: enough to say what happened last. */
const LINES = 5
/** A key that is held passes over many orders; only the one it stops at is asked for. */
const REST_MS = 150

type OrderPeekProps = {
  orderRef: string
  /** The row of the list, for what is known at once. */
  row: OrderRow | undefined
  checking: boolean
  onCheck: (order: { id: string; orderRef: string }) => void
  onClose: () => void
}

/** The order beside the list: header, what happened last, facts, and the two acts (design §4.3). */
export function OrderPeek({ orderRef, row, checking, onCheck, onClose }: OrderPeekProps) {
  const { link: Link } = useKit()
  const trpc = useTRPC()
  const client = useQueryClient()
  const rested = useSettled(orderRef, REST_MS)
  const order = useQuery(
    trpc.orders.get.queryOptions({ orderRefOrId: rested }, { enabled: rested === orderRef }),
  )
  // The list under the panel renews its own rows.
  usePollWhileDown(() => {
    void client.invalidateQueries({ queryKey: trpc.orders.get.pathKey() })
    void client.invalidateQueries({ queryKey: trpc.orders.timeline.pathKey() })
  })
  const detail = order.data?.orderRef === orderRef ? order.data : undefined
  const state = gridState(order, 'this order')
  const known = detail ?? row
  return (
    <aside className={css['panel']} aria-label={`Order ${orderRef}, in short`}>
      <div className={css['head']}>
        <h2 className={css['title']}>
          <IdCell value={orderRef} what="order ID" />
        </h2>
        <Link to={orderPath(orderRef)} className={css['open']}>
          Open order
        </Link>
        <ActionButton
          tone="quiet"
          iconOnly
          label="Close the side panel"
          icon={<IconX size={16} stroke={1.75} aria-hidden />}
          onPress={onClose}
        >
          Close
        </ActionButton>
      </div>
      {known ? (
        <>
          <p className={css['amount']}>
            <span className="figure">
              <Money value={orderMoney(known)} />
            </span>
            <OrderChip order={known} variant="header" />
          </p>
          <PeekActs order={known} detail={detail} checking={checking} onCheck={onCheck} />
        </>
      ) : null}
      {detail ? (
        <PeekBody order={detail} />
      ) : state.kind === 'error' ? (
        <ErrorState problem={state.problem} onRetry={state.onRetry} />
      ) : (
        <LoadingRows label="Loading the order" />
      )}
    </aside>
  )
}

type PeekActsProps = Pick<OrderPeekProps, 'checking' | 'onCheck'> & {
  order: OrderRow
  detail: OrderDetail | undefined
}

function PeekActs({ order, detail, checking, onCheck }: PeekActsProps) {
  const navigate = useNavigate()
  const refundReason = useRefundReason()
  const canSync = useCan('order:sync')
  return (
    <div className={css['acts']}>
      <ActionButton
        tone="primary"
        label={`Refund order ${order.orderRef}`}
        disabledReason={refundReason(detail ?? order) ?? (detail ? null : 'Loading the order.')}
        note={detail?.refundNote}
        onPress={() => void navigate({ to: '/orders/$orderId/refund', params: { orderId: order.orderRef } })}
      >
        Refund
      </ActionButton>
      <ActionButton busy={checking} disabledReason={canSync.reason} onPress={() => onCheck(order)}>
        Check status
      </ActionButton>
    </div>
  )
}

function PeekBody({ order }: { order: OrderDetail }) {
  const trpc = useTRPC()
  const timeline = useQuery(trpc.orders.timeline.queryOptions({ orderId: order.id }))
  return (
    <>
      <div className={css['figures']}>
        <OrderFigures order={order} />
      </div>
      <h3 className="section-heading">What happened last</h3>
      {timeline.data ? (
        <Timeline
          label={`Last lines of the timeline of ${order.orderRef}`}
          items={timeline.data.entries.slice(0, LINES).map((entry) => ({
            id: entry.id,
            at: entry.at,
            status: entry.tone,
            title: entry.title,
            detail: entry.detail,
            source: entry.actorName ?? SOURCE_LABELS[entry.source],
          }))}
        />
      ) : (
        <LoadingRows label="Loading the timeline" rows={LINES} />
      )}
      <h3 className="section-heading">Facts</h3>
      <FactList
        facts={[
          { label: 'Created', value: <DateTime at={order.createdAt} format="full" /> },
          { label: 'Method', value: order.methodType === null ? null : order.methodLabel },
          { label: 'Gateway', value: order.gateway === null ? null : gatewayLabel(order.gateway) },
          {
            label: 'Gateway ID',
            value: order.gatewayRef && <IdCell value={order.gatewayRef} what="gateway ID" />,
          },
          { label: 'UTR or RRN', value: order.rrn && <IdCell value={order.rrn} what="bank reference" /> },
          { label: 'Error', value: order.errorMessage },
          { label: 'Customer', value: order.customer.name },
          { label: 'Email', value: order.customer.emailMasked },
          { label: 'Phone', value: order.customer.phoneMasked },
          { label: 'Description', value: order.description },
        ]}
      />
    </>
  )
}
