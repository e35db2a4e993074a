/** A developer watches the integration prove itself: nothing is ticked by hand. */
import type { Page } from 'playwright'
import { describe, test } from 'vitest'
import { PHONE } from '../support/browser.ts'
import { shown, useStack } from '../support/e2e.ts'
import { pressInFrame } from '../support/payment-frame.ts'

const steps = (page: Page) => page.getByRole('list', { name: 'Steps of the integration' })
const step = (page: Page, title: string) =>
  steps(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) })
const silentSwitch = (page: Page, title: string) =>
  page
    .getByRole('region', { name: 'Silent switches at Juspay' })
    .getByRole('listitem')
    .filter({ hasText: title })

describe('the integration page', () => {
  const stack = useStack()

  test('says what is to do for each step before anything was seen to work', async () => {
    const { page } = await stack().visit('developer')
    await page.goto('/integration')
    await shown(steps(page).getByRole('listitem')).toHaveCount(9)
    await shown(page.getByText('0 of 9 steps were seen to work.')).toBeVisible()
    await shown(step(page, 'Webhook received')).toContainText('At Juspay open Payments, Settings, Webhook')
  })

  test('shows each step as verified when it was seen to work', async () => {
    const { page } = await stack().visit('developer')
    await page.goto('/integration')
    await page.getByRole('button', { name: 'Test connection' }).click()
    await shown(page.getByText('Juspay accepts our credentials.')).toBeVisible()
    await shown(step(page, 'Credentials accepted')).toContainText('Verified')
    await shown(step(page, 'Order status answered')).toContainText('Verified')

    const { page: shop } = await stack().visit('developer')
    await shop.goto('/checkout')
    await shop.getByRole('button', { name: /^Pay ₹/ }).click()
    const sheet = shop.frameLocator('iframe[title=Payment]')
    await pressInFrame(shop, sheet.locator('button[value=success]'))
    await shown(shop.getByText('Paid. Thank you')).toBeVisible()

    // The first page learns of it by itself.
    await shown(page.getByText('8 of 9 steps were seen to work.')).toBeVisible()
    await shown(step(page, 'Refund done')).toContainText('open it and press R')
    await shown(silentSwitch(page, 'Signed return address')).toContainText('On')
    await shown(silentSwitch(page, 'Webhooks')).toContainText('They come.')
    await refundSomething()
    await shown(page.getByText('Every step was seen to work.')).toBeVisible()
  })

  test('says when customers come back unsigned, and which switch it is', async () => {
    const orderRef = await stack().order('250.00')
    await fetch(`${stack().app.url}/payments/return/demo?order_id=${orderRef}&status=CHARGED`, {
      redirect: 'manual',
    })
    const { page } = await stack().visit('developer', { viewport: PHONE })
    await page.goto('/integration')
    await shown(step(page, 'Return address verified')).toContainText('Fails')
    await shown(step(page, 'Return address verified')).toContainText('Use signed response')
    await shown(silentSwitch(page, 'Signed return address')).toContainText('Off')
  })

  test('is closed to a role that does not see settings', async () => {
    const { page } = await stack().visit('viewer')
    await page.goto('/integration')
    await shown(page.getByText("You can't see the integration.")).toBeVisible()
  })

  async function refundSomething(): Promise<void> {
    const orderRef = await stack().order('900.00')
    const { trpc } = await stack().app.as('finance')
    const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
    await trpc.refunds.request.mutate({
      orderId: order.id,
      version: order.version,
      clientKey: crypto.randomUUID(),
      amountMinor: 10_000n,
      currency: 'INR',
      reason: 'item_returned',
      note: '',
      confirmSameAmount: false,
    })
  }
})
