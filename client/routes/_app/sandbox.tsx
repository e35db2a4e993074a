import { createFileRoute } from '@tanstack/react-router'
import { SandboxScreen } from '../../features/sandbox/sandbox-screen.tsx'

export const Route = createFileRoute('/_app/sandbox')({ component: SandboxScreen })
