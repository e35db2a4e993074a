/** The page of one order, as support uses it on the phone with a customer. */
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
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
})
