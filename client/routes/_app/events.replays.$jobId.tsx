import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { ReplayScreen } from '../../features/replays/replay-screen.tsx'
import { ITEMS_VIEWS } from '../../features/replays/replay-views.ts'
import { oneOf } from '../../lib/search-params.ts'

const DEFAULTS = { view: 'all' } as const

const searchSchema = z.object({ view: oneOf(ITEMS_VIEWS, DEFAULTS.view) })

export const Route = createFileRoute('/_app/events/replays/$jobId')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Replay,
})

function Replay() {
  const { jobId } = Route.useParams()
  const { view } = Route.useSearch()
  return <ReplayScreen key={jobId} jobId={jobId} view={view} />
}
