import { userEvent } from 'vitest/browser'
import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { JsonViewer, type Json } from '../../../client/ui/json-viewer.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

const show = (value: Json, depth = 3) =>
  render(
    <KitProvider>
      <JsonViewer value={value} label="Webhook body" depth={depth} />
    </KitProvider>,
  )

test('numbers that a float would change are shown and copied as they were written', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const screen = await show({
    amount: { $number: '10.80' },
    ref: [{ $number: '20230517020968656340' }],
    count: 3,
  })
  const tree = screen.getByRole('tree', { name: 'Webhook body, content' })
  await expect.element(tree).toHaveTextContent('{"amount": 10.80,"ref": [20230517020968656340],"count": 3}')
  await screen.getByRole('button', { name: 'Copy', exact: true }).click()
  expect(copied).toHaveBeenCalledExactlyOnceWith(
    '{\n  "amount": 10.80,\n  "ref": [\n    20230517020968656340\n  ],\n  "count": 3\n}',
  )
})

test('arrows move through the tree, open and close it, and the place of the cursor is shown and copied', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  copied.mockClear()
  const screen = await show({ content: { order: { amount: 5, 'odd name': 1 } } }, 2)
  const tree = screen.getByRole('tree')
  await expect
    .element(screen.getByRole('treeitem', { name: /order/ }))
    .toHaveAttribute('aria-expanded', 'false')
  tree.element().focus()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}{ArrowRight}')
  await expect.element(screen.getByText('content.order.amount', { exact: true })).toBeVisible()
  await userEvent.keyboard('{ArrowDown}')
  await expect.element(screen.getByText('content.order["odd name"]', { exact: true })).toBeVisible()
  await userEvent.keyboard('{ArrowLeft}')
  await screen.getByRole('button', { name: 'Copy path content.order', exact: true }).click()
  expect(copied).toHaveBeenCalledExactlyOnceWith('content.order')
  tree.element().focus()
  await userEvent.keyboard('{ArrowLeft}')
  await expect.element(screen.getByRole('treeitem', { name: /2 fields/ })).toBeVisible()
})

test('what is found is counted, opened and gone through', async () => {
  const screen = await show({ a: { b: { status: 'CHARGED' } }, list: [{ note: 'charged twice' }] }, 1)
  await expect.element(screen.getByText('"CHARGED"')).not.toBeInTheDocument()
  await screen.getByRole('searchbox', { name: 'Find in the body' }).fill('charged')
  await expect.element(screen.getByRole('status').first()).toHaveTextContent('2')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('status').first()).toHaveTextContent('1 of 2')
  await expect.element(screen.getByText('a.b.status', { exact: true })).toBeVisible()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByText('list[0].note', { exact: true })).toBeVisible()
  await screen.getByRole('searchbox').fill('nowhere')
  await expect.element(screen.getByRole('status').first()).toHaveTextContent('none')
})

test('hidden values are called hidden', async () => {
  const screen = await show({ email: 'a•••@example.com', password: '[removed]', name: 'Asha' })
  expect(screen.getByText('hidden', { exact: true }).elements()).toHaveLength(2)
})

test('a body of ten thousand lines mounts only those in sight', async () => {
  const screen = await show(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field_${i}`, i])))
  const tree = screen.getByRole('tree')
  await expect.element(screen.getByRole('treeitem', { name: /field_0\b/ })).toBeVisible()
  expect(screen.getByRole('treeitem').elements().length).toBeLessThan(200)
  tree.element().focus()
  await userEvent.keyboard('{End}')
  await expect.element(screen.getByRole('treeitem', { name: /field_9999/ })).toBeVisible()
})
