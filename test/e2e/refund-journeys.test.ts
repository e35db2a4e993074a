/**
 * The journeys of finance and of an approver in a real browser, with every click and every Enter counted: F1, one refund
 * below the line, in at most 5; F2, an approval, in 2. And what happens when the answer gets lost, or five minutes pass.
 */
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../../server/demo.ts'
import { shown, useStack } from '../support/e2e.ts'

/** Counts what a person presses with the mouse, and Enter, which does the same. */
async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const kept = Number(sessionStorage.getItem('presses') ?? '0')
    let presses = kept
    const add = () => sessionStorage.setItem('presses', String(++presses))
    window.addEventListener('pointerdown', add, true)
    window.addEventListener('keydown', (event) => event.key === 'Enter' && add(), true)
  })
  return () => page.evaluate(() => Number(sessionStorage.getItem('presses') ?? '0'))
}

describe('the journeys', () => {
  const stack = useStack()

  const acceptedOf = (orderRef: string) =>
    stack()
      .sandbox.control.context.ledger.read(0, 10_000)
      .filter((line) => line.kind === 'refund_accepted' && line['orderId'] === orderRef)
      .map((line) => line['amountMinor'])

  async function refundOf(orderRef: string, amountMinor: bigint): Promise<void> {
    const { trpc } = await stack().app.as('finance')
    const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
    await trpc.refunds.request.mutate({
      orderId: order.id,
      version: order.version,
      clientKey: crypto.randomUUID(),
      amountMinor,
      currency: 'INR',
      reason: 'item_returned',
      note: 'Came back sealed',
      confirmSameAmount: false,
    })
  }

  test('F1: from any screen to a refund on its way in five presses', async () => {
    const orderRef = await stack().order('1990.00')
    const { page } = await stack().visit('finance')
    const presses = await countPresses(page)
    await page.goto('/approvals')
    await shown(page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()

    await page.keyboard.press('Control+k')
    // The palette's code is fetched at its first use; what is typed before it has focus goes nowhere.
    await shown(page.getByRole('combobox', { name: 'Search or jump to' })).toBeFocused()
    await page.keyboard.type(orderRef)
    await shown(page.getByRole('option').filter({ hasText: orderRef })).toHaveAttribute(
      'aria-selected',
      'true',
    )
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: `Refund order ${orderRef}` }).click()
    const dialog = page.getByRole('dialog')
    await shown(dialog.getByLabel('Amount')).toBeFocused()
    await page.keyboard.type('1250')
    await dialog.getByLabel('Reason').selectOption({ label: 'Item returned' })
    await dialog.getByRole('button', { name: 'Refund ₹1,250.00' }).click()
    await shown(dialog.getByRole('heading', { level: 3 })).toHaveText(/^Refund/)
    // A list of the browser's own is opened and chosen from outside the page: one press more.
    expect((await presses()) + 1).toBeLessThanOrEqual(5)
    await expect.poll(() => acceptedOf(orderRef), { timeout: 15_000 }).toEqual(['125000'])
  })

  test('R, amount, Ctrl+Enter from the list, once a reason is usual', async () => {
    const first = await stack().order('700.00')
    const second = await stack().order('800.00')
    const { page } = await stack().visit('finance')
    for (const [orderRef, amount] of [
      [first, '70'],
      [second, '80'],
    ] as const) {
      await page.goto('/transactions')
      const rowOf = page.locator('tr[data-row]').filter({ hasText: orderRef })
      await shown(rowOf).toBeVisible()
      for (let i = 0; i < 20 && (await rowOf.locator(':focus').count()) === 0; i++)
        await page.keyboard.press('j')
      await page.keyboard.press('r')
      const dialog = page.getByRole('dialog')
      await shown(dialog.getByLabel('Amount')).toBeFocused()
      await page.keyboard.type(amount)
      if (orderRef === first) await dialog.getByLabel('Reason').selectOption({ label: 'Wrong amount' })
      await page.keyboard.press('Control+Enter')
      await shown(dialog.getByRole('heading', { level: 3 })).toHaveText(/^Refund/)
    }
    await expect
      .poll(() => [acceptedOf(first), acceptedOf(second)], { timeout: 15_000 })
      .toEqual([['7000'], ['8000']])
  })

  test('F2: a waiting refund is approved in two presses, and the next one is on show', async () => {
    const orderRefs = [await stack().order('5000.00'), await stack().order('6000.00')]
    for (const orderRef of orderRefs) await refundOf(orderRef, 300_000n)
    const { page } = await stack().visit('approver')
    const presses = await countPresses(page)
    await page.goto('/transactions')
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Approvals/ })
      .click()
    await shown(page.getByRole('list', { name: 'Checks' })).toContainText('Order is charged.')
    await shown(page.getByText('Amount is within what is left.')).toBeVisible()
    await page.getByRole('button', { name: 'Approve ₹3,000.00' }).click()
    await shown(page.getByRole('link', { name: orderRefs[1] ?? '' }).first()).toBeVisible()
    expect(await presses()).toBe(2)
    await expect.poll(() => acceptedOf(orderRefs[0] ?? ''), { timeout: 20_000 }).toEqual(['300000'])
    expect(acceptedOf(orderRefs[1] ?? '')).toEqual([])

    // The other one by keyboard, with the question that a key gets. Juspay has the first before its answer is here.
    await shown(page.getByRole('button', { name: 'Approve ₹3,000.00' })).not.toHaveAttribute('aria-busy')
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog')
    await shown(dialog).toContainText(`Approve the refund of ₹3,000.00 for order ${orderRefs[1]}?`)
    await page.keyboard.press('Control+Enter')
    await shown(page.getByText('No refunds waiting for you.')).toBeVisible()
    await expect.poll(() => acceptedOf(orderRefs[1] ?? ''), { timeout: 20_000 }).toEqual(['300000'])
  })

  test('after five minutes the approval waits for the password, and cancelling loses nothing', async () => {
    const orderRef = await stack().order('4000.00')
    await refundOf(orderRef, 250_000n)
    const visit = await stack().visit('approver')
    const { page } = visit
    visit.allow(/412 \(Precondition Failed\)|401 \(Unauthorized\)/)
    await page.goto('/approvals')
    await shown(page.getByRole('list', { name: 'Checks' })).toBeVisible()
    await stack().app.paydesk.database.pool.query(
      `update staff_session set stepped_up_at = now() - interval '6 minutes'`,
    )
    const approve = page.getByRole('button', { name: 'Approve ₹2,500.00' })
    await approve.click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    const password = dialog.getByLabel('Password of approver@demo.test')
    await shown(password).toBeFocused()
    await page.keyboard.press('Escape')
    await shown(page.getByText('You did not confirm that it is you.')).toBeVisible()
    expect(acceptedOf(orderRef)).toEqual([])

    await approve.click()
    await shown(password).toBeFocused()
    await page.keyboard.type('not my password')
    await page.keyboard.press('Enter')
    await shown(dialog.getByText('The password is not right.')).toBeVisible()
    await shown(password).toHaveValue('')
    await page.keyboard.type(DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await shown(page.getByText('No refunds waiting for you.')).toBeVisible()
    await expect.poll(() => acceptedOf(orderRef), { timeout: 20_000 }).toEqual(['250000'])
    // The page goes on with the session that the proof brought.
    await page.reload()
    await shown(page.getByText('No refunds waiting for you.')).toBeVisible()
  })

  test('Juspay drops its answer: the outcome is unknown, nothing is sent again, and it is found', async () => {
    const orderRef = await stack().order('1500.00')
    await stack().control('/control/faults', { kind: 'drop_response', route: 'refund', count: 1 })
    const { page } = await stack().visit('finance')
    await page.goto(`/orders/${orderRef}/refund`)
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Amount').fill('450')
    await dialog.getByLabel('Reason').selectOption({ label: 'Item returned' })
    await dialog.getByRole('button', { name: 'Refund ₹450.00' }).click()
    await shown(dialog.getByRole('heading', { level: 3 })).toBeVisible()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await shown(page.getByRole('list', { name: 'Timeline, newest first' })).toContainText(
      /Refund of ₹450\.00 succeeded/,
      { timeout: 45_000 },
    )
    expect(acceptedOf(orderRef)).toEqual(['45000'])
  })
})
