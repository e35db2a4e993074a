/** A view that is saved says so, and one that could not be saved does not. */
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { DEFAULT_SEARCH } from '../../../client/features/orders/order-views.ts'
import { useViews } from '../../../client/features/orders/use-views.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

const STATE = { ...DEFAULT_SEARCH, cols: null, widths: {}, density: null }

function Page() {
  const views = useViews(() => {})
  return <button onClick={() => void views.saveNew('Mine', false, STATE)}>Save</button>
}

async function save(answer: unknown) {
  const api = fakeApi({
    'views.list': () => [],
    'views.preference': () => ({ density: null, widths: {}, pinned: null, defaultView: null }),
    'views.savePreference': () => null,
    'views.create': () => answer,
  })
  const screen = await render(
    <TestApp role="support" api={api}>
      <Page />
    </TestApp>,
  )
  await screen.getByRole('button', { name: 'Save' }).click()
  return screen
}

test('refused', async () => {
  const screen = await save(new Refused('CONFLICT', 'limit_exceeded', 'You have 100 views already.'))
  await expect.element(screen.getByText('You have 100 views already.')).toBeVisible()
  await expect.element(screen.getByText('View saved.', { exact: true })).not.toBeInTheDocument()
})

test('saved', async () => {
  const screen = await save({ id: '00000000-0000-4000-8000-000000000009' })
  await expect.element(screen.getByText('View saved.', { exact: true })).toBeVisible()
})
