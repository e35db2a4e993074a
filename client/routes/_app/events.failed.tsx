import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { FailedEventsScreen } from '../../features/events/failed-events-screen.tsx'
import { DEFAULT_FAILED_SEARCH, FAILED_VIEWS, REASON_CHOICES } from '../../features/events/failed-view.ts'

const searchSchema = z.object({
  view: z.enum(FAILED_VIEWS).default(DEFAULT_FAILED_SEARCH.view).catch(DEFAULT_FAILED_SEARCH.view),
  reason: z.enum(REASON_CHOICES).default(DEFAULT_FAILED_SEARCH.reason).catch(DEFAULT_FAILED_SEARCH.reason),
})

export const Route = createFileRoute('/_app/events/failed')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_FAILED_SEARCH)] },
  component: Failed,
})

function Failed() {
  return <FailedEventsScreen search={Route.useSearch()} />
}
