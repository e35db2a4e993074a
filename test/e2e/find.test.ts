/** Journey S1: an order from whatever the customer has, in at most two presses; and what is not here (features.md §4.2). */
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { shown, useStack } from '../support/e2e.ts'

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const palette = (page: Page) => page.getByRole('combobox', { name: 'Search or jump to' })
const option = (page: Page, text: string) => page.getByRole('option').filter({ hasText: text })

/** A paste outside of any field, as the browser tells the page of one. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  }, text)
}

describe('an order from a scrap', () => {
  const stack = useStack()

  test('opens with two presses: what was said is typed, and the result says what it matched', async () => {
    const orderRef = await stack().order('4321.00', { firstName: 'Ishaan', lastName: 'Verma' })
    await stack().order('4321.00', { firstName: 'Divya', lastName: 'Nair' })
    const { page } = await stack().visit('support')
    await page.goto('/approvals')
    await shown(heading(page, 'Approvals')).toBeVisible()
    const presses: string[] = []
    const press = async (keys: string) => {
      presses.push(keys)
      await page.keyboard.press(keys)
    }
    await press('Control+k')
    await shown(palette(page)).toBeFocused()
    await page.keyboard.type('ishaan ~4300 today')
    await shown(option(page, orderRef)).toContainText('Amount about ₹4,300.00')
    await shown(option(page, orderRef)).toHaveAttribute('aria-selected', 'true')
    await press('Enter')
    await shown(heading(page, orderRef)).toBeVisible()
    expect(presses).toEqual(['Control+k', 'Enter'])
  })

  test('opens with one press after a paste, and several ids become a list', async () => {
    const refs = [await stack().order('110.00'), await stack().order('120.00')]
    const { page } = await stack().visit('support')
    await page.goto('/transactions')
    await shown(heading(page, 'Transactions')).toBeVisible()
    await paste(page, ` ${refs[0]?.toLowerCase() ?? ''}\n`)
    await shown(option(page, refs[0] ?? '')).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Enter')
    await shown(heading(page, refs[0] ?? '')).toBeVisible()

    await paste(page, refs.join('\n'))
    await shown(option(page, 'Show these 2 orders')).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Enter')
    await shown(heading(page, 'Transactions')).toBeVisible()
    for (const ref of refs) await shown(page.getByRole('row').filter({ hasText: ref })).toBeVisible()
    await shown(page.getByText('2 orders', { exact: false }).first()).toBeVisible()
  })

  test('is shown with all it matched on the search page, and each reading opens as a list', async () => {
    const orderRef = await stack().order('7654.00')
    const { page } = await stack().visit('viewer')
    await page.goto(`/search?q=${encodeURIComponent('7654 today')}`)
    const row = page
      .getByRole('table', { name: /Orders found/ })
      .getByRole('row')
      .filter({ hasText: orderRef })
    await shown(row).toContainText('Amount ₹7,654.00 + today')
    await page.getByRole('link', { name: 'Amount ₹7,654.00 + today' }).click()
    await shown(heading(page, 'Transactions')).toBeVisible()
    await shown(page.getByRole('row').filter({ hasText: orderRef })).toBeVisible()
  })

  test('that is not here can be asked for at Juspay, by those who may', async () => {
    const { page } = await stack().visit('support')
    await page.goto('/search?q=NOBODYS-4711')
    await shown(page.getByRole('heading', { name: 'Nothing found for NOBODYS-4711.' })).toBeVisible()
    await page.getByRole('button', { name: 'Ask Juspay for NOBODYS-4711' }).click()
    await shown(page.getByText('Juspay does not know this ID either.')).toBeVisible()
    const viewer = await stack().visit('viewer')
    await viewer.page.goto('/search?q=NOBODYS-4711')
    const ask = viewer.page.getByRole('button', { name: /Ask Juspay for NOBODYS-4711/ })
    await shown(ask).toHaveAttribute('aria-disabled', 'true')
  })
})
