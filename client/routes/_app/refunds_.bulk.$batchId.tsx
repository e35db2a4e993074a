import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { BulkBatchScreen } from '../../features/bulk-refunds/bulk-batch-screen.tsx'
import { BULK_VIEWS } from '../../features/bulk-refunds/bulk-views.ts'
import { oneOf } from '../../lib/search-params.ts'
import { useLeave } from '../../lib/use-leave.ts'

const DEFAULTS = { view: 'auto' } as const

const searchSchema = z.object({ view: oneOf(BULK_VIEWS, DEFAULTS.view) })

export const Route = createFileRoute('/_app/refunds_/bulk/$batchId')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Batch,
})

const LIST = { label: 'Bulk refunds', to: '/refunds/bulk' }

function Batch() {
  const { batchId } = Route.useParams()
  const { view } = Route.useSearch()
  const navigate = Route.useNavigate()
  useLeave(LIST)
  return (
    <BulkBatchScreen
      key={batchId}
      batchId={batchId}
      view={view}
      onMade={(made) => void navigate({ to: '/refunds/bulk/$batchId', params: { batchId: made } })}
    />
  )
}
