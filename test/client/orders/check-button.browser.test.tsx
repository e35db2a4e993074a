import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { CheckButton, waitOf } from '../../../client/features/orders/check-button.tsx'
import type { Wait } from '../../../client/ui/date-time.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

test('while Juspay takes no more questions the button counts down to the next', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const onPress = vi.fn()
  const app = (wait: Wait | null) => (
    <TestApp role="support" api={fakeApi({})}>
      <CheckButton busy={false} wait={wait} onPress={onPress} />
    </TestApp>
  )
  const screen = await render(app(null))
  // Long after the page was opened, and from the server's clock to this one.
  vi.advanceTimersByTime(600_000)
  const checkedAt = new Date('2026-11-22T09:11:07Z')
  const retryAt = new Date(checkedAt.getTime() + 42_000)
  const answer = { outcome: 'unavailable', message: '', changes: [], status: null, checkedAt }
  await screen.rerender(app(waitOf({ ...answer, retryAt })))
  const button = screen.getByRole('button')
  await expect.element(button).toMatchTextContent(/^Check in 4[0-2] s/)
  await button.click({ force: true })
  await expect
    .element(screen.getByText(/^Too many status checks\. You can check again in \d+ s\.$/).first())
    .toBeInTheDocument()
  expect(onPress).not.toHaveBeenCalled()
  vi.advanceTimersByTime(43_000)
  await expect.element(button).toHaveTextContent('Check status')
  await button.click()
  expect(onPress).toHaveBeenCalledOnce()
  expect(waitOf({ ...answer, retryAt: null })).toBeNull()
  vi.useRealTimers()
})
