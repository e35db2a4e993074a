/** Being told of a view: the dialog that sets it, and the bell on the tabs of the views that somebody watches. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { DEFAULT_SEARCH } from '../../../client/features/orders/order-views.ts'
import type { ViewAlert } from '../../../client/features/orders/order-types.ts'
import { useViews } from '../../../client/features/orders/use-views.ts'
import { ViewTabs } from '../../../client/features/orders/view-tabs.tsx'
import { setPreference } from '../../../client/lib/preferences.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'
import { AT, viewAlert } from './view-alert.ts'

const STATE = { ...DEFAULT_SEARCH, cols: null, widths: {}, density: null }

function Page() {
  const views = useViews(() => {})
  const active = views.all.find(({ id }) => id === 'failed')
  return (
    <ViewTabs
      views={views}
      active={active}
      changed={false}
      state={STATE}
      onSearch={() => {}}
      onReset={() => {}}
    />
  )
}

beforeEach(() => setPreference('feedNotify', false))
afterEach(() => void vi.unstubAllGlobals())

async function open(alerts: ViewAlert[] = [], setAlert: unknown = null) {
  await page.viewport(1280, 800)
  const held = { alerts }
  const api = fakeApi({
    'views.list': () => [],
    'views.preference': () => ({ density: null, widths: {}, pinned: null, defaultView: null }),
    'views.alerts': () => held.alerts,
    'views.setAlert': () => setAlert,
    'views.stopAlert': () => {
      held.alerts = []
      return null
    },
    'orders.count': () => ({ count: 7, more: false }),
  })
  const screen = await render(
    <TestApp role="ops" api={api}>
      <Page />
    </TestApp>,
  )
  const ask = async () => {
    await screen.getByRole('button', { name: 'Views' }).click()
    await screen.getByRole('menuitem', { name: 'Notify me…' }).click()
    const dialog = screen.getByRole('dialog', { name: 'Notify me of Failed today' })
    await expect.element(dialog).toBeVisible()
    return dialog
  }
  const set = () => api.calls.filter(({ path }) => path === 'views.setAlert').map(({ input }) => input)
  return { screen, api, ask, set }
}

test('more than so many rows: none, unless another number is typed', async () => {
  const { screen, ask, set } = await open()
  const dialog = await ask()
  await dialog.getByRole('textbox', { name: 'Rows' }).fill('many')
  await expect.element(dialog.getByText('Enter a number of rows from 0 to 999.').first()).toBeVisible()
  await userEvent.keyboard('{Enter}')
  expect(set()).toEqual([])
  await dialog.getByRole('textbox', { name: 'Rows' }).fill('5')
  await dialog.getByRole('button', { name: 'Notify me' }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(set()).toEqual([{ view: 'failed', rule: { kind: 'more_than', threshold: 5 } }])
  await expect
    .element(screen.getByText('You are told of Failed today when there are more than 5 rows.'))
    .toBeVisible()
})

test('the oldest over so long', async () => {
  const { ask, set } = await open()
  const dialog = await ask()
  await dialog.getByRole('radio', { name: 'The oldest row is over' }).click()
  await expect.element(dialog.getByRole('textbox', { name: 'Age' })).toHaveValue('2')
  await dialog.getByRole('textbox', { name: 'Age' }).fill('3')
  await dialog.getByRole('combobox', { name: 'Unit' }).selectOptions('days')
  await dialog.getByRole('button', { name: 'Notify me' }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(set()).toEqual([{ view: 'failed', rule: { kind: 'oldest_over', threshold: 4_320 } }])
})

test('one that is set says how it stands, begins with its rule, and can be ended', async () => {
  const alert = viewAlert({ rule: { kind: 'oldest_over', threshold: 90 }, holds: true, roseAt: AT })
  const { screen, ask, api } = await open([alert])
  const tab = screen.getByRole('link', { name: 'Failed today , alert 7' })
  await expect.element(tab).toBeVisible()
  const dialog = await ask()
  await expect
    .element(dialog.getByText(/You are told when the oldest is over 90 min\. True since/))
    .toBeVisible()
  await expect.element(dialog.getByRole('textbox', { name: 'Age' })).toHaveValue('90')
  await dialog.getByRole('button', { name: 'Stop notifying' }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(api.calls.find(({ path }) => path === 'views.stopAlert')?.input).toEqual({ view: 'failed' })
  await expect.element(tab).not.toBeInTheDocument()
})

test('the browser tells too once it allows it, by the choice that holds for failed events', async () => {
  const answers = ['denied', 'granted']
  vi.stubGlobal('Notification', { requestPermission: () => Promise.resolve(answers.shift()) })
  const { screen, ask } = await open()
  const choice = (await ask()).getByRole('checkbox', { name: /notifications of this browser/ })
  await choice.click()
  await expect.element(screen.getByText('Notifications stay off')).toBeVisible()
  await expect.element(choice).not.toBeChecked()
  await choice.click()
  await expect.element(choice).toBeChecked()
  expect(localStorage.getItem('paydesk.preferences')).toContain('"feedNotify":true')
})

test('a refusal says why, and what was typed stays', async () => {
  const refused = new Refused('CONFLICT', 'limit_exceeded', 'You have alerts on 20 views.')
  const { ask } = await open([], refused)
  const dialog = await ask()
  await dialog.getByRole('textbox', { name: 'Rows' }).fill('8')
  await dialog.getByRole('button', { name: 'Notify me' }).click()
  await expect.element(dialog.getByText('You have alerts on 20 views.')).toBeVisible()
  await expect.element(dialog.getByRole('textbox', { name: 'Rows' })).toHaveValue('8')
})

test.each([
  [{}, 'Failed today , you are told of it 7'],
  [{ problem: 'too_slow', problemAt: AT } as const, 'Failed today , could not be checked 7'],
])('the bell says that it is watched, or could not be: %o', async (change, name) => {
  const { screen } = await open([viewAlert(change)])
  await expect.element(screen.getByRole('link', { name })).toBeVisible()
  await expect.element(screen.getByRole('link', { name: /^Needs attention/ })).not.toMatchTextContent(/,/)
})
