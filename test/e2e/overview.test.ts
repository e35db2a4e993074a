import type { Page } from 'playwright'
import { beforeAll, describe, expect, test } from 'vitest'
import { PHONE } from '../support/browser.ts'
import { shown, useStack } from '../support/e2e.ts'

const stack = useStack()

beforeAll(async () => {
  for (const amount of ['1200.00', '800.00']) await stack().order(amount)
  await stack().order('450.00', { scenario: 'failed' })
  await stack().order('300.00', { scenario: 'stuck' })
}, 120_000)

const tile = (page: Page, name: string) => page.getByRole('article', { name, exact: true })

async function open(role: 'finance' | 'support' | 'viewer'): Promise<Page> {
  const { page } = await stack().visit(role)
  await page.goto('/')
  await shown(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  return page
}

/** How many rows the list says there are. */
async function listed(page: Page): Promise<number> {
  await shown(page.getByRole('heading', { level: 1, name: 'Transactions' })).toBeVisible()
  await shown(page.getByRole('row').nth(1)).toBeVisible()
  return (await page.getByRole('row').count()) - 1
}

describe('the overview', () => {
  test('changes by itself when somebody pays, as often as was chosen', async () => {
    const page = await open('finance')
    await page.getByLabel('Refresh').selectOption('Refresh 10 s')
    await shown(tile(page, 'Charged')).toContainText('2 payments')
    await shown(tile(page, 'Charged').getByTitle('₹2,000.00')).toBeVisible()
    await shown(tile(page, 'Success rate')).toContainText('66.6%')
    await shown(tile(page, 'Success rate')).toContainText('2 of 3 ended')
    await page.evaluate(() => Reflect.set(window, 'neverReloaded', true))
    await stack().order('101000.00')
    await shown(tile(page, 'Charged')).toContainText('3 payments')
    await shown(tile(page, 'Charged').getByTitle('₹1,03,000.00')).toContainText('₹1.03 L')
    await shown(tile(page, 'Success rate')).toContainText('75.0%')
    expect(await page.evaluate(() => Reflect.get(window, 'neverReloaded'))).toBe(true)
  })

  test.each([
    ['Charged', 'Show charged payments', /^([\d,]+) payment/],
    ['Success rate', 'Show failed payments', null],
    ['Pending', 'Show pending payments', /^(\d+)$/],
  ] as const)('leads from %s to exactly the orders it counts', async (name, action, counted) => {
    const page = await open('finance')
    await shown(tile(page, name).getByRole('link', { name: action })).toBeVisible()
    const texts = await tile(page, name).getByRole('paragraph').allInnerTexts()
    const [charged = 0, ended = 0] =
      (texts.find((text) => text.endsWith('ended')) ?? '').match(/\d+/g)?.map(Number) ?? []
    const found = texts.flatMap((text) => counted?.exec(text)?.[1] ?? [])[0]
    const expected = counted === null ? ended - charged : Number(found)
    expect(expected).toBeGreaterThan(0)
    await tile(page, name).getByRole('link', { name: action }).click()
    expect(await listed(page)).toBe(expected)
  })

  test('leads from Refunded to exactly the refunds it counts', async () => {
    await stack().order('640.00', { scenario: 'refunded' })
    const page = await open('finance')
    /** By how many the list differs from the tile it was opened from. A refund may end in between. */
    const difference = async (): Promise<number> => {
      await page.goto('/')
      await shown(tile(page, 'Refunded')).toContainText(/[1-9]\d* refund/)
      const counted = Number(/(\d+) refund/.exec((await tile(page, 'Refunded').textContent()) ?? '')?.[1])
      await tile(page, 'Refunded').getByRole('link', { name: 'Show these refunds' }).click()
      await shown(page.getByRole('button', { name: 'Edit filter Settled Today' })).toBeVisible()
      const rows = page.getByRole('grid', { name: 'Refunds' }).locator('[data-row]')
      await shown(rows.first()).toBeVisible()
      return (await rows.count()) - counted
    }
    await expect.poll(difference, { timeout: 30_000 }).toBe(0)
  })

  test('draws payments by outcome, tells them by keyboard, and shows them as a table', async () => {
    const page = await open('viewer')
    const chart = page.getByRole('slider', { name: 'Payments per 15 min, by outcome' })
    await shown(chart).toHaveAttribute('aria-valuetext', /charged, 1 failed, 1 pending/)
    await chart.focus()
    await page.keyboard.press('End')
    await shown(chart).toHaveAttribute('aria-valuetext', /^\d\d:\d\d to \d\d:\d\d: \d+ charged/)
    await page.getByRole('button', { name: 'Show as table' }).click()
    const table = page.getByRole('region', { name: 'Payments by outcome as a table' })
    await shown(table.getByRole('columnheader', { name: 'Charged' })).toBeVisible()
    await shown(chart).toHaveCount(0)
  })

  test('keeps its window in the address', async () => {
    const page = await open('finance')
    await page.getByLabel('Time range').selectOption('Last 7 days')
    await shown(page).toHaveURL(/\?range=7d$/)
    await shown(page.getByRole('slider', { name: 'Payments per 3 h, by outcome' })).toBeVisible()
    await page.reload()
    await shown(page.getByLabel('Time range')).toHaveValue('7d')
  })

  test('has its choices on two lines of a phone and its figures in sight', async () => {
    const { page } = await stack().visit('finance', { viewport: PHONE, touch: true })
    await page.goto('/')
    await shown(tile(page, 'Charged').getByRole('paragraph').first()).toBeInViewport({ ratio: 1 })
    await shown(tile(page, 'Pending').getByRole('paragraph').first()).toBeInViewport({ ratio: 1 })
    const boxes = await page
      .getByRole('combobox')
      .evaluateAll((selects) => selects.map((select) => select.getBoundingClientRect().toJSON()))
    expect(boxes).toHaveLength(3)
    expect(new Set(boxes.map(({ top }) => top)).size).toBe(2)
    // With the line around them 44 px, what a finger needs.
    for (const { height } of boxes) expect(height).toBeGreaterThanOrEqual(42)
  })

  test('shows whoever may not see figures what waits for them', async () => {
    const page = await open('support')
    await shown(page.getByRole('heading', { name: 'Needs you' })).toBeVisible()
    await shown(page.getByText('Nothing needs you.')).toBeVisible()
    await shown(tile(page, 'Charged')).toHaveCount(0)
    await shown(page.getByLabel('Time range')).toHaveCount(0)
  })
})
