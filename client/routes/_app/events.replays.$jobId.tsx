import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { ReplayScreen } from '../../features/replays/replay-screen.tsx'
import { ITEMS_VIEWS } from '../../features/replays/replay-views.ts'
import { oneOf } from '../../lib/search-params.ts'
import { useLeave } from '../../lib/use-leave.ts'

const DEFAULTS = { view: 'all' } as const

const searchSchema = z.object({ view: oneOf(ITEMS_VIEWS, DEFAULTS.view) })

export const Route = createFileRoute('/_app/events/replays/$jobId')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Replay,
})

const LIST = { label: 'Replays', to: '/events/replays' }

function Replay() {
  const { jobId } = Route.useParams()
  const { view } = Route.useSearch()
  useLeave(LIST)
  return <ReplayScreen key={jobId} jobId={jobId} view={view} />
}
