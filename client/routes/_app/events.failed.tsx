import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { FailedEventsScreen } from '../../features/events/failed-events-screen.tsx'
import { DEFAULT_FAILED_SEARCH, FAILED_VIEWS, REASON_CHOICES } from '../../features/events/failed-view.ts'
import { oneOf } from '../../lib/search-params.ts'

const searchSchema = z.object({
  view: oneOf(FAILED_VIEWS, DEFAULT_FAILED_SEARCH.view),
  reason: oneOf(REASON_CHOICES, DEFAULT_FAILED_SEARCH.reason),
})

export const Route = createFileRoute('/_app/events/failed')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_FAILED_SEARCH)] },
  component: Failed,
})

function Failed() {
  return <FailedEventsScreen search={Route.useSearch()} />
}
