import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { ReplayScreen } from '../../features/replays/replay-screen.tsx'
import { ITEMS_VIEWS } from '../../features/replays/replay-views.ts'

const DEFAULTS = { view: 'all' } as const

const searchSchema = z.object({ view: z.enum(ITEMS_VIEWS).default(DEFAULTS.view).catch(DEFAULTS.view) })

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
