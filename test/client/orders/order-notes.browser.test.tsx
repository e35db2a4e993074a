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

test('what was written is there again after the page was left, until it is saved; of its own order alone', async () => {
  const api = fakeApi({ 'notes.list': () => [], 'notes.write': () => null })
  const notes = (orderId: string) => (
    <TestApp role="support" api={api}>
      <OrderNotes key={orderId} orderId={orderId} />
    </TestApp>
  )
  const screen = await render(notes('o2'))
  const field = screen.getByLabelText('Add a note')
  await field.fill('Customer called, will call')
  await screen.rerender(notes('o3'))
  await expect.element(field).toHaveValue('')
  await screen.rerender(notes('o2'))
  await expect.element(field).toHaveValue('Customer called, will call')
  await screen.getByRole('button', { name: 'Add note' }).click()
  await expect.element(field).toHaveValue('')
  await screen.rerender(notes('o3'))
  await screen.rerender(notes('o2'))
  await expect.element(field).toHaveValue('')
})
