/** The line under the list: what a wait is for, and how many orders there are. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { ListFooter } from '../../../client/features/orders/list-footer.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import type { TimeRange } from '../../../server/domain/time-range.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

async function wait(ms: number) {
  await vi.advanceTimersByTimeAsync(ms)
  vi.useRealTimers()
}

const HOUR_MS = 3_600_000
const hoursBack = (hours: number) => ({ from: new Date(Date.now() - hours * HOUR_MS), to: null })

function footer(
  onDay: (() => void) | null,
  range: TimeRange = hoursBack(7 * 24),
  onStop: () => void = () => {},
) {
  return (
    <KitProvider>
      <main tabIndex={-1}>
        <ListFooter
          rows={[]}
          head={undefined}
          total={undefined}
          busy
          more={false}
          middle={false}
          before={false}
          onCount={async () => {}}
          range={range}
          goOn={null}
          onStop={onStop}
          onDay={onDay}
        />
      </main>
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

test('and with a way to end it', async () => {
  const onStop = vi.fn()
  const screen = await render(footer(null, hoursBack(24), onStop))
  await wait(4_000)
  await screen.getByRole('button', { name: 'Cancel' }).click()
  expect(onStop).toHaveBeenCalledOnce()
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
  await expect.element(screen.getByRole('button')).toHaveTextContent('Cancel')
})

test.each([
  ['an hour', () => hoursBack(1)],
  ['one day of last week', () => ({ from: hoursBack(7 * 24).from, to: hoursBack(6 * 24).from })],
])('%s that takes long is offered no day, which is no less', async (_, range) => {
  const screen = await render(footer(() => {}, range()))
  await wait(4_000)
  await expect.element(screen.getByText('Still loading.', { exact: true })).toBeVisible()
  await expect.element(screen.getByRole('button')).toHaveTextContent('Cancel')
})

test('for another range the wait begins anew', async () => {
  const screen = await render(footer(() => {}))
  await vi.advanceTimersByTimeAsync(4_000)
  await screen.rerender(footer(null, hoursBack(24)))
  await expect.element(screen.getByText('Loading', { exact: true })).toBeVisible()
})

test('the focus does not go with what was pressed', async () => {
  const screen = await render(footer(() => {}))
  await wait(4_000)
  await screen.getByRole('button', { name: 'Try 24 hours' }).click()
  await screen.rerender(footer(null, hoursBack(24)))
  await expect.element(screen.getByRole('button')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('main')).toHaveFocus()
})
