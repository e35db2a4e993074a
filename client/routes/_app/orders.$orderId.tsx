import { createFileRoute, Outlet, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { OrderScreen } from '../../features/orders/order-screen.tsx'
import { ORDER_TABS } from '../../features/orders/order-tabs.ts'
import { maybe, oneOf } from '../../lib/search-params.ts'

const DEFAULTS = { tab: 'timeline' } as const

const searchSchema = z.object({
  tab: oneOf(ORDER_TABS, DEFAULTS.tab),
  /** The message that the Raw tab opens with. */
  message: maybe(z.string().check(z.maxLength(80))),
})

export const Route = createFileRoute('/_app/orders/$orderId')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Order,
})

function Order() {
  const { orderId } = Route.useParams()
  const { tab, message } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <OrderScreen
      key={orderId}
      orderRefOrId={orderId}
      tab={tab}
      message={message}
      onTab={(next) => void navigate({ search: { tab: next } })}
      onRefund={() => void navigate({ to: '/orders/$orderId/refund', params: { orderId }, search: { tab } })}
    >
      <Outlet />
    </OrderScreen>
  )
}
