import { createFileRoute } from '@tanstack/react-router'
import { BulkListScreen } from '../../features/bulk-refunds/bulk-list-screen.tsx'

export const Route = createFileRoute('/_app/refunds_/bulk/')({ component: BulkList })

function BulkList() {
  const navigate = Route.useNavigate()
  return (
    <BulkListScreen
      onOpen={(batchId) => void navigate({ to: '/refunds/bulk/$batchId', params: { batchId } })}
      onNew={() => void navigate({ to: '/refunds/bulk/new' })}
    />
  )
}
