import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderEvents } from '../../../client/features/orders/order-events.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { eventRow } from '../events/event-rows.ts'

test('the events of an order say what became of them in the words of the feed', async () => {
  const rows = [
    eventRow(1),
    eventRow(2, { outcome: 'stale' }),
    eventRow(3, { outcome: 'no_change' }),
    eventRow(4, { status: 'failed', outcome: 'parse_failed', error: 'no body' }),
  ]
  const screen = await render(
    <TestApp role="support" api={fakeApi({ 'orders.events': () => rows })}>
      <OrderEvents orderId="o1" />
    </TestApp>,
  )
  await expect.element(screen.getByText('Stale')).toBeVisible()
  await expect
    .element(screen.getByText('Confirmed'))
    .toHaveAttribute('title', 'It said what we held already. Nothing was changed.')
  await expect.element(screen.getByText('Applied')).toBeVisible()
  await expect.element(screen.getByText('Failed')).toBeVisible()
})
