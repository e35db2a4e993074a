import { createFileRoute } from '@tanstack/react-router'
import { BulkUploadScreen } from '../../features/bulk-refunds/bulk-upload-screen.tsx'

export const Route = createFileRoute('/_app/refunds_/bulk/new')({ component: NewBulk })

function NewBulk() {
  const navigate = Route.useNavigate()
  return (
    <BulkUploadScreen
      onMade={(batchId) => void navigate({ to: '/refunds/bulk/$batchId', params: { batchId } })}
    />
  )
}
