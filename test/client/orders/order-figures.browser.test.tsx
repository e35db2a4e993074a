/** The line of amounts at the top of an order: a figure only where somebody has told one. */
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderFigures } from '../../../client/features/orders/order-figures.tsx'
import type { OrderDetail } from '../../../client/features/orders/order-types.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { orderDetail } from './order-detail.ts'

async function lineOf(order: OrderDetail): Promise<(string | null)[]> {
  const screen = await render(
    <TestApp role="support" api={fakeApi({})}>
      <OrderFigures order={order} />
    </TestApp>,
  )
  return [...screen.container.querySelectorAll('dl > div')].map(({ textContent }) => textContent)
}

const KNOWN = orderDetail(1)
const UNKNOWN = orderDetail(1, {
  amountMinor: 0n,
  displayStatus: 'review',
  unconfirmedSince: new Date('2026-11-22T09:03:21Z'),
  figures: { ...KNOWN.figures, chargedMinor: 0n, leftMinor: 0n },
  explanation: { ...KNOWN.explanation, situation: 'amount_unknown' },
})

test('a charge of which nobody has told the amount has no figure, and so has what is left of it', async () => {
  expect(await lineOf(UNKNOWN)).toEqual([
    'ChargedNot known yet',
    'Refunded₹0.000 rupees',
    'Refund pending₹0.000 rupees',
    'Left to refundNot known yet',
  ])
})

test('nothing is charged of an order that is not paid, whatever it may cost', async () => {
  const line = await lineOf({ ...UNKNOWN, paymentStatus: 'created', displayStatus: 'pending' })
  expect(line[0]).toBe('Charged₹0.000 rupeesAmount not known yet')
  expect(line[3]).toBe('Left to refund₹0.000 rupees')
})

test('a charge that is known is told to the paisa', async () => {
  expect(await lineOf(KNOWN)).toMatchObject({
    0: 'Charged₹100.00100 rupees',
    3: 'Left to refund₹100.00100 rupees',
  })
})
