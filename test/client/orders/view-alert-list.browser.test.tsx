/** What a person is told of, in one place, each to be turned off. */
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import type { ViewAlert } from '../../../client/features/orders/order-types.ts'
import { ViewAlertList } from '../../../client/features/orders/view-alert-list.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { AT, viewAlert } from './view-alert.ts'

async function open(first: readonly ViewAlert[]) {
  let alerts = first
  const api = fakeApi({
    'views.alerts': () => alerts,
    'views.list': () => [],
    'views.stopAlert': () => void (alerts = []),
    'views.seeAlerts': () => void (alerts = []),
  })
  const screen = await render(
    <TestApp api={api} role="viewer">
      <ViewAlertList />
    </TestApp>,
  )
  const acts = () => api.calls.filter(({ path }) => /stopAlert|seeAlerts/.test(path))
  return { screen, acts }
}

test('each names its view, its rule and how it stands, and is turned off here', async () => {
  const { screen, acts } = await open([viewAlert({ rule: { kind: 'oldest_over', threshold: 120 } })])
  const line = screen.getByRole('listitem')
  await expect.element(line).toMatchTextContent(/You are told when the oldest is over 2 h\. Not true at/)
  await expect
    .element(line.getByRole('link', { name: 'Failed today' }))
    .toHaveAttribute('href', expect.stringContaining('view=failed'))
  await line.getByRole('button', { name: 'Turn off the alert on Failed today' }).click()
  await expect.element(screen.getByText(/^None\./)).toBeVisible()
  expect(acts()).toEqual([{ path: 'views.stopAlert', input: { view: 'failed' } }])
})

test('that of a view that was deleted goes with the knowledge of it', async () => {
  const gone = viewAlert({ view: null, name: 'Stuck', problem: 'gone', problemAt: AT })
  const { screen, acts } = await open([gone])
  await expect.element(screen.getByRole('link', { name: 'Stuck' })).not.toBeInTheDocument()
  await screen.getByRole('button', { name: 'Turn off the alert on Stuck' }).click()
  await expect.element(screen.getByText(/^None\./)).toBeVisible()
  expect(acts()).toEqual([{ path: 'views.seeAlerts', input: { seen: [{ id: gone.id, upTo: AT }] } }])
})

test('nothing is offered for a deleted view before it is known to be gone', async () => {
  const { screen } = await open([viewAlert({ view: null, name: 'Stuck' })])
  await expect.element(screen.getByText('Stuck')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: /Turn off/ })).not.toBeInTheDocument()
})
