import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { shown, useStack } from '../support/e2e.ts'

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const gridRow = (page: Page, orderRef: string) => page.getByRole('row').filter({ hasText: orderRef })

/** No mouse is touched in this file. */
describe('everything by keyboard', () => {
  const stack = useStack()

  test('from the list into an order, into the refund dialog, and back out again', async () => {
    const refs = [await stack().order('410.00'), await stack().order('420.00')]
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    // Juspay's times are whole seconds: only when both have theirs is it settled which row is the upper one.
    for (const ref of refs) await shown(gridRow(page, ref)).toContainText('Charged')

    await page.keyboard.press('j')
    await shown(focusedRow(page)).toHaveAttribute('data-row', '0')
    await page.keyboard.press('j')
    await shown(focusedRow(page)).toHaveAttribute('data-row', '1')
    await page.keyboard.press('k')
    await shown(focusedRow(page)).toHaveAttribute('data-row', '0')
    await page.keyboard.press('j')
    await shown(focusedRow(page)).toHaveAttribute('data-row', '1')
    const row = await focusedRow(page).innerText()
    const opened = refs.find((ref) => row.includes(ref)) ?? ''
    await page.keyboard.press('Enter')
    await shown(heading(page, opened)).toBeFocused()
    // The title is there before the order is; its keys come with it.
    await shown(page.getByRole('button', { name: `Refund order ${opened}` })).toBeVisible()

    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog')
    await shown(dialog.getByLabel('Amount')).toBeFocused()
    await page.keyboard.type('110')
    // Enter goes on to the next field; it never sends money.
    await page.keyboard.press('Enter')
    await shown(dialog.getByLabel('Reason')).toBeFocused()
    await page.keyboard.press('Control+Enter')
    await shown(dialog.getByText('Sending to our server')).toHaveCount(0)
    await page.keyboard.type('Wrong amount')
    await shown(dialog.getByLabel('Reason')).toHaveValue('wrong_amount')
    await page.keyboard.press('Control+Enter')
    await shown(dialog.getByRole('heading', { level: 3 })).toBeFocused()
    await page.keyboard.press('Escape')
    await shown(dialog).toHaveCount(0)
    await shown(page.getByRole('list', { name: 'Timeline, newest first' })).toContainText(
      /Refund of ₹110\.00 succeeded/,
    )
    const parts = page.getByRole('navigation', { name: 'Parts of the order' })
    await shown(parts.getByRole('link', { name: /^Refunds/ })).toHaveText('Refunds1')
  })

  test('the palette finds an order, lists what can be done with it, and gives the focus back', async () => {
    const orderRef = await stack().order('4321.00')
    const { page } = await stack().visit('finance')
    await page.goto('/approvals')
    await shown(heading(page, 'Approvals')).toBeVisible()
    await page.keyboard.press('Control+k')
    const input = page.getByRole('combobox', { name: 'Search or jump to' })
    await shown(input).toBeFocused()
    await page.keyboard.type(orderRef)
    await shown(page.getByRole('option').filter({ hasText: orderRef })).toHaveAttribute(
      'aria-selected',
      'true',
    )
    await page.keyboard.press('Enter')
    await shown(page.getByRole('button', { name: `Refund order ${orderRef}` })).toBeVisible()
    await shown(heading(page, orderRef)).toBeFocused()

    await page.keyboard.press('Control+k')
    await shown(input).toBeFocused()
    await page.keyboard.type('refund')
    await shown(page.getByRole('option').filter({ hasText: `Refund ${orderRef}` })).toBeVisible()
    await page.keyboard.press('Escape')
    await shown(input).toHaveCount(0)
    await shown(heading(page, orderRef)).toBeFocused()
  })

  test('G and a letter lead to every place of the navigation', async () => {
    const { page } = await stack().visit('admin')
    await page.goto('/transactions')
    await shown(heading(page, 'Transactions')).toBeVisible()
    const places = [
      ['a', 'Approvals'],
      ['r', 'Refunds'],
      ['c', 'Reconciliation'],
      ['l', 'Live events'],
      ['f', 'Failed events'],
      ['u', 'Audit log'],
      ['m', /^Users/],
      ['s', 'Settings'],
      ['x', 'Sandbox'],
      ['t', 'Transactions'],
    ] as const
    for (const [letter, name] of places) {
      await page.keyboard.press('g')
      await page.keyboard.press(letter)
      await shown(heading(page, name)).toBeFocused()
    }
  })

  test('the address holds filter and sort; back and forward bring them again; a copied address shows the same', async () => {
    const orderRef = await stack().order('7777.00', { paymentMethodType: 'CARD' })
    const other = await stack().order('100.00')
    const { page, context } = await stack().visit('finance')
    await page.goto('/transactions')
    await shown(gridRow(page, other)).toBeVisible()
    await page.keyboard.press('/')
    const filter = page.getByRole('combobox', { name: 'Filter transactions' })
    await shown(filter).toBeFocused()
    await page.keyboard.type('amount:>5000')
    await page.keyboard.press('Enter')
    await shown(page.getByRole('button', { name: /^Remove filter amount/i })).toBeVisible()
    await shown(gridRow(page, other)).toHaveCount(0)
    await shown(gridRow(page, orderRef)).toBeVisible()
    expect(new URL(page.url()).searchParams.get('q')).toBe('amount:>5000')

    // The suggestions made room for what was found. Esc closes one layer at a time: them, then the field.
    await shown(filter).toHaveAttribute('aria-expanded', 'false')
    await page.keyboard.press('ArrowDown')
    await shown(filter).toHaveAttribute('aria-expanded', 'true')
    await page.keyboard.press('Escape')
    await shown(filter).toHaveAttribute('aria-expanded', 'false')
    await page.keyboard.press('Escape')
    await shown(filter).not.toBeFocused()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await shown(heading(page, orderRef)).toBeFocused()
    await page.goBack()
    await shown(page.getByRole('button', { name: /^Remove filter amount/i })).toBeVisible()
    await shown(gridRow(page, other)).toHaveCount(0)

    const copy = await context.newPage()
    await copy.goto(page.url())
    await shown(gridRow(copy, orderRef)).toBeVisible()
    await shown(gridRow(copy, other)).toHaveCount(0)

    await page.goBack()
    await shown(gridRow(page, other)).toBeVisible()
    await page.goForward()
    await shown(gridRow(page, other)).toHaveCount(0)
  })

  test('rows are selected with X, and Esc lets them go', async () => {
    const orderRef = await stack().order('515.00')
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    await shown(gridRow(page, orderRef)).toBeVisible()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    const actions = page.getByRole('group', { name: 'Bulk actions' })
    await shown(actions).toContainText('₹515.00')
    await page.keyboard.press('Escape')
    await shown(actions).toHaveCount(0)
  })

  test('? lists the keys of the page', async () => {
    const { page } = await stack().visit('finance')
    await page.goto('/transactions')
    await shown(heading(page, 'Transactions')).toBeVisible()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await shown(sheet).toContainText('Next row')
    await shown(sheet).toContainText('Approvals')
    await page.keyboard.press('Escape')
    await shown(sheet).toHaveCount(0)
  })

  const focusedRow = (page: Page) => page.locator('tr[data-row]', { has: page.locator(':focus') })
})
