import type { inferOutput } from '@trpc/tanstack-react-query'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { PaidTwice } from '../../../client/features/orders/order-paid-twice.tsx'
import type { useTRPC } from '../../../client/lib/trpc.ts'
import type { DisplayStatus } from '../../../server/domain/payment-status.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

type Related = inferOutput<ReturnType<typeof useTRPC>['orders']['related']>['rows'][number]

function related(orderRef: string, change: Partial<Related> = {}): Related {
  return {
    id: orderRef,
    orderRef,
    createdAt: new Date('2026-11-22T09:00:00Z'),
    amountMinor: 129_900n,
    currency: 'INR',
    displayStatus: 'charged',
    matchedBy: 'customer',
    near: true,
    ...change,
  }
}

function show(displayStatus: DisplayStatus, rows: Related[]) {
  const order = { id: 'o1', amountMinor: 129_900n, currency: 'INR', displayStatus }
  const api = fakeApi({ 'orders.related': () => ({ rows, more: false }) })
  return render(
    <TestApp role="support" api={api}>
      <PaidTwice order={order} />
      <p>Rest of the page</p>
    </TestApp>,
  )
}

test('a second payment of the same amount within a day is named at the top, with its link', async () => {
  const others = [
    related('ord_2'),
    related('ord_failed', { displayStatus: 'failed' }),
    related('ord_repaid', { displayStatus: 'refunded' }),
    related('ord_other', { amountMinor: 129_901n }),
    related('ord_dollars', { currency: 'USD' }),
    related('ord_old', { near: false }),
  ]
  const screen = await show('charged', others)
  await expect.element(screen.getByText(/^Perhaps paid twice/)).toBeVisible()
  await expect.element(screen.getByRole('link')).toHaveAttribute('href', '/orders/ord_2')
})

test('an order that failed names the one that was paid instead', async () => {
  const screen = await show('failed', [related('ord_2')])
  await expect.element(screen.getByText(/^Perhaps paid with another order/)).toBeVisible()
})

test('an order that was paid back says nothing', async () => {
  const screen = await show('refunded', [related('ord_2')])
  await expect.element(screen.getByText('Rest of the page')).toBeVisible()
  await expect.element(screen.getByText(/^Perhaps paid/)).not.toBeInTheDocument()
})
