import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderRefunds } from '../../../client/features/orders/order-refunds.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { NowhereRouter } from '../nowhere-router.tsx'
import { orderDetail, orderRefund } from './order-detail.ts'

test('the bank reference is in sight in the width that a window of 1440 px leaves', async () => {
  const screen = await render(
    <NowhereRouter>
      <TestApp role="support" api={fakeApi({ 'refunds.byOrder': () => [orderRefund(1)] })}>
        <div style={{ width: 792 }}>
          <OrderRefunds order={orderDetail(1)} />
        </div>
      </TestApp>
    </NowhereRouter>,
  )
  const reference = screen.getByRole('columnheader', { name: 'Bank reference' })
  await expect.element(reference).toBeInTheDocument()
  const grid = screen.getByRole('grid').element().getBoundingClientRect()
  expect(reference.element().getBoundingClientRect().right).toBeLessThanOrEqual(grid.left + 792)
})
