import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderNotes } from '../../../client/features/orders/order-notes.tsx'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

test('a refused note stays in the field with the reason', async () => {
  const full = 'There are 200 notes on this order already.'
  const api = fakeApi({
    'notes.list': () => [],
    'notes.write': () => new Refused('CONFLICT', 'limit_exceeded', full),
  })
  const screen = await render(
    <TestApp role="support" api={api}>
      <OrderNotes orderId="o1" />
    </TestApp>,
  )
  const field = screen.getByLabelText('Add a note')
  await field.fill('One more')
  await screen.getByRole('button', { name: 'Add note' }).click()
  await expect.element(field).toHaveAccessibleDescription(full)
  await expect.element(field).toHaveValue('One more')
})
