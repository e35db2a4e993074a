import { createFileRoute } from '@tanstack/react-router'
import { SafetyScreen } from '../../features/refund-safety/safety-screen.tsx'

export const Route = createFileRoute('/_app/refunds_/safety')({ component: SafetyScreen })
