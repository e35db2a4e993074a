import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import type { trpcOptions } from '../lib/trpc.ts'

export type RouterContext = { queryClient: QueryClient; trpc: typeof trpcOptions }

export const Route = createRootRouteWithContext<RouterContext>()({ component: Outlet })
