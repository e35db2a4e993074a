import { createFileRoute } from '@tanstack/react-router'
import { FailedEventsScreen } from '../../features/events/failed-events-screen.tsx'

export const Route = createFileRoute('/_app/events/failed')({ component: FailedEventsScreen })
