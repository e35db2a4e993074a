import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { CopyButton, copyText } from '../../../client/ui/copy-button.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

beforeEach(() => void vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue())
afterEach(() => void vi.restoreAllMocks())

function page() {
  return render(
    <KitProvider>
      <CopyButton text="ord_2" what="order ID" />
    </KitProvider>,
  )
}

test('a copy by key or menu says so on the screen, once', async () => {
  const screen = await page()
  await copyText('ord_1', 'link to the order')
  await copyText('ord_1', 'link to the order')
  const said = screen.getByText('Copied link to the order.', { exact: true })
  await expect.element(said).toBeVisible()
  await expect.poll(() => said.elements().length).toBe(1)
  expect(said.element().closest('.visually-hidden')).toBeNull()
})

test('a copy button shows a tick and no toast', async () => {
  const screen = await page()
  const button = screen.getByRole('button', { name: 'Copy order ID ord_2' })
  await button.click()
  await expect.element(button).toHaveAttribute('data-copied', 'true')
  const said = screen.getByText('Copied order ID.', { exact: true })
  await expect.poll(() => said.elements().length).toBe(1)
  expect(said.element().closest('.visually-hidden')).not.toBeNull()
})
