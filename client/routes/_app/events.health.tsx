import { createFileRoute } from '@tanstack/react-router'
import { EventHealthScreen } from '../../features/event-health/event-health-screen.tsx'

export const Route = createFileRoute('/_app/events/health')({ component: EventHealthScreen })
