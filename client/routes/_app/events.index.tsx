import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { DEFAULT_EVENT_SEARCH } from '../../features/events/event-search.ts'
import { EventsScreen } from '../../features/events/events-screen.tsx'
import { timeRange, typed } from '../../lib/search-params.ts'

const QUERY_CHARS_MAX = 500

const searchSchema = z.object({
  q: typed(QUERY_CHARS_MAX),
  t: timeRange(DEFAULT_EVENT_SEARCH.t),
  peek: z.catch(z._default(z.union([z.guid(), z.literal('')]), ''), ''),
})

export const Route = createFileRoute('/_app/events/')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_EVENT_SEARCH)] },
  component: Events,
})

function Events() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <EventsScreen
      search={search}
      onOpen={(eventId) => void navigate({ to: '/events/$eventId', params: { eventId } })}
      onSearch={(change) =>
        void navigate({
          search: (before) => ({ ...before, ...change }),
          // Going along the rows of the panel is no step to come back to.
          replace: 'peek' in change && search.peek !== '',
        })
      }
    />
  )
}
