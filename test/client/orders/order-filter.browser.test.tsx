import { useState } from 'react'
import { beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { OrderFilter } from '../../../client/features/orders/order-filter.tsx'
import { DEFAULT_SEARCH, type OrderSearch } from '../../../client/features/orders/order-views.ts'
import { registeredActions } from '../../../client/ui/shortcut-registry.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const api = fakeApi({ 'orders.facets': () => ({ gateways: [], counts: [], all: true }) })

function Harness() {
  const [search, setSearch] = useState<OrderSearch>(DEFAULT_SEARCH)
  const [unreadable, setUnreadable] = useState(false)
  return (
    <TestApp role="support" api={api}>
      <OrderFilter
        search={search}
        range={{ from: null, to: null }}
        onSearch={(change) => setSearch({ ...search, ...change })}
        onUnreadable={setUnreadable}
      />
      <output aria-label="Rows">{unreadable ? 'dimmed' : 'bright'}</output>
      <output aria-label="Query">{search.q}</output>
    </TestApp>
  )
}

async function openFilter() {
  const screen = await render(<Harness />)
  const field = screen.getByRole('combobox', { name: 'Filter transactions' })
  await field.click()
  const query = screen.getByLabelText('Query')
  const run = async (text: string, whole: string) => {
    await field.fill(text)
    await userEvent.keyboard('{Enter}')
    await expect.element(query).toHaveTextContent(whole)
  }
  return { screen, field, query, run }
}

beforeEach(() => localStorage.clear())

test('an empty field offers the queries that were run last, each as a whole one', async () => {
  const { screen, query, run } = await openFilter()
  await run('s:failed', 'status:failed')
  await run('amount:>5000', 'status:failed amount:>5000')
  const again = screen.getByRole('option', { name: /used lately/ })
  await userEvent.keyboard('{ArrowDown}')
  // The one that runs now is not among them.
  await expect.element(again).toHaveTextContent('status:failedused lately')
  await userEvent.keyboard('{Enter}')
  await expect.element(query).toMatchTextContent(/^status:failed$/)
  await userEvent.keyboard('{ArrowDown}')
  await expect.element(again).toHaveTextContent('status:failed amount:>5000used lately')
})

test('a query that names a person is not kept in the browser', async () => {
  const { screen, run } = await openFilter()
  await run('email:asha@example.com', 'email:asha@example.com')
  await userEvent.keyboard('{ArrowDown}')

  await expect.element(screen.getByRole('option', { name: /used lately/ })).not.toBeInTheDocument()
  expect(JSON.stringify(localStorage)).not.toContain('asha')
})

test('the list makes room for the rows once a filter is run, and is there again for the next one', async () => {
  const { screen, field, run } = await openFilter()
  const list = screen.getByRole('listbox', { name: 'Suggestions' })
  await expect.element(list).toBeVisible()
  await run('s:failed', 'status:failed')
  await expect.element(list).not.toBeInTheDocument()
  await field.fill('method:')
  await userEvent.keyboard('{ArrowDown}{Enter}')
  await expect.element(screen.getByLabelText('Query')).toMatchTextContent(/method:/)
  await expect.element(list).not.toBeInTheDocument()
  await userEvent.keyboard('{Escape}')
  await expect.element(field).not.toHaveFocus()
  await field.click()
  await expect.element(list).toBeVisible()
})

test('a query that cannot be read is told to the list, until it is mended', async () => {
  const { screen, field, run } = await openFilter()
  const rows = screen.getByLabelText('Rows')
  await field.fill('amout:>5')
  await userEvent.keyboard('{Enter}')
  await expect.element(rows).toHaveTextContent('dimmed')
  await run('amount:>5', 'amount:>5')
  await expect.element(rows).toHaveTextContent('bright')
})

test('F marks the first field, not a whole query that would replace this one', async () => {
  const { screen, field, run } = await openFilter()
  await run('s:failed', 'status:failed')
  await run('amount:>5000', 'status:failed amount:>5000')
  await userEvent.keyboard('{Escape}{Escape}')
  await expect.element(field).not.toHaveFocus()
  await userEvent.keyboard('f')
  await expect.element(screen.getByRole('option', { selected: true })).not.toHaveTextContent('used lately')
  await userEvent.keyboard('{Enter}')
  await expect.element(field).toHaveValue('status:')
})

test('the palette copies the address of the view', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  await openFilter()
  registeredActions()
    .find(({ id }) => id === 'view.link')
    ?.run()
  await expect.poll(() => copied.mock.calls).toEqual([[window.location.href]])
  copied.mockRestore()
})

test('the whole filter is edited as text, and not run before Enter nor while it cannot be read', async () => {
  const { screen, field, query, run } = await openFilter()
  const asText = screen.getByRole('button', { name: 'Edit as text' })
  // Without a filter there is nothing to show.
  await expect.element(asText).not.toBeInTheDocument()
  await run('s:failed amount:>5000', 'status:failed amount:>5000')
  await field.fill('method:upi')
  await asText.click()
  await expect.element(field).toHaveValue('status:failed amount:>5000 method:upi')
  await expect.element(field).toHaveFocus()
  await expect.element(screen.getByRole('button', { name: /^Remove filter/ })).not.toBeInTheDocument()
  await expect.element(query).toMatchTextContent(/^status:failed amount:>5000$/)

  await field.fill('status:failed amout:>9000')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/^amout is not a filter/)
  await expect.element(query).toMatchTextContent(/^status:failed amount:>5000$/)

  // What is taken out of the text is out of the filter.
  await field.fill('amount:>9000')
  await userEvent.keyboard('{Enter}')
  await expect.element(query).toMatchTextContent(/^amount:>9000$/)
  await expect.element(screen.getByRole('button', { name: 'Remove filter amount >9000' })).toBeVisible()
})

test('Shift+F edits the whole filter as text', async () => {
  const { field, run } = await openFilter()
  await run('s:failed', 'status:failed')
  await userEvent.keyboard('{Escape}{Escape}')
  await expect.element(field).not.toHaveFocus()
  await userEvent.keyboard('{Shift>}f{/Shift}')
  await expect.element(field).toHaveValue('status:failed')
  await expect.element(field).toHaveFocus()
})
