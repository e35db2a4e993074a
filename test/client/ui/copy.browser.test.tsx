import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { CopyButton, copyText } from '../../../client/ui/copy-button.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { Money } from '../../../client/ui/money.tsx'

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

/** What the browser would put on the clipboard of what is selected; null when it is left to the browser. */
function copyOf(range: Range): string | null {
  const selection = window.getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
  const event = new ClipboardEvent('copy', {
    bubbles: true,
    cancelable: true,
    clipboardData: new DataTransfer(),
  })
  range.startContainer.parentElement?.dispatchEvent(event)
  return event.defaultPrevented ? (event.clipboardData?.getData('text/plain') ?? '') : null
}

test('an amount that is selected is copied as plain digits; a part of it as it stands', async () => {
  const screen = await render(
    <KitProvider>
      <p>
        <Money value={{ minor: -1_299_900n, currency: 'INR' }} /> paid
      </p>
    </KitProvider>,
  )
  const shown = screen.getByText('−₹12,999.00').element()
  const text = shown.firstChild ?? expect.unreachable()
  const range = (from: number, to: number) => {
    const one = document.createRange()
    one.setStart(text, from)
    one.setEnd(text, to)
    return one
  }
  expect(copyOf(range(0, 11))).toBe('-12999.00')
  expect(copyOf(range(2, 11))).toBe('12999.00')
  expect(copyOf(range(2, 4))).toBeNull()
  const whole = document.createRange()
  whole.selectNodeContents(shown.parentElement ?? expect.unreachable())
  whole.setStart(text, 0)
  expect(copyOf(whole)).toBe('-12999.00')
  whole.setEndAfter(shown.closest('p')?.lastChild ?? expect.unreachable())
  expect(copyOf(whole)).toBeNull()
})
