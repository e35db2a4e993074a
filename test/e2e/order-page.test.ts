/** The page of one order, as support uses it on the phone with a customer. */
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { PHONE } from '../support/browser.ts'
import { shown, useStack } from '../support/e2e.ts'

/** Counts presses from here on, of pointer and keyboard; what is copied is readable afterwards. */
async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = { presses: 0 }
    Reflect.set(window, 'counted', counted)
    for (const kind of ['pointerdown', 'keydown'])
      window.addEventListener(kind, () => (counted.presses += 1), { capture: true })
  })
  return () =>
    page.evaluate(() => {
      const counted: unknown = Reflect.get(window, 'counted')
      return typeof counted === 'object' && counted !== null ? Number(Reflect.get(counted, 'presses')) : -1
    })
}

const explanation = (page: Page) => page.getByRole('region', { name: 'What to say about this order' })

describe('the page of an order', () => {
  const stack = useStack()

  test('answers the customer with one press: what to say is there, and copied as an SMS (journey S2)', async () => {
    const orderRef = await stack().order('1499.00', { scenario: 'failed', paymentMethodType: 'UPI' })
    const { page, context } = await stack().visit('support')
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`/orders/${orderRef}`)
    await shown(explanation(page)).toContainText(/The payment of ₹1,499\.00 failed: .*No money reached us\./)
    await shown(explanation(page)).toContainText('Do not promise')
    const presses = await countPresses(page)
    await explanation(page).getByRole('button', { name: 'Copy for customer' }).click()
    await shown(explanation(page).getByRole('button', { name: 'Copy for customer' })).toHaveText('Copied')
    expect(await presses()).toBe(1)
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toMatch(/^Your payment of Rs 1,499\.00 did not go through: /)
    expect(copied).toContain(orderRef)

    await explanation(page).getByLabel('Hindi').check()
    await explanation(page).getByLabel('WhatsApp').check()
    await page.keyboard.press('m')
    await shown(explanation(page).getByRole('button', { name: 'Copy for customer' })).toHaveText('Copied')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^आपका ₹1,499\.00 का पेमेंट/)
    await page.reload()
    await shown(explanation(page).getByLabel('Hindi')).toBeChecked()
    await shown(explanation(page).getByLabel('WhatsApp')).toBeChecked()
  })

  test('a note names a colleague, who finds it, and a reveal says why; both are on the timeline', async () => {
    const orderRef = await stack().order('2599.00')
    const { page } = await stack().visit('support')
    await page.goto(`/orders/${orderRef}`)
    const notes = page.getByRole('region', { name: 'Notes' })
    await notes.getByLabel('Add a note').fill('Paid twice? @Asha')
    await notes.getByRole('button', { name: 'Asha Menon' }).click()
    await notes.getByRole('button', { name: 'Add note' }).click()
    await shown(notes.getByRole('list', { name: 'Notes' })).toContainText('Paid twice? @Asha Menon')

    const customer = page.getByRole('region', { name: 'Customer' })
    await customer.getByRole('button', { name: 'Reveal the phone number' }).click()
    await customer.getByRole('button', { name: 'Show', exact: true }).click()
    await shown(customer).toContainText('Reason must have at least 5 characters.')
    await customer.getByLabel('Reason to see the phone number').fill('Customer asked to be called')
    await page.keyboard.press('Enter')
    await shown(customer.getByRole('button', { name: 'Hide the phone number' })).toBeVisible()
    const timeline = page.getByRole('list', { name: 'Timeline, newest first' })
    await shown(timeline).toContainText('revealed personal data of the customer')
    await page.getByRole('radio', { name: 'People' }).check()
    await shown(timeline).toContainText('wrote a note')

    const asha = await stack().visit('finance')
    await asha.page.goto('/mentions')
    await shown(asha.page.getByRole('list', { name: 'Notes for you' })).toContainText('Paid twice?')
    await asha.page.getByRole('link', { name: orderRef }).click()
    await shown(asha.page.getByRole('heading', { level: 1, name: orderRef })).toBeVisible()
  })

  test('messages are compared field by field, with the keyboard alone', async () => {
    const orderRef = await stack().order('3599.00')
    const { page } = await stack().visit('developer')
    await page.goto(`/orders/${orderRef}`)
    await shown(page.getByRole('list', { name: 'Timeline, newest first' })).toContainText('Attempt 1 charged')
    await page.keyboard.press('5')
    const against = page.getByLabel('Against')
    await shown(against).toBeVisible()
    await against.selectOption({ label: 'Our record, as it is now' })
    await shown(
      page.getByText(/fields? differs?|Both say the same|agree that the order is/).first(),
    ).toBeVisible()
    await page.getByRole('radio', { name: 'Side by side' }).check()
    await shown(page.getByRole('row').filter({ hasText: 'order_id' }).first()).toContainText(orderRef)
    await against.selectOption({ label: 'Nothing, show it alone' })
    await shown(page.getByRole('tree', { name: /content$/ })).toBeVisible()
    await page.keyboard.press('Escape')
  })

  test('a phone shows the whole ID, and what happened when it is scrolled there', async () => {
    const orderRef = await stack().order('1899.00')
    const { page } = await stack().visit('support', { viewport: PHONE, touch: true })
    await page.goto(`/orders/${orderRef}`)
    const title = page.getByRole('heading', { level: 1, name: orderRef })
    await shown(title).toBeVisible()
    expect(await title.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    const first = page.getByRole('list', { name: 'Timeline, newest first' }).getByRole('listitem').first()
    await first.scrollIntoViewIfNeeded()
    await shown(first).toBeInViewport({ ratio: 1 })
    await page.getByRole('link', { name: 'Transactions' }).first().click()
    await shown(page.getByRole('heading', { level: 1, name: 'Transactions' })).toBeVisible()
  })

  test('J and K walk the list also when its link opened the order, and on every tab', async () => {
    const refs: string[] = []
    for (const amount of ['711.00', '712.00', '713.00']) refs.push(await stack().order(amount))
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    for (const ref of refs)
      await shown(page.getByRole('row').filter({ hasText: ref })).toContainText('Charged')
    const link = (row: number) => page.locator(`[data-row="${row}"]`).getByRole('link', { name: /^Order / })
    const shownRef = async (row: number) => (await link(row).textContent()) ?? ''
    const order = (ref: string) => page.getByRole('button', { name: `Refund order ${ref}` })
    const [first, second] = [await shownRef(0), await shownRef(1)]

    await link(0).click()
    await shown(order(first)).toBeVisible()
    for (const [tab, part] of [
      ['2', page.getByRole('grid', { name: 'Attempts' })],
      ['3', page.getByText('Nobody has asked for one on this order.')],
      ['4', page.getByRole('grid', { name: 'Events' })],
    ] as const) {
      await page.keyboard.press(tab)
      await shown(part).toBeVisible()
      await page.keyboard.press('j')
      await shown(order(second)).toBeVisible()
      await shown(part).toBeVisible()
      await page.keyboard.press('k')
      await shown(order(first)).toBeVisible()
    }

    await page.goto('/transactions')
    await shown(link(1)).toHaveText(second)
    await page.keyboard.press('j')
    await page.keyboard.press('Space')
    await page.getByRole('link', { name: 'Open order' }).click()
    await shown(order(first)).toBeVisible()
    await page.keyboard.press('j')
    await shown(order(second)).toBeVisible()
  })

  test('an order nobody knows can be asked about at Juspay', async () => {
    const { page, ...visit } = await stack().visit('support')
    visit.allow(/status of 404/)
    await page.goto('/orders/NOBODY-77')
    await shown(page.getByText('No order NOBODY-77 in this account.')).toBeVisible()
    await page.getByRole('button', { name: 'Ask Juspay' }).click()
    await shown(page.getByText('Juspay does not know this ID either.')).toBeVisible()
  })
})
