/** The line under the list: what a wait is for, and how many orders there are. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { ListFooter } from '../../../client/features/orders/list-footer.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

async function wait(ms: number) {
  await vi.advanceTimersByTimeAsync(ms)
  vi.useRealTimers()
}

function footer(onDay: (() => void) | null) {
  return (
    <KitProvider>
      <ListFooter
        rows={[]}
        head={undefined}
        total={undefined}
        busy
        more={false}
        middle={false}
        onCount={async () => {}}
        onDay={onDay}
      />
    </KitProvider>
  )
}

test('a wait of more than four seconds is explained, with what would take less', async () => {
  const onDay = vi.fn()
  const screen = await render(footer(onDay))
  await expect.element(screen.getByText('Loading', { exact: true })).toBeVisible()
  await wait(4_000)
  await expect.element(screen.getByText('Still loading. Large time ranges take longer.')).toBeVisible()
  await screen.getByRole('button', { name: 'Try 24 hours' }).click()
  expect(onDay).toHaveBeenCalledOnce()
})

test('a shorter wait is not', async () => {
  const screen = await render(footer(() => {}))
  await wait(3_900)
  await expect.element(screen.getByText('Loading', { exact: true })).toBeVisible()
  await expect.element(screen.getByRole('button')).not.toBeInTheDocument()
})

test('a day that takes long offers no other day', async () => {
  const screen = await render(footer(null))
  await wait(4_000)
  await expect.element(screen.getByText('Still loading.', { exact: true })).toBeVisible()
  await expect.element(screen.getByRole('button')).not.toBeInTheDocument()
})
