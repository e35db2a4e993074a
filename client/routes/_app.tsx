import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Outlet, redirect, useRouter } from '@tanstack/react-router'
import { AppShell } from '../lib/app-shell.tsx'
import { depart } from '../lib/departure.ts'
import { LiveProvider } from '../lib/live.tsx'
import { SessionContext, type Session } from '../lib/session.ts'
import { StepUpHost } from '../lib/step-up-host.tsx'
import { ownTab } from '../lib/tab-owner.ts'
import { useTRPC } from '../lib/trpc.ts'
import { KitContext, useKit } from '../ui/kit-context.ts'
import { usePart } from '../ui/use-part.ts'

const loadAlertNews = () => import('../features/orders/view-alert-news.tsx')
const loadLostRefunds = () => import('../features/refunds/lost-refunds.tsx')

/** Everything behind the sign-in: nobody gets past it without a session. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    const asked = context.trpc.session.get.queryOptions()
    const before = context.queryClient.getQueryData(asked.queryKey)
    const session: Session | null = await context.queryClient.fetchQuery(asked)
    if (!session) {
      // Whoever had one here was at work.
      const ended = before ? true : undefined
      if (ended) depart()
      throw redirect({ to: '/sign-in', search: { next: location.href, ended } })
    }
    ownTab(session.user.id)
    return { session }
  },
  component: SignedIn,
})

function SignedIn() {
  const { session: loaded } = Route.useRouteContext()
  const trpc = useTRPC()
  const { data } = useQuery(trpc.session.get.queryOptions())
  const session = data ?? loaded
  const kit = useKit()
  // They ask by themselves: nobody waits for them.
  const lost = usePart(loadLostRefunds, false, () => {})
  const alerts = usePart(loadAlertNews, false, () => {})
  const router = useRouter()
  return (
    <SessionContext value={session}>
      <KitContext value={{ ...kit, environment: session.account.environment }}>
        <LiveProvider enabled={session.permissions.includes('event:read')}>
          <AppShell>
            <Outlet />
            <StepUpHost />
            {lost ? <lost.LostRefunds /> : null}
            {alerts ? <alerts.ViewAlertNews go={(to) => router.history.push(to)} /> : null}
          </AppShell>
        </LiveProvider>
      </KitContext>
    </SessionContext>
  )
}
