import { createFileRoute } from '@tanstack/react-router'
import { IntegrationScreen } from '../../features/integration/integration-screen.tsx'

export const Route = createFileRoute('/_app/integration')({ component: IntegrationScreen })
