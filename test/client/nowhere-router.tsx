import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'

const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })

/** A router around screens that have links; they lead nowhere. */
export function NowhereRouter({ children }: { children: ReactNode }) {
  return <RouterContextProvider router={router}>{children}</RouterContextProvider>
}
