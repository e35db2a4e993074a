import { createFileRoute } from '@tanstack/react-router'
import { InspectorScreen } from '../../features/inspector/inspector-screen.tsx'

export const Route = createFileRoute('/_app/inspector')({ component: InspectorScreen })
