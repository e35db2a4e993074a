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
import { afterEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { onSignedOut, queryClient } from '../../../client/lib/trpc.ts'
import { useSignOut } from '../../../client/lib/use-sign-out.ts'
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

async function open() {
  const router = createRouter({ routeTree, history: createMemoryHistory() })
  const screen = await render(
    <KitProvider>
      <RouterContextProvider router={router}>
        <SignOut />
      </RouterContextProvider>
    </KitProvider>,
  )
  toast.error('Refund of ord_8F2K failed.', '')
  const told = screen.getByText('Refund of ord_8F2K failed.')
  await expect.element(told).toBeVisible()
  return { router, told, leave: () => screen.getByRole('button', { name: 'Sign out' }).click() }
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
