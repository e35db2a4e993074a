import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { RefundDialog } from '../../features/refunds/refund-dialog.tsx'
import { useTRPC } from '../../lib/trpc.ts'

export const Route = createFileRoute('/_app/orders/$orderId/refund')({ component: Refund })

/** Over the order's page, with an address of its own. The parent has loaded the order. */
function Refund() {
  const { orderId } = Route.useParams()
  const navigate = Route.useNavigate()
  const trpc = useTRPC()
  const order = useQuery(trpc.orders.get.queryOptions({ orderRefOrId: orderId }))
  if (!order.data) return null
  return (
    <RefundDialog
      key={order.data.id}
      orderId={order.data.id}
      orderRef={order.data.orderRef}
      onClose={() =>
        void navigate({ to: '/orders/$orderId', params: { orderId }, search: (before) => before })
      }
    />
  )
}
