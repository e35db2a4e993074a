/** A revealed field on the screen: for its time, for its order, for whoever may see it, and nowhere else. */
import { expect, onTestFinished, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderCustomer } from '../../../client/features/orders/order-customer.tsx'
import { REVEAL_MS, shownForMs } from '../../../server/domain/reveal.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { orderDetail } from './order-detail.ts'

const VALUE = 's.iyer@example.com'

async function reveal(shownMs: number) {
  const api = fakeApi({
    'orders.reveal': () => ({ value: VALUE, until: new Date(Date.now() + shownMs) }),
  })
  const page = (role: Role) => (
    <TestApp role={role} api={api}>
      <OrderCustomer order={orderDetail(1)} />
    </TestApp>
  )
  const screen = await render(page('support'))
  await screen.getByRole('button', { name: 'Reveal the e-mail address' }).click()
  await screen.getByLabelText('Reason to see the e-mail address').fill('The customer asked')
  await screen.getByRole('button', { name: 'Show', exact: true }).click()
  await expect.element(screen.getByRole('button', { name: 'Hide the e-mail address' })).toBeVisible()
  expect(document.body.textContent).toContain(VALUE)
  return { screen, page, api }
}

test('keeps the focus beside the value, shown and hidden again', async () => {
  const { screen } = await reveal(REVEAL_MS)
  const hide = screen.getByRole('button', { name: 'Hide the e-mail address' })
  await expect.element(hide).toHaveFocus()
  await hide.click()
  await expect.element(screen.getByRole('button', { name: 'Reveal the e-mail address' })).toHaveFocus()
})

test('a button on a line of its own begins where the value does', async () => {
  const { screen } = await reveal(REVEAL_MS)
  document.body.style.width = '280px'
  onTestFinished(() => void document.body.style.removeProperty('width'))
  const hide = screen.getByRole('button', { name: 'Hide the e-mail address' }).element()
  const label = hide.querySelector('span')
  if (!label || !hide.parentElement) throw new Error('the button has no label')
  expect(label.getBoundingClientRect().top).toBeGreaterThan(
    hide.parentElement.getBoundingClientRect().top + 20,
  )
  expect(label.getBoundingClientRect().left).toBe(hide.parentElement.getBoundingClientRect().left)
})

test('stands clear of the value where it cannot be pressed and has an edge', async () => {
  const screen = await render(
    <TestApp role="ops" api={fakeApi({})}>
      <OrderCustomer order={orderDetail(1)} />
    </TestApp>,
  )
  const button = screen.getByRole('button', { name: 'Reveal the e-mail address' }).element()
  const value = document.createRange()
  value.selectNodeContents(button.previousSibling ?? document.body)
  const gap = button.getBoundingClientRect().left - value.getBoundingClientRect().right
  expect(gap).toBeGreaterThanOrEqual(6)
})

test('goes back behind its mask when its time is over', async () => {
  const { screen } = await reveal(2_500)
  await expect.element(screen.getByRole('button', { name: 'Reveal the e-mail address' })).toBeVisible()
  expect(document.body.textContent).not.toContain(VALUE)
})

test('goes back at once for whoever loses the permission', async () => {
  const { screen, page } = await reveal(REVEAL_MS)
  await screen.rerender(page('ops'))
  await expect.element(screen.getByRole('button', { name: 'Reveal the e-mail address' })).toBeVisible()
  expect(document.body.textContent).not.toContain(VALUE)
})

test.each([
  [60_000, 60_000],
  [REVEAL_MS + 3_600_000, REVEAL_MS],
  [-3_600_000, REVEAL_MS],
])('by a clock that leaves %d ms it is shown for %d', (leftMs, shownMs) => {
  expect(shownForMs(new Date(1_000_000_000_000 + leftMs), 1_000_000_000_000)).toBe(shownMs)
})
