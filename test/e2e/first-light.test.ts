import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { shown, useStack } from '../support/e2e.ts'
import { pressInFrame } from '../support/payment-frame.ts'

/** Opens the refund dialog of the order on screen and fills it in. */
async function fillRefund(page: Page, orderRef: string, amount: string, note: string) {
  await page.getByRole('button', { name: `Refund order ${orderRef}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Amount').fill(amount)
  await dialog.getByLabel('Reason').selectOption({ label: 'Item returned' })
  await dialog.getByLabel('Note for approver').fill(note)
  return dialog
}

const timelineOf = (page: Page) => page.getByRole('list', { name: 'Timeline, newest first' })

describe('first light: a payment, its webhook, its timeline and an approved refund', () => {
  const stack = useStack()

  test('a payment is seen live, refunded by two people, and followed to its bank reference on one timeline', async () => {
    const watcher = await stack().visit('finance')
    await watcher.page.goto('/events')
    await shown(watcher.page.getByText(/^Stream: Live/)).toBeVisible()

    const shop = await stack().visit('finance')
    const orderRef = await payInDemoCheckout(shop.page)
    const event = watcher.page
      .getByRole('row')
      .filter({ hasText: orderRef })
      .filter({ hasText: 'ORDER_SUCCEEDED' })
    await shown(event).toBeVisible()

    await event.getByRole('link', { name: orderRef, exact: true }).click()
    const finance = watcher.page
    await shown(finance.getByRole('heading', { level: 1, name: orderRef })).toBeVisible()
    await shown(timelineOf(finance)).toContainText('Attempt 1 charged')

    const dialog = await fillRefund(finance, orderRef, '2,500', 'Two of five items came back')
    await shown(dialog).toContainText('Refunds above ₹2,000.00 need a second person.')
    await dialog.getByRole('button', { name: 'Send for approval, ₹2,500.00' }).click()
    await shown(dialog.getByRole('heading', { name: 'Waiting for approval' })).toBeFocused()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await shown(timelineOf(finance)).toContainText('Asha Menon asked to refund ₹2,500.00')

    const asker = await stack().visit('finance')
    await asker.page.goto('/approvals')
    await asker.page.getByRole('link', { name: 'Asked by me' }).click()
    const ownApproval = asker.page.getByRole('button', { name: 'Approve ₹2,500.00' })
    await shown(ownApproval).toBeDisabled()
    await shown(ownApproval).toHaveAccessibleDescription(/someone else must approve/)

    const approver = await stack().visit('approver')
    await approver.page.goto('/approvals')
    await shown(approver.page.getByRole('navigation', { name: 'Main' })).toContainText(/Approvals\s*1/)
    await shown(approver.page.getByRole('list', { name: 'Checks' })).toContainText('Order is charged.')
    await approver.page.getByRole('button', { name: 'Approve ₹2,500.00' }).click()
    await shown(approver.page.getByText('No refunds waiting for you.')).toBeVisible()

    // Nobody reloads: the page that has been open all the time tells the rest of the story.
    await shown(timelineOf(finance)).toContainText('Rohan Das approved the refund of ₹2,500.00')
    await shown(timelineOf(finance)).toContainText(/Refund of ₹2,500\.00 succeeded through/)
    const refunded = (await orderOf(orderRef)).refunds[0]
    expect(refunded).toMatchObject({
      status: 'succeeded',
      amountMinor: 250_000n,
      arn: expect.stringMatching(/^\d+$/),
    })
    await shown(timelineOf(finance)).toContainText(refunded?.arn ?? 'no bank reference')
    await shown(finance.getByText('Left to refund').locator('..')).toContainText('₹238.00')
    expect(acceptedRefunds(orderRef)).toEqual(['250000'])
  })

  test('a viewer sees the button with its reason; past the screen the procedure refuses and the auditor reads it', async () => {
    const orderRef = await stack().order('1500.00')
    const viewer = await stack().visit('viewer')
    await viewer.page.goto(`/orders/${orderRef}`)
    const button = viewer.page.getByRole('button', { name: `Refund order ${orderRef}` })
    await shown(button).toBeDisabled()
    await shown(button).toHaveAccessibleDescription('Your role (Viewer) cannot request refunds.')
    await button.hover()
    await shown(viewer.page.getByRole('tooltip')).toHaveText('Your role (Viewer) cannot request refunds.')
    await viewer.page.keyboard.press('r')
    await shown(viewer.page.getByRole('dialog')).toHaveCount(0)

    const { order } = await orderOf(orderRef)
    const { trpc } = await stack().app.as('viewer')
    const attempt = trpc.refunds.request.mutate({
      orderId: order.id,
      version: order.version,
      clientKey: crypto.randomUUID(),
      amountMinor: 10_000n,
      currency: 'INR',
      reason: 'item_returned',
      note: null,
      confirmSameAmount: false,
    })
    await expect(attempt).rejects.toMatchObject({
      data: { code: 'FORBIDDEN', refusal: { code: 'permission_denied' } },
    })
    expect(acceptedRefunds(orderRef)).toEqual([])

    const auditor = await stack().visit('auditor')
    await auditor.page.goto('/audit')
    const entry = auditor.page
      .getByRole('row')
      .filter({ hasText: 'Priya Shah' })
      .filter({ hasText: 'Refused' })
    await shown(entry.first()).toBeVisible()
  })

  test('a refund up to the limit needs nobody else', async () => {
    const orderRef = await stack().order('1800.00')
    const { page } = await stack().visit('finance')
    await page.goto(`/orders/${orderRef}`)
    const dialog = await fillRefund(page, orderRef, '1800', 'Delivered to the wrong city')
    await dialog.getByRole('button', { name: 'Refund ₹1,800.00' }).click()
    await shown(dialog.getByRole('heading', { level: 3 })).toHaveText(/^Refund/)
    await dialog.getByRole('button', { name: 'Done' }).click()
    await shown(timelineOf(page)).toContainText(/Refund of ₹1,800\.00 succeeded through/)
    await shown(page.getByText('Status: refunded').first()).toBeAttached()
  })

  test('two presses and a reload before the answer make one request', async () => {
    const orderRef = await stack().order('1700.00')
    const visit = await stack().visit('finance')
    const { page } = visit
    await page.goto(`/orders/${orderRef}`)
    const dialog = await fillRefund(page, orderRef, '300', 'One item was missing')
    // The answer of the first submission never reaches the page: it is reloaded while it waits.
    let sent = () => {}
    const wasSent = new Promise<void>((done) => {
      sent = done
    })
    let submissions = 0
    await page.route('**/trpc/refunds.request**', async (route) => {
      submissions += 1
      await route.fetch()
      sent()
    })
    visit.allow(/net::ERR_|Failed to fetch|Load failed/)
    await dialog.getByRole('button', { name: 'Refund ₹300.00' }).dblclick()
    await wasSent
    expect(submissions).toBe(1)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await shown(page.getByRole('dialog').getByRole('heading', { level: 3 })).toHaveText(/^Refund/)
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await shown(timelineOf(page)).toContainText(/Refund of ₹300\.00 succeeded through/)
    expect((await orderOf(orderRef)).refunds).toHaveLength(1)
    expect(acceptedRefunds(orderRef)).toEqual(['30000'])
  })

  /** Buys in the demo shop, whose page walks the steps of Juspay's SDK, and pays ₹2,738.00 on the page that it opens. */
  async function payInDemoCheckout(page: Page): Promise<string> {
    await page.goto('/checkout')
    await page.getByRole('button', { name: 'Pay ₹2,738.00' }).click()
    const sheet = page.frameLocator('iframe')
    await pressInFrame(page, sheet.getByRole('button', { name: /^Pay ₹2,738\.00 The bank approves/ }))
    await page.waitForURL(/checkout\/return/)
    await shown(page.getByRole('complementary', { name: 'Integration steps' })).toBeVisible()
    await shown(page.getByRole('heading', { name: 'Paid. Thank you' })).toBeVisible()
    return new URL(page.url()).searchParams.get('order_id') ?? ''
  }

  async function orderOf(orderRef: string) {
    const { trpc } = await stack().app.as('admin')
    const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
    return { order, refunds: await trpc.refunds.byOrder.query({ orderId: order.id }) }
  }

  /** Amounts of the refunds that Juspay took on, by its own ledger: what really happened to money. */
  function acceptedRefunds(orderRef: string): unknown[] {
    return stack()
      .sandbox.control.context.ledger.read(0, 10_000)
      .filter((line) => line.kind === 'refund_accepted' && line['orderId'] === orderRef)
      .map((line) => line['amountMinor'])
  }
})
