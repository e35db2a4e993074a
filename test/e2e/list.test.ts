import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import type { TestApp } from '../support/app.ts'
import { eventually, shown, useStack } from '../support/e2e.ts'

const focusedRow = (page: Page) => page.locator('tr:has(:focus)')
const gridRow = (page: Page, orderRef: string) => page.getByRole('row').filter({ hasText: orderRef })
const headers = (page: Page) => page.getByRole('columnheader')
const peek = (page: Page) => page.getByRole('complementary', { name: /^Order .*, in short$/ })
const queryOf = (page: Page) => new URL(page.url()).searchParams

/** More orders than the first two pages of the list have. */
const FAR_ORDERS = 600
/** Eight presses of PageUp from the last of them, and on neither of those pages. */
const FAR_ROW = FAR_ORDERS - 1 - 15 * 8

/** Swallows whatever a mouse or a finger would do, and remembers that somebody tried. */
function blockMouse(): void {
  for (const name of ['pointerdown', 'mousedown', 'touchstart', 'wheel', 'contextmenu'])
    window.addEventListener(
      name,
      (event) => {
        event.preventDefault()
        event.stopImmediatePropagation()
        document.documentElement.dataset['mouse'] = name
      },
      { capture: true, passive: false },
    )
}

describe('the transactions list as a tool', () => {
  const stack = useStack()

  test('with the mouse blocked: peek and move along, open the row’s menu, choose columns, keep a view', async () => {
    const refs: string[] = []
    for (const amount of ['510.00', '520.00', '530.00']) refs.push(await stack().order(amount))
    const { page } = await stack().visit('finance')
    await page.addInitScript(blockMouse)
    await page.goto('/transactions')
    for (const ref of refs) await shown(gridRow(page, ref)).toContainText('Charged')

    // Space looks at the row beside the list; J takes the panel along.
    await page.keyboard.press('j')
    await page.keyboard.press('Space')
    const first = (await focusedRow(page).getByRole('rowheader').textContent()) ?? ''
    await shown(peek(page).getByRole('list', { name: /^Last lines/ })).toContainText('charged')
    await page.keyboard.press('j')
    await shown(focusedRow(page)).toHaveAttribute('data-row', '1')
    const second = (await focusedRow(page).getByRole('rowheader').textContent()) ?? ''
    expect(second).not.toBe(first)
    await shown(peek(page)).toHaveAccessibleName(`Order ${second}, in short`)
    expect(queryOf(page).get('peek')).toBe(second)
    await page.keyboard.press('Escape')
    await shown(peek(page)).toHaveCount(0)
    await shown(focusedRow(page)).toContainText(second)

    // The row's menu, and back to the row.
    await page.keyboard.press('.')
    await shown(page.getByRole('menuitem', { name: 'Open', exact: true })).toBeFocused()
    await page.keyboard.press('Escape')
    await shown(page.getByRole('menu')).toHaveCount(0)
    await shown(focusedRow(page)).toContainText(second)

    // Columns: out of the filter line, one off, one on, moved up, all in the address.
    await page.keyboard.press('/')
    await shown(page.getByRole('combobox', { name: 'Filter transactions' })).toBeFocused()
    await tabTo(page, 'Columns')
    await page.keyboard.press('Enter')
    await shown(page.getByLabel('Find a column')).toBeFocused()
    await page.keyboard.type('utr')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Alt+ArrowUp')
    await shown(headers(page).nth(-3)).toHaveText('UTR or RRN')
    await page.keyboard.press('Escape')
    await shown(page.getByLabel('Find a column')).toHaveCount(0)
    expect(queryOf(page).get('cols')).toContain('utr,customer')

    // A view of it, kept under a name; its tab is there after a reload.
    await page.keyboard.press('Shift+V')
    await shown(page.getByRole('dialog').getByLabel('Name')).toBeFocused()
    const name = `With bank references ${refs[0] ?? ''}`
    await page.keyboard.type(name)
    await page.keyboard.press('Control+Enter')
    await shown(page.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
    await page.reload()
    await shown(page.getByRole('link', { name })).toBeVisible()
    await shown(headers(page).filter({ hasText: 'UTR or RRN' })).toBeVisible()

    expect(await page.locator('html').getAttribute('data-mouse')).toBeNull()
  })

  test('the list keeps to the customer of a row, also for whoever may not read their name', async () => {
    const orderRef = await stack().order('531.00')
    const { page } = await stack().visit('viewer')
    await page.goto('/transactions')
    await gridRow(page, orderRef).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Only this customer' }).click()
    await shown(page).toHaveURL(/customer/)
    const { trpc } = await stack().app.as('admin')
    const { customer } = await trpc.orders.get.query({ orderRefOrId: orderRef })
    expect(queryOf(page).get('q')).toBe(`customer:=${customer.ref}`)
    await shown(gridRow(page, orderRef)).toBeVisible()
  })

  test('with the mouse blocked: select some, all loaded and all that match, and make a file of the list', async () => {
    const refs = [await stack().order('540.00'), await stack().order('550.00')]
    const { page } = await stack().visit('finance')
    await page.addInitScript(blockMouse)
    await page.goto('/transactions')
    for (const ref of refs) await shown(gridRow(page, ref)).toContainText('Charged')

    // Two rows by Shift and an arrow, Esc lets them go; all loaded ones by Ctrl+A.
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+ArrowDown')
    const bar = page.getByRole('group', { name: 'Bulk actions' })
    await shown(bar).toContainText('2 orders selected')
    await page.keyboard.press('Escape')
    await shown(bar).toHaveCount(0)
    await page.keyboard.press('Control+a')
    await shown(bar).toContainText(/\d+ orders selected/)
    await page.keyboard.press('Control+a')
    await shown(bar).toContainText('match as of')
    await page.keyboard.press('Escape')

    // A file of what is on screen.
    await page.keyboard.press('e')
    await shown(page.getByRole('dialog', { name: 'Export transactions' })).toBeVisible()
    const saved = page.waitForEvent('download')
    await page.keyboard.press('Control+Enter')
    const file = await saved
    expect(file.suggestedFilename()).toMatch(/^transactions_\d{4}-\d\d-\d\d_\d{4}_IST_sandbox\.csv$/)
    const text = readFileSync(await file.path(), 'utf8')
    expect(text).toContain('Time,Order,Amount,Currency,Status,Method,Gateway,Customer')
    for (const ref of refs) expect(text).toContain(ref)
    expect(await page.locator('html').getAttribute('data-mouse')).toBeNull()

    // Its page has an address, which leads to the file from anywhere.
    const files = page.getByRole('region', { name: 'Your files' })
    await page.goto('/transactions?dialog=export')
    await shown(files.getByRole('link', { name: file.suggestedFilename() })).toBeVisible()
    await page.keyboard.press('Escape')
    await shown(files).toHaveCount(0)
    expect(new URL(page.url()).search).toBe('')
  })

  test('going back finds the row and the place; what arrives meanwhile is counted, not shown', async () => {
    const refs: string[] = []
    for (let i = 0; i < 4; i += 1) refs.push(await stack().order(`${610 + i}.00`))
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    for (const ref of refs) await shown(gridRow(page, ref)).toContainText('Charged')
    for (const key of ['j', 'j', 'j']) await page.keyboard.press(key)
    await shown(focusedRow(page)).toHaveAttribute('data-row', '2')
    const ref = (await focusedRow(page).getByRole('rowheader').textContent()) ?? ''
    await page.keyboard.press('Enter')
    await shown(page.getByRole('heading', { level: 1, name: ref })).toBeVisible()
    // However long they look at the order: "the last 24 hours" are still those that the list was of.
    await page.clock.setFixedTime(Date.now() + 180_000)
    await page.goBack()
    await shown(focusedRow(page)).toContainText(ref)
    // Escape goes back over the tabs of the order to the same list, as it was left.
    await page.keyboard.press('Enter')
    await shown(page.getByRole('heading', { level: 1, name: ref })).toBeVisible()
    await page.keyboard.press('4')
    const tabs = page.getByRole('navigation', { name: 'Parts of the order' })
    await shown(tabs.getByRole('link', { name: 'Events' })).toHaveAttribute('aria-current', 'page')
    await page.keyboard.press('Escape')
    await shown(page.getByRole('heading', { level: 1, name: 'Transactions' })).toBeVisible()
    await shown(focusedRow(page)).toContainText(ref)

    const arrived = await stack().order('699.00')
    await shown(page.getByRole('button', { name: /new\. Press/ })).toBeVisible()
    await shown(gridRow(page, arrived)).toHaveCount(0)
    await shown(focusedRow(page)).toContainText(ref)
    // One Home shows the newest and goes there.
    await page.keyboard.press('Home')
    await shown(focusedRow(page)).toContainText(arrived)
  })

  test('going back finds the row also when the panel went along with it', async () => {
    const refs: string[] = []
    for (const amount of ['610.00', '620.00', '630.00']) refs.push(await stack().order(amount))
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    for (const ref of refs) await shown(gridRow(page, ref)).toContainText('Charged')
    await page.keyboard.press('j')
    await page.keyboard.press('Space')
    for (const row of ['1', '2']) {
      await page.keyboard.press('j')
      await shown(focusedRow(page)).toHaveAttribute('data-row', row)
    }
    const ref = (await focusedRow(page).getByRole('rowheader').textContent()) ?? ''
    await shown(peek(page)).toHaveAccessibleName(`Order ${ref}, in short`)
    await page.keyboard.press('Enter')
    await shown(page.getByRole('heading', { level: 1, name: ref })).toBeVisible()
    await page.goBack()
    await shown(peek(page)).toHaveAccessibleName(`Order ${ref}, in short`)
    await shown(focusedRow(page)).toContainText(ref)
  })

  test('going back finds a row far down however long somebody was away', async () => {
    await insertOrders(stack().app)
    const { page } = await stack().visit('finance')
    // By its clock the cache forgets.
    await page.clock.install()
    await page.goto('/transactions?q=order%3Afar-*')
    await shown(gridRow(page, farRef(0))).toBeVisible()
    await page.keyboard.press('j')
    await eventually('the last row is there', async () => {
      for (let presses = 0; presses < 8; presses += 1) await page.keyboard.press('PageDown')
      expect(await focusedRow(page).getAttribute('data-row')).toBe(String(FAR_ORDERS - 1))
    })
    for (let presses = 0; presses < 8; presses += 1) await page.keyboard.press('PageUp')
    const ref = farRef(FAR_ROW)
    await shown(focusedRow(page)).toContainText(ref)
    await page.keyboard.press('Enter')
    await shown(page.getByRole('heading', { level: 1, name: ref })).toBeVisible()
    await page.clock.fastForward('01:00:00')
    await page.goBack()
    await shown(focusedRow(page)).toContainText(ref)
    await shown(focusedRow(page)).toBeInViewport()
    // Rows before it and behind it are there, and the top is one press away.
    for (const [key, step] of [
      ['k', -1],
      ['j', 0],
      ['j', 1],
    ] as const) {
      await page.keyboard.press(key)
      await shown(focusedRow(page)).toContainText(farRef(FAR_ROW + step))
    }
    await page.getByRole('button', { name: /begins in its middle/ }).click()
    await shown(gridRow(page, farRef(0))).toBeInViewport()
    await shown(page.getByRole('button', { name: /begins in its middle/ })).toHaveCount(0)
  })

  test('an address that is not understood says what was left out, and a zone in it is shown', async () => {
    const ref = await stack().order('710.00')
    const { page } = await stack().visit('finance')
    await page.goto('/transactions?cols=order,amount,status,foo&tz=UTC&sort=nonsense')
    await shown(gridRow(page, ref)).toBeVisible()
    await shown(page.getByText('Ignored an unknown column: foo.')).toBeVisible()
    await eventually('the address is put right', () => {
      expect(queryOf(page).get('cols')).toBe('order,amount,status')
      return Promise.resolve()
    })
    await shown(headers(page).filter({ hasText: 'Time' })).toHaveCount(0)
    await shown(page.getByRole('button', { name: /UTC/ })).toBeVisible()
    await page.keyboard.press('z')
    await eventually('the zone leaves the address', () => {
      expect(queryOf(page).get('tz')).toBeNull()
      return Promise.resolve()
    })
  })
})

/** The order in a row of the list of those that {@link insertOrders} makes. */
const farRef = (row: number) => `FAR-${String(row + 1).padStart(4, '0')}`

async function insertOrders({ paydesk, accountId }: TestApp): Promise<void> {
  await paydesk.database.pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, provider_status,
       payment_status, display_status, created_at)
     select $1, ref, lower(ref), 'INR', 100, 'NEW', 'created', 'pending', now() - n * interval '1 minute'
     from generate_series(1, $2::int) as n, concat('FAR-', lpad(n::text, 4, '0')) as ref
     on conflict do nothing`,
    [accountId, FAR_ORDERS],
  )
}

/** Presses Tab until the button of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  for (let presses = 0; presses < 10; presses += 1) {
    if (await button.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await shown(button).toBeFocused()
}
