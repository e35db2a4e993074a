import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { shown, useStack } from '../support/e2e.ts'

const rowsOf = (page: Page, orderRef: string) => page.getByRole('row').filter({ hasText: orderRef })
const connection = (page: Page) => page.getByRole('status').filter({ hasText: 'Stream:' })
const sign = (page: Page) => page.getByRole('banner').locator('[data-live]')

describe('live', () => {
  const stack = useStack()

  test('a cut connection is said to be cut, and resumes with every event once', async () => {
    const before = await stack().order('101.00')
    const visit = await stack().visit('ops')
    const { page } = visit
    await page.goto('/events')
    await shown(connection(page)).toContainText('Live')
    await shown(rowsOf(page, before).first()).toBeVisible()

    visit.allow(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|Failed to fetch/)
    await visit.context.setOffline(true)
    await shown(connection(page)).toContainText('Offline')
    await shown(sign(page)).toContainText('Reconnecting')
    await shown(page.getByText("You're offline.")).toBeVisible()
    const missed = []
    for (let i = 0; i < 5; i += 1) missed.push(await stack().order(`20${i}.00`))
    await shown(rowsOf(page, missed[0] ?? '')).toHaveCount(0)

    await visit.context.setOffline(false)
    await shown(connection(page)).toContainText('Live')
    await expectEveryEventOnce(page, [before, ...missed])
  })

  test('a socket that the server loses is opened again by itself', async () => {
    const visit = await stack().visit('ops')
    const { page } = visit
    await page.goto('/events')
    await shown(connection(page)).toContainText('Live')
    visit.allow(/ERR_(INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION_RESET)/)
    stack().app.paydesk.app.server.closeAllConnections()
    const orderRef = await stack().order('303.00')
    await shown(rowsOf(page, orderRef).first()).toBeVisible()
    await shown(connection(page)).toContainText('Live')
    await expectEveryEventOnce(page, [orderRef])
  })

  test('while paused nothing moves and arrivals are counted; resuming shows them', async () => {
    const { page } = await stack().visit('ops')
    await page.goto('/events')
    await shown(connection(page)).toContainText('Live')
    await page.keyboard.press('p')
    const waiting = page.getByRole('button', { name: /^Paused\. / })
    await shown(waiting).toContainText('Paused. 0 waiting')
    const orderRef = await stack().order('404.00')
    const events = await eventsOf(orderRef)
    await shown(waiting).toContainText(`Paused. ${events.length} waiting`)
    await shown(rowsOf(page, orderRef)).toHaveCount(0)
    await page.keyboard.press('p')
    await expectEveryEventOnce(page, [orderRef])
    await shown(waiting).toHaveCount(0)
  })

  test('the transactions list tells of a new order and patches a row, without a reload', async () => {
    const orderRef = await stack().order('505.00', { scenario: 'created' })
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    await shown(rowsOf(page, orderRef)).toBeVisible()
    await page.evaluate(() => Reflect.set(window, 'neverReloaded', true))

    await stack().control(`/control/orders/${orderRef}/attempts`, { outcome: 'success' })
    await shown(rowsOf(page, orderRef)).toContainText('Charged')
    const fresh = await stack().order('606.00')
    const newer = page.getByRole('button', { name: /new\. Press/ })
    await newer.click()
    await shown(rowsOf(page, fresh)).toBeVisible()
    expect(await page.evaluate(() => Reflect.get(window, 'neverReloaded'))).toBe(true)
  })

  async function eventsOf(orderRef: string) {
    const { trpc } = await stack().app.as('ops')
    const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
    return trpc.orders.events.query({ orderId: order.id })
  }

  /** The feed holds what the server holds about these orders: nothing lost, nothing twice. */
  async function expectEveryEventOnce(page: Page, orderRefs: readonly string[]): Promise<void> {
    for (const orderRef of orderRefs) {
      const { length } = await eventsOf(orderRef)
      expect(length).toBeGreaterThan(0)
      await shown(rowsOf(page, orderRef)).toHaveCount(length)
    }
  }
})
