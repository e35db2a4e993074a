import { createFileRoute } from '@tanstack/react-router'
import { ReplaysScreen } from '../../features/replays/replays-screen.tsx'

export const Route = createFileRoute('/_app/events/replays/')({ component: ReplaysScreen })
