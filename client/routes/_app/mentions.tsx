import { createFileRoute } from '@tanstack/react-router'
import { MentionsScreen } from '../../features/orders/mentions-screen.tsx'

export const Route = createFileRoute('/_app/mentions')({ component: MentionsScreen })
