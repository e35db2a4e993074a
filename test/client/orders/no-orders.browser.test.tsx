/** An empty list says which clause keeps the orders out, with how many there would be. */
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { NoOrders } from '../../../client/features/orders/no-orders.tsx'
import { DEFAULT_SEARCH, type OrderSearch } from '../../../client/features/orders/order-views.ts'
import { timeRangeOf } from '../../../server/domain/time-range.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

async function open(change: Partial<OrderSearch>, way: unknown) {
  const search = { ...DEFAULT_SEARCH, ...change }
  const range = timeRangeOf(search.t, new Date()) ?? { from: null, to: null }
  const api = fakeApi({ 'orders.wayOut': () => way })
  const screen = await render(
    <TestApp role="support" api={api}>
      <NoOrders search={search} range={range} unread={false} />
    </TestApp>,
  )
  return { screen, api }
}

const href = (name: string) => ({ name, exact: true }) as const

test('the clause at fault and the longer time, each with what would match', async () => {
  const { screen } = await open(
    { q: 'status:failed gateway:payu' },
    {
      clause: { text: 'gateway:payu', q: 'status:failed', count: 312, more: false },
      wider: { count: 999, more: true },
    },
  )
  const remove = screen.getByRole('link', href('Remove gateway:payu (312 would match)'))
  await expect.element(remove).toHaveAttribute('href', '/transactions?q=status%3Afailed')
  await expect
    .element(screen.getByRole('link', href('Search the last 30 days (999+ would match)')))
    .toHaveAttribute('href', '/transactions?q=status%3Afailed+gateway%3Apayu&t=-30d')
  await expect.element(screen.getByRole('link', href('Clear the filter'))).toBeVisible()
})

test('the only clause is removed by clearing, which is offered once', async () => {
  const clause = { text: 'status:voided', q: '', count: 1_234, more: false }
  const { screen } = await open({ q: 'status:voided' }, { clause, wider: { count: 0, more: false } })
  await expect
    .element(screen.getByRole('link', href('Remove status:voided (1,234 would match)')))
    .toBeVisible()
  await expect.element(screen.getByRole('link', href('Clear the filter'))).not.toBeInTheDocument()
  // A month has none either.
  await expect.element(screen.getByRole('link', href('Search all time'))).toBeVisible()
})

test('what could not be counted is offered without a number', async () => {
  const { screen } = await open({ q: 'error:declined' }, { clause: null, wider: null })
  await expect.element(screen.getByRole('link', href('Search the last 30 days'))).toBeVisible()
})

test('no single clause is at fault: nothing is said to be', async () => {
  const { screen, api } = await open(
    { q: 'status:voided gateway:payu', t: 'all' },
    { clause: null, wider: null },
  )
  await expect.element(screen.getByRole('link', href('Clear the filter'))).toBeVisible()
  await expect.element(screen.getByRole('link', { name: /^Remove/ })).not.toBeInTheDocument()
  await expect.element(screen.getByRole('link', { name: /^Search/ })).not.toBeInTheDocument()
  expect(api.calls).toMatchObject([{ path: 'orders.wayOut', input: { wider: null } }])
})

test('a month is no longer time than the list looks at already', async () => {
  const { screen } = await open({ q: 'status:voided', t: '-90d' }, { clause: null, wider: null })
  await expect.element(screen.getByRole('link', href('Search all time'))).toBeVisible()
  await expect.element(screen.getByRole('link', { name: /30 days/ })).not.toBeInTheDocument()
})

test('without a filter only the time is in the way, and all of it needs no count', async () => {
  const { screen, api } = await open({ t: '-90d' }, null)
  await expect.element(screen.getByText('No orders in this time.')).toBeVisible()
  await expect.element(screen.getByRole('link', href('Search all time'))).toBeVisible()
  expect(api.calls).toEqual([])
})

test('a text that may be an amount is offered as one', async () => {
  const { screen } = await open({ q: '"1.5 lakh"' }, { clause: null, wider: null })
  await expect
    .element(screen.getByRole('link', href('Look for Amount ₹1,50,000.00')))
    .toHaveAttribute('href', '/transactions?q=amount%3A%3D150000')
})

test('a time that was said goes to the control of the time', async () => {
  const { screen } = await open({ q: '"₹499 on 2026-11-20"', t: '-7d' }, { clause: null, wider: null })
  const link = screen.getByRole('link', { name: /^Look for Amount ₹499\.00/ })
  await expect
    .element(link)
    .toHaveAttribute('href', '/transactions?q=amount%3A%3D499&t=2026-11-20..2026-11-20')
})

test('words beside other clauses are what they are', async () => {
  const { screen } = await open({ q: 'status:failed "1.5 lakh"' }, { clause: null, wider: null })
  await expect.element(screen.getByRole('link', href('Clear the filter'))).toBeVisible()
  await expect.element(screen.getByRole('link', { name: /^Look for/ })).not.toBeInTheDocument()
})
