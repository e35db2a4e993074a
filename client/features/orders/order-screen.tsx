import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { codeOf, toProblem } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useLeave } from '../../lib/use-leave.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Page, PageScroll, SplitPage } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { OrderAttempts } from './order-attempts.tsx'
import { OrderEvents } from './order-events.tsx'
import { OrderExplain } from './order-explain.tsx'
import { OrderAlerts } from './order-alerts.tsx'
import { OrderFacts } from './order-facts.tsx'
import { OrderKeys } from './order-keys.tsx'
import { OrderMissing } from './order-missing.tsx'
import { OrderFigures } from './order-figures.tsx'
import { OrderHeader } from './order-header.tsx'
import { PaidTwice } from './order-paid-twice.tsx'
import { OrderRaw } from './order-raw.tsx'
import { OrderRefunds } from './order-refunds.tsx'
import { ORDER_TAB_LABELS, ORDER_TABS, type OrderTab } from './order-tabs.ts'
import { OrderTimeline } from './order-timeline.tsx'
import type { OrderDetail } from './order-types.ts'
import { useOrderLive } from './use-order-live.ts'

const LIST = { label: 'Transactions', to: '/transactions' }
const CRUMBS = [LIST]
/** A batch that goes on speaks of itself all the time. */
const LOCK_RENEW_MS = 5_000

export type OrderScreenProps = {
  /** The merchant's reference or our id, as it stands in the address. */
  orderRefOrId: string
  tab: OrderTab
  /** The message that the Raw tab opens with: `event:<id>`, `check:<id>` or `record`. */
  message?: string | undefined
  onTab: (tab: OrderTab) => void
  onRefund: (order: OrderDetail) => void
  /** The refund dialog, when the address asks for it. */
  children?: ReactNode
}

/** One order: what happened to this payment, and what can be done about it. */
export function OrderScreen(props: OrderScreenProps) {
  const { orderRefOrId } = props
  const trpc = useTRPC()
  const order = useQuery(trpc.orders.get.queryOptions({ orderRefOrId }))
  useLeave(LIST)
  if (order.data) {
    return (
      <>
        <LoadedOrder {...props} order={order.data} asOf={new Date(order.dataUpdatedAt)} />
        {props.children}
      </>
    )
  }
  return (
    <Page title={orderRefOrId} titleIsId crumbs={CRUMBS}>
      <PageScroll>
        {order.error === null ? (
          <LoadingRows rows={8} label="Loading the order" />
        ) : codeOf(order.error) === 'NOT_FOUND' ? (
          <OrderMissing orderRef={orderRefOrId} />
        ) : (
          <ErrorState problem={toProblem(order.error, 'this order')} onRetry={() => void order.refetch()} />
        )}
      </PageScroll>
    </Page>
  )
}

type LoadedOrderProps = OrderScreenProps & { order: OrderDetail; asOf: Date }

function LoadedOrder({ order, asOf, tab, message, onTab, onRefund }: LoadedOrderProps) {
  const trpc = useTRPC()
  useOrderLive(order.id)
  // That its batch was paused, or goes on, is no change of the order.
  useRenewOn(order.locks.length > 0 ? 'bulk_batch' : [], trpc.orders.get.pathKey(), LOCK_RENEW_MS)
  return (
    <Page
      title={order.orderRef}
      titleIsId
      crumbs={CRUMBS}
      titleExtra={<CopyButton text={order.orderRef} what="order ID" />}
    >
      <OrderKeys orderRef={order.orderRef} tab={tab} onTab={onTab} />
      <OrderHeader order={order} asOf={asOf} onRefund={() => onRefund(order)} />
      <OrderAlerts order={order} />
      <PaidTwice order={order} />
      <OrderFigures order={order} />
      <OrderExplain order={order} />
      <TabsBar
        label="Parts of the order"
        active={tab}
        tabs={ORDER_TABS.map((id) => ({
          id,
          label: ORDER_TAB_LABELS[id],
          to: `${orderPath(order.orderRef)}${id === 'timeline' ? '' : `?tab=${id}`}`,
          ...(id === 'attempts' && { count: order.attemptCount }),
          ...(id === 'refunds' && { count: order.refundCount }),
        }))}
      />
      <SplitPage asideLabel="Facts about the order" aside={<OrderFacts order={order} />}>
        <TabContent tab={tab} order={order} message={message} />
      </SplitPage>
    </Page>
  )
}

function TabContent({
  tab,
  order,
  message,
}: {
  tab: OrderTab
  order: OrderDetail
  message: string | undefined
}) {
  switch (tab) {
    case 'timeline':
      return <OrderTimeline order={order} />
    case 'attempts':
      return <OrderAttempts orderId={order.id} />
    case 'refunds':
      return <OrderRefunds order={order} />
    case 'events':
      return <OrderEvents orderId={order.id} />
    case 'raw':
      return <OrderRaw order={order} message={message} />
  }
}
