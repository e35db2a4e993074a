import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { notifications } from '@mantine/notifications'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { clearToasts, toast } from '../../../client/ui/toasts.tsx'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  notifications.clean()
})

async function start() {
  const screen = await render(
    <KitProvider>
      <button type="button">Elsewhere</button>
    </KitProvider>,
  )
  const said = () => [...document.querySelectorAll('.toasts [role]')].map((one) => one.textContent)
  return { screen, said, elsewhere: screen.getByRole('button', { name: 'Elsewhere' }) }
}

test('at most three, the newest on top; those that go by themselves do not come again', async () => {
  const { said } = await start()
  for (const word of ['one', 'two', 'three', 'four']) toast.success(word)
  await expect.poll(said).toEqual(['four', 'three', 'two'])
})

test('an error that is pushed out comes again, until it is dismissed', async () => {
  const { screen, said } = await start()
  for (const word of ['one', 'two', 'three', 'four']) toast.error(word, '')
  await expect.poll(said).toEqual(['four', 'three', 'two'])
  await screen.getByRole('button', { name: 'Dismiss' }).first().click()
  await expect.poll(said).toEqual(['three', 'two', 'one'])
})

test('all are taken away: those shown, those that wait for their place, those on their way', async () => {
  const { said } = await start()
  for (const word of ['one', 'two', 'three', 'four']) toast.error(word, '')
  await expect.poll(said).toEqual(['four', 'three', 'two'])
  toast.error('five', '')
  clearToasts()
  toast.error('of the next person', '')
  await expect.poll(said).toEqual(['of the next person'])
})

test('Alt+T goes to the newest, Escape dismisses it, and the focus goes back', async () => {
  const { said, elsewhere } = await start()
  toast.error('Older', '')
  toast.error('Newer', '')
  await expect.poll(said).toEqual(['Newer', 'Older'])
  elsewhere.element().focus()
  await userEvent.keyboard('{Alt>}t{/Alt}')
  expect(document.activeElement?.textContent).toBe('Newer')
  await userEvent.keyboard('{Escape}')
  await expect.element(elsewhere).toHaveFocus()
  await expect.poll(said).toEqual(['Older'])
})

test('one with the focus in it stays for as long as that', async () => {
  const { said, elsewhere } = await start()
  toast.undo('Taken away.', () => undefined)
  await expect.poll(said).toEqual(['Taken away. Undo'])
  elsewhere.element().focus()
  await userEvent.keyboard('{Alt>}t{/Alt}')
  vi.useFakeTimers()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(said()).toEqual(['Taken away. Undo'])
  elsewhere.element().focus()
  await vi.advanceTimersByTimeAsync(9_000)
  vi.useRealTimers()
  await expect.poll(said).toEqual([])
})

test('in a hidden tab they wait to be seen', async () => {
  const { said } = await start()
  const visible = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  toast.success('Done.')
  await expect.poll(said).toEqual(['Done.'])
  vi.useFakeTimers()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(said()).toEqual(['Done.'])
  visible.mockReturnValue('visible')
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(6_000)
  vi.useRealTimers()
  await expect.poll(said).toEqual([])
})

test('the same undo again takes the place of the last and stays', async () => {
  const { screen, said } = await start()
  const undone = vi.fn()
  toast.undo('Taken away.', () => undone('first'))
  await expect.poll(said).toEqual(['Taken away. Undo'])
  toast.undo('Taken away.', () => undone('second'))
  toast.undo('Taken away.', () => undone('third'))
  await expect.poll(said).toEqual(['Taken away. Undo'])
  // The second press meets a toast that is on its way out.
  await screen.getByRole('button', { name: 'Undo' }).dblClick()
  expect(undone.mock.calls).toEqual([['third']])
})

test('on a phone they stand in the middle', async () => {
  await page.viewport(390, 700)
  const { said } = await start()
  toast.success('Done.')
  await expect.poll(said).toEqual(['Done.'])
  expect(document.querySelector('.toasts [role=status]')?.closest('[data-position]')).toHaveAttribute(
    'data-position',
    'bottom-center',
  )
  await page.viewport(1280, 800)
})
