import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { EventScreen } from '../../features/events/event-screen.tsx'
import { DEFAULT_EVENT_TAB, EVENT_TABS } from '../../features/events/event-tabs.ts'
import { oneOf } from '../../lib/search-params.ts'
import { useLeave } from '../../lib/use-leave.ts'

const DEFAULTS = { tab: DEFAULT_EVENT_TAB }

const searchSchema = z.object({ tab: oneOf(EVENT_TABS, DEFAULTS.tab) })

export const Route = createFileRoute('/_app/events/$eventId')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Event,
})

const LIST = { label: 'Live events', to: '/events' }

function Event() {
  const { eventId } = Route.useParams()
  const { tab } = Route.useSearch()
  const navigate = Route.useNavigate()
  useLeave(LIST)
  return (
    <EventScreen
      key={eventId}
      eventId={eventId}
      tab={tab}
      onOpen={(other) => void navigate({ params: { eventId: other }, search: { tab } })}
      onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
    />
  )
}
