import { createFileRoute } from '@tanstack/react-router'
import { RefundScreen } from '../../features/refunds/refund-screen.tsx'
import { useLeave } from '../../lib/use-leave.ts'

/** The underscore keeps the page out of the list's route: it replaces the list instead of standing inside it. */
export const Route = createFileRoute('/_app/refunds_/$refundId')({ component: Refund })

const LIST = { label: 'Refunds', to: '/refunds' }

function Refund() {
  const { refundId } = Route.useParams()
  const navigate = Route.useNavigate()
  useLeave(LIST)
  return <RefundScreen key={refundId} id={refundId} onGo={(path) => void navigate({ href: path })} />
}
