import { createRouter } from '@tanstack/react-router'
import { depart } from './lib/departure.ts'
import { ignoredText } from './lib/ignored-parts.ts'
import { followHistory } from './lib/page-memory.ts'
import { onSignedOut, queryClient, trpcOptions } from './lib/trpc.ts'
import { routeTree } from './routeTree.gen.ts'
import { RouteError, RouteMissing } from './lib/route-states.tsx'
import { toast } from './ui/toasts.tsx'

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

// Of the address that was opened: those inside are written by the dashboard itself.
const opened = router.latestLocation
const readFrom = (search: typeof opened.search): Readonly<Record<string, unknown>> =>
  router.matchRoutes(opened.pathname, search).at(-1)?.search ?? {}
const ignored = ignoredText(opened.search, readFrom(opened.search), readFrom({}))
if (ignored !== null) toast.info(ignored)

onSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  // Asked for again by the next page, which knows by the old answer that a session has ended.
  void queryClient.invalidateQueries({
    queryKey: trpcOptions.session.get.queryKey(),
    refetchType: 'none',
  })
  // Then once more: what could not be done for it is said by the page that is left, and the sign-in says why.
  void router.navigate({ to: '/sign-in', search: { next: href, ended: true } }).then(depart)
})
