import { createRouter } from '@tanstack/react-router'
import { followHistory } from './lib/page-memory.ts'
import { onSignedOut, queryClient, trpcOptions } from './lib/trpc.ts'
import { routeTree } from './routeTree.gen.ts'
import { RouteError, RouteMissing } from './lib/route-states.tsx'

export const router = createRouter({
  routeTree,
  context: { queryClient, trpc: trpcOptions },
  defaultPreload: 'intent',
  defaultPreloadDelay: 50,
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: RouteMissing,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

followHistory(router.history)

onSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  // Asked for again by the next page, which knows by the old answer that a session has ended.
  void queryClient.invalidateQueries({
    queryKey: trpcOptions.session.get.queryKey(),
    refetchType: 'none',
  })
  void router.navigate({ to: '/sign-in', search: { next: href, ended: true } })
})
