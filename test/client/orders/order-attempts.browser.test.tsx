import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderAttempts } from '../../../client/features/orders/order-attempts.tsx'
import type { Attempt } from '../../../client/features/orders/order-types.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

function attempt(number: number, change: Partial<Attempt>): Attempt {
  return {
    id: `attempt-${number}`,
    txnRef: `demo-ord_1-${number}`,
    number,
    providerStatus: 'CHARGED',
    paymentStatus: 'charged',
    label: 'Charged',
    amountMinor: 129_900n,
    leftMinor: 129_900n,
    currency: 'INR',
    gateway: 'RAZORPAY',
    methodLabel: 'UPI',
    gatewayRef: `pay_${number}`,
    rrn: null,
    errorCode: null,
    errorMessage: null,
    createdAt: new Date('2026-11-22T09:00:00Z'),
    ...change,
  }
}

test('the latest attempt is there in full, and another one when its row is pressed', async () => {
  const rows = [
    attempt(1, {
      providerStatus: 'AUTHORIZATION_FAILED',
      paymentStatus: 'failed',
      label: 'Declined',
      leftMinor: null,
      errorCode: '51',
      errorMessage: 'Insufficient funds',
    }),
    attempt(2, { rrn: '432198765012' }),
  ]
  const screen = await render(
    <TestApp role="support" api={fakeApi({ 'orders.attempts': () => rows })}>
      <OrderAttempts orderId="o1" />
    </TestApp>,
  )
  const second = screen.getByRole('region', { name: 'Attempt 2 in full' })
  await expect.element(second.getByRole('button', { name: 'Copy RRN 432198765012' })).toBeVisible()
  await expect.element(second.getByRole('button', { name: 'Copy attempt ID demo-ord_1-2' })).toBeVisible()
  await expect.element(second).toMatchTextContent(/₹1,299\.00/)

  await screen.getByRole('gridcell', { name: 'Insufficient funds (51)' }).click()
  const first = screen.getByRole('region', { name: 'Attempt 1 in full' })
  await expect.element(first).toMatchTextContent(/Insufficient funds \(51\)/)
  await expect.element(first.getByText('RRN')).not.toBeInTheDocument()
})

test('a time is in sight in the width that a window of 1440 px leaves', async () => {
  const screen = await render(
    <TestApp role="support" api={fakeApi({ 'orders.attempts': () => [attempt(1, {})] })}>
      <div style={{ width: 792 }}>
        <OrderAttempts orderId="o1" />
      </div>
    </TestApp>,
  )
  const time = screen.getByRole('columnheader', { name: 'Time' })
  await expect.element(time).toBeInTheDocument()
  const grid = screen.getByRole('grid').element().getBoundingClientRect()
  expect(time.element().getBoundingClientRect().right).toBeLessThanOrEqual(grid.left + 792)
})
