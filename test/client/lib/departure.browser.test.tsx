/** Whoever leaves takes along what they were told: by signing out, or because the session ended. */
import { notifications } from '@mantine/notifications'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import { TRPCClientError } from '@trpc/client'
import { QueryClientProvider } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { depart } from '../../../client/lib/departure.ts'
import { onSignedOut, queryClient, TRPCProvider, trpcClient } from '../../../client/lib/trpc.ts'
import { useCheckRow } from '../../../client/lib/use-check-status.ts'
import { useSignOut } from '../../../client/lib/use-sign-out.ts'
import { confirm, type ConfirmOutcome } from '../../../client/ui/confirm-store.ts'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { toast } from '../../../client/ui/toasts.tsx'

afterEach(() => {
  vi.restoreAllMocks()
  onSignedOut(() => undefined)
  notifications.clean()
  queryClient.clear()
})

const root = createRootRoute()
const routeTree = root.addChildren([createRoute({ getParentRoute: () => root, path: '/sign-in' })])

function SignOut() {
  const signOut = useSignOut()
  return <button onClick={() => void signOut()}>Sign out</button>
}

function Check() {
  const { checkRow } = useCheckRow()
  return <button onClick={() => void checkRow({ id: 'o1', orderRef: 'ord_8F2K' })}>Check</button>
}

async function open() {
  const router = createRouter({ routeTree, history: createMemoryHistory() })
  const screen = await render(
    <KitProvider>
      <RouterContextProvider router={router}>
        <QueryClientProvider client={queryClient}>
          <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
            <SignOut />
            <Check />
          </TRPCProvider>
        </QueryClientProvider>
      </RouterContextProvider>
    </KitProvider>,
  )
  toast.error('Refund of ord_8F2K failed.', '')
  const told = screen.getByText('Refund of ord_8F2K failed.')
  await expect.element(told).toBeVisible()
  const press = (name: string) => screen.getByRole('button', { name }).click()
  return { screen, router, told, press, leave: () => press('Sign out') }
}

test('signing out takes away what was told', async () => {
  vi.spyOn(window, 'fetch').mockResolvedValue(new Response('{}'))
  const { router, told, leave } = await open()
  await leave()
  await expect.poll(() => router.state.location.pathname).toBe('/sign-in')
  await expect.element(told).not.toBeInTheDocument()
})

test('who could not be signed out keeps it, and is told so', async () => {
  vi.spyOn(window, 'fetch').mockRejectedValue(new TypeError('offline'))
  const { told, leave } = await open()
  await leave()
  await expect.poll(() => document.body.textContent).toContain('You are still signed in.')
  await expect.element(told).toBeVisible()
})

test('what was still under way is told to nobody who comes after', async () => {
  const lost: (() => void)[] = []
  vi.spyOn(window, 'fetch').mockImplementation((url) =>
    typeof url === 'string' && url.includes('orders.checkStatus')
      ? new Promise((_, reject) => lost.push(() => reject(new TypeError('offline'))))
      : Promise.resolve(new Response('{}')),
  )
  const { screen, router, press, leave } = await open()
  await press('Check')
  await expect.poll(() => lost).toHaveLength(1)
  await press('Check')
  await expect.poll(() => lost).toHaveLength(2)
  lost[0]?.()
  const unanswered = screen.getByText("We don't know yet if this was done.")
  await expect.element(unanswered).toBeVisible()
  await leave()
  await expect.poll(() => router.state.location.pathname).toBe('/sign-in')
  await expect.element(unanswered).not.toBeInTheDocument()

  lost[1]?.()
  toast.info('Welcome back.')
  await expect.element(screen.getByText('Welcome back.')).toBeVisible()
  await expect.element(unanswered).not.toBeInTheDocument()
})

test('a session that ended takes it away before anybody hears that it did', async () => {
  const { told } = await open()
  const ended = vi.fn()
  onSignedOut(ended)
  const refused = Object.assign(new TRPCClientError('Sign in first.'), { data: { code: 'UNAUTHORIZED' } })
  await expect(
    queryClient.fetchQuery({ queryKey: ['a list'], queryFn: () => Promise.reject(refused) }),
  ).rejects.toBe(refused)
  expect(ended).toHaveBeenCalledOnce()
  await expect.element(told).not.toBeInTheDocument()
})

test('a question that is open, or waits for its answer, is put to nobody who comes after', async () => {
  const { screen } = await open()
  let finish: (outcome: ConfirmOutcome) => void = () => {}
  const run = () => new Promise<ConfirmOutcome>((resolve) => (finish = resolve))
  const asked = confirm({ title: 'Approve ₹2,500.00?', verb: 'Approve', run })
  await screen.getByRole('button', { name: 'Approve' }).click()
  await expect.element(screen.getByRole('button', { name: 'Approve' })).toHaveAttribute('aria-busy', 'true')
  depart()
  expect(await asked).toBe(false)
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()

  // Nor does what comes of it answer theirs.
  const next = confirm({ title: 'Reject it?', verb: 'Reject', run: vi.fn() })
  const dialog = screen.getByRole('dialog', { name: 'Reject it?' })
  await expect.element(dialog).toBeVisible()
  finish({ kind: 'done' })
  await new Promise((resolve) => requestAnimationFrame(resolve))
  await expect.element(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(await next).toBe(false)
})
