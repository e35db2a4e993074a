import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { NO_FILTER } from '../../features/events/event-filter.ts'
import { EventsScreen } from '../../features/events/events-screen.tsx'

const FILTER_CHARS_MAX = 200

const text = z.coerce.string().max(FILTER_CHARS_MAX).default('').catch('')

export const Route = createFileRoute('/_app/events/')({
  validateSearch: z.object({ q: text, event: text, outcome: text }),
  search: { middlewares: [stripSearchParams(NO_FILTER)] },
  component: Events,
})

function Events() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return <EventsScreen search={search} onSearch={(next) => void navigate({ search: next })} />
}
