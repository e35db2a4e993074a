/** Payments made from the sandbox page: two clicks to any of them. */
import { describe, expect, test } from 'vitest'
import { shown, useStack } from '../support/e2e.ts'

describe('the Simulate menu', () => {
  const stack = useStack()

  test('two clicks make a payment that fails; with a switch every webhook of the next one comes twice', async () => {
    const { page } = await stack().visit('developer')
    await page.goto('/sandbox')
    const made = page.getByRole('table', { name: 'Orders made on this page, newest first' })

    await page.getByRole('button', { name: 'Simulate', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Failed', exact: true }).click()
    await shown(made.getByRole('row').nth(1)).toContainText('Failed')
    await shown(page.getByText(/^Failed: 1 order made\. Expect after 2 s: Failed/).first()).toBeVisible()

    await page.getByRole('button', { name: 'Simulate', exact: true }).click()
    const twice = page.getByRole('menuitemcheckbox', { name: 'Webhooks twice' })
    await twice.click()
    await shown(twice).toBeChecked()
    await page.getByRole('menuitem', { name: 'Paid', exact: true }).click()
    await shown(made.getByRole('row')).toHaveCount(3)
    await shown(made.getByRole('row').nth(1)).toContainText('Charged')
    await shown(page.getByRole('checkbox', { name: 'Webhooks twice' })).toBeChecked()

    const orderRef = await made.getByRole('row').nth(1).getByRole('link').innerText()
    const { sandbox } = stack()
    await sandbox.control.idle()
    const sent = sandbox.control.context.deliveries.ofOrder(orderRef, 100)
    const ids = sent.map(({ eventId }) => eventId)
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.length).toBe(2 * new Set(ids).size)
  })

  test('the sandbox’s own page simulates too, and its switches show how they stand', async () => {
    const { page } = await stack().visit(null)
    await page.goto(`${stack().sandboxUrl}/control`)
    const form = page.locator('form[data-path="/control/simulate"]')
    await form.getByLabel('Ends as').selectOption({ label: 'Voided' })
    await shown(
      form.getByText('The shop releases the money that was held. In Paydesk: Voided.'),
    ).toBeVisible()
    await form.getByLabel('Webhooks twice').check()
    await form.getByRole('button', { name: 'Simulate' }).click()
    await shown(page.locator('#answer')).toContainText('"simulation": "voided"')
    await shown(page.locator('#orders tr').first()).toContainText('VOIDED')

    const refunds = page.getByLabel('Refunds end as')
    await shown(refunds).toHaveValue('success')
    await refunds.selectOption('failure')
    await shown(page.locator('#answer')).toContainText('"refundOutcome": "failure"')
    expect(stack().sandbox.control.context.configuration.settings().refundOutcome).toBe('failure')
    await page.reload()
    await shown(refunds).toHaveValue('failure')
    await refunds.selectOption('success')
    await shown(page.locator('#answer')).toContainText('"refundOutcome": "success"')
  })

  test('the form makes several at once, of the amount it says', async () => {
    const { page } = await stack().visit('developer')
    await page.goto('/sandbox')
    await page.getByLabel('Ends as').selectOption({ label: 'Voided' })
    await shown(page.getByText('The shop releases the money that was held. Expect: Voided.')).toBeVisible()
    await page.getByLabel('Amount').fill('1,250')
    await page.getByLabel('How many').fill('2')
    await page.getByRole('button', { name: 'Create 2 orders' }).click()
    const rows = page.getByRole('table', { name: 'Orders made on this page, newest first' }).getByRole('row')
    await shown(rows).toHaveCount(3)
    for (const n of [1, 2]) {
      await shown(rows.nth(n)).toContainText('₹1,250.00')
      await shown(rows.nth(n)).toContainText('Voided')
    }
  })
})
