/** What became true of a watched view is told once, wherever the person is, until they have dealt with it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { ViewAlert } from '../../../client/features/orders/order-types.ts'
import { ViewAlertNews } from '../../../client/features/orders/view-alert-news.tsx'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { setPreference } from '../../../client/lib/preferences.ts'
import { clearToasts } from '../../../client/ui/toasts.tsx'
import { fakeApi, sessionOf, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'
import { after, AT, viewAlert } from './view-alert.ts'

const ME = sessionOf('ops').user.id
const OTHER_ID = '00000000-0000-4000-8000-0000000000a2'
const ROSE = { holds: true, roseAt: AT, roseRows: 3 } as const

beforeEach(() => setPreference('feedNotify', false))
afterEach(() => {
  clearToasts()
  vi.unstubAllGlobals()
})

async function open(alerts: ViewAlert[]) {
  const held = { alerts }
  const seen: unknown[] = []
  const api = fakeApi({
    'views.alerts': () => held.alerts,
    'views.list': () => [],
    'views.seeAlerts': (input) => {
      seen.push(input)
      const ids = JSON.stringify(input)
      held.alerts = held.alerts.map((one) => (ids.includes(one.id) ? { ...one, seenAt: after(60) } : one))
      return null
    },
  })
  const { wire, hear } = fakeLive()
  const go = vi.fn()
  const screen = await render(
    <TestApp role="ops" api={api}>
      <LiveProvider enabled wire={wire}>
        <ViewAlertNews go={go} />
      </LiveProvider>
    </TestApp>,
  )
  const say = (subjectId: string) =>
    hear({
      kind: 'batch',
      events: [],
      renewed: [],
      changes: [{ subject: 'view_alert', subjectId, at: AT }],
    })
  const asked = () => api.calls.filter(({ path }) => path === 'views.alerts').length
  const toast = screen.getByRole('status').filter({ hasText: '“Failed today”' })
  return { screen, held, seen, go, say, asked, toast }
}

test('what had become true before is told on arrival, and is seen when it is dismissed', async () => {
  const { toast, seen, asked } = await open([viewAlert(ROSE)])
  await expect.element(toast).toMatchTextContent(/“Failed today” has 3 rows\./)
  expect(seen).toEqual([])
  await toast.getByRole('button', { name: 'Dismiss' }).click()
  await expect.element(toast).not.toBeInTheDocument()
  expect(seen).toEqual([{ seen: [{ id: viewAlert().id, upTo: AT }] }])
  await expect.poll(asked).toBe(2)
})

test('the next news take its place, which dismisses nothing, and hold what is not dealt with', async () => {
  const { toast, seen, held, say, asked } = await open([viewAlert(ROSE)])
  await expect.element(toast).toMatchTextContent(/has 3 rows/)
  held.alerts = [viewAlert(ROSE), viewAlert({ ...ROSE, id: OTHER_ID, view: 'high', name: 'High value' })]
  // Of somebody else nothing is asked.
  say('00000000-0000-4000-8000-0000000000ff')
  expect(asked()).toBe(1)
  say(ME)
  await expect.element(toast).toMatchTextContent(/“High value” has 3 rows/)
  expect(toast.elements()).toHaveLength(1)
  expect(seen).toEqual([])
})

test('its link leads to the view, and leaves the others to be seen', async () => {
  const high = viewAlert({ ...ROSE, id: OTHER_ID, view: 'high', name: 'High value' })
  const { screen, toast, seen, go } = await open([high, viewAlert(ROSE)])
  await toast.getByRole('link', { name: 'Show' }).nth(0).click()
  expect(go).toHaveBeenCalledWith('/transactions?q=amount%3A%3E%3D100000&t=-7d&view=high')
  await expect.element(screen.getByText(/“High value”/)).not.toBeInTheDocument()
  await expect.element(toast).toMatchTextContent(/“Failed today” has 3 rows/)
  expect(seen).toEqual([{ seen: [{ id: OTHER_ID, upTo: AT }] }])
})

test('a view that cannot be checked is told, without a link where it is gone', async () => {
  const { toast } = await open([viewAlert({ view: null, problem: 'gone', problemAt: AT })])
  await expect.element(toast).toMatchTextContent(/could not be checked\. It was deleted/)
  expect(toast.getByRole('link').elements()).toHaveLength(0)
})

test('the browser tells too where the person chose so, each news once', async () => {
  const shown = vi.fn()
  class FakeNotification {
    static permission = 'granted'
    constructor(title: string, options: { body: string }) {
      shown(title, options.body)
    }
  }
  vi.stubGlobal('Notification', FakeNotification)
  setPreference('feedNotify', true)
  const { toast, say, held, asked } = await open([viewAlert(ROSE)])
  await expect.element(toast).toBeVisible()
  expect(shown.mock.calls).toEqual([['Failed today', expect.stringMatching(/has 3 rows/)]])
  const again = { ...ROSE, roseAt: after(5), roseRows: 9 }
  held.alerts = [viewAlert(again)]
  say(ME)
  await expect.element(toast).toMatchTextContent(/has 9 rows/)
  say(ME)
  await expect.poll(asked).toBe(3)
  expect(shown).toHaveBeenCalledTimes(2)
})
