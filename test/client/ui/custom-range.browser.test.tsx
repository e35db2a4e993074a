/** A time range of one's own: typed, told back, and not changed by looking at it. */
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { CustomRange } from '../../../client/ui/custom-range.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

async function open(value: string) {
  const onApply = vi.fn<(range: string) => void>()
  const screen = await render(
    <KitProvider>
      <CustomRange value={value} onClose={() => {}} onApply={onApply} />
    </KitProvider>,
  )
  const from = screen.getByLabelText('From', { exact: true })
  const to = screen.getByLabelText('To', { exact: true })
  await expect.element(from).toHaveFocus()
  return { screen, from, to, onApply }
}

test('a range with clock times is the same when it is opened and applied', async () => {
  const { screen, from, to, onApply } = await open('2026-11-01T14:00..2026-11-01T14:10:30')
  await expect.element(from).toHaveValue('1 Nov 2026, 14:00')
  await expect.element(to).toHaveValue('1 Nov 2026, 14:10:30')
  await screen.getByRole('button', { name: 'Show this time' }).click()
  expect(onApply).toHaveBeenCalledWith('2026-11-01T14:00..2026-11-01T14:10:30')
})

test('what is typed is told back, and Enter applies it', async () => {
  const { from, to, onApply } = await open('-24h')
  await from.fill('20/11/2026 6pm')
  await expect.element(from).toHaveAccessibleDescription('20 Nov 2026, 18:00 IST')
  await to.fill('19:30')
  await expect.element(to).toHaveAccessibleDescription('20 Nov 2026, 19:30 IST')
  await userEvent.keyboard('{Enter}')
  expect(onApply).toHaveBeenCalledWith('2026-11-20T18:00..2026-11-20T19:30')
})

test('a field that cannot be read says so when it is left, not while it is typed, and nothing is applied', async () => {
  const { screen, from, onApply } = await open('all')
  await from.fill('31/2')
  await expect.element(from).not.toHaveAttribute('aria-invalid')
  await userEvent.tab()
  await expect.element(from).toHaveAccessibleDescription(/^From is not a time/)
  await from.fill('28/2/2026')
  await expect.element(from).not.toHaveAttribute('aria-invalid')
  await from.fill('31/2')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByText(/^From is not a time/)).toBeVisible()
  expect(onApply).not.toHaveBeenCalled()
})

test('nothing typed is no range, and Enter says so', async () => {
  const { screen, onApply } = await open('all')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByText('Enter a start, an end or both.')).toBeVisible()
  expect(onApply).not.toHaveBeenCalled()
})

test('a day of the calendar takes the place of the day and leaves the clock', async () => {
  const shown = vi.spyOn(HTMLInputElement.prototype, 'showPicker').mockImplementation(() => {})
  const { screen, from } = await open('2026-11-01T14:00..')
  await screen.getByRole('button', { name: 'Pick the first day' }).click()
  const calendar = shown.mock.contexts[0] as HTMLInputElement
  expect(calendar.value).toBe('2026-11-01')
  await userEvent.fill(calendar, '2026-11-05')
  await expect.element(from).toHaveValue('5 Nov 2026, 14:00')
})
