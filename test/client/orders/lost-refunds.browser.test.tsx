/** A refund whose dialog was closed before its answer came: it is asked about by its key until somebody knows. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { LostRefunds } from '../../../client/features/refunds/lost-refunds.tsx'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

const ORDER_ID = '835d9e6d-8c81-4d60-bcc3-c8ef61bf3000'
const KEPT = `paydesk.refund.${ORDER_ID}`

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const draft = {
    clientKey: '0123456789abcdef',
    amount: '1500',
    reason: 'item_returned',
    note: '',
    sent: true,
  }
  sessionStorage.setItem(KEPT, JSON.stringify(draft))
})
afterEach(() => {
  vi.useRealTimers()
  sessionStorage.clear()
})

async function minuteLater(answer: unknown) {
  const api = fakeApi({ 'refunds.byKey': () => answer })
  const screen = await render(
    <TestApp api={api} role="finance">
      <LostRefunds />
    </TestApp>,
  )
  expect(api.calls).toEqual([])
  await vi.advanceTimersByTimeAsync(60_000)
  return { api, screen }
}

test('its answer is told once, and the form forgotten', async () => {
  const row = {
    amountMinor: 150_000n,
    currency: 'INR',
    orderRef: 'ord_8F2K',
    status: 'pending',
    where: 'Queued',
  }
  const { api, screen } = await minuteLater({ request: row, refund: row, message: '' })
  await expect.element(screen.getByText('₹1,500.00 of order ord_8F2K: Refund on its way.')).toBeVisible()
  expect(sessionStorage.getItem(KEPT)).toBeNull()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(api.calls).toEqual([{ path: 'refunds.byKey', input: { clientKey: '0123456789abcdef' } }])
})

test('a request that never arrived is told as well, and its form is kept with its key', async () => {
  const { screen } = await minuteLater(null)
  await expect.element(screen.getByText(/A refund was not sent/)).toBeVisible()
  expect(JSON.parse(sessionStorage.getItem(KEPT) ?? '{}')).toMatchObject({
    sent: false,
    clientKey: '0123456789abcdef',
  })
})

test('without an answer it is asked again, every minute, and nothing is ever sent', async () => {
  const { api } = await minuteLater(new Refused('BAD_GATEWAY', 'provider_unavailable', 'Not now.'))
  await vi.advanceTimersByTimeAsync(120_000)
  expect(api.calls.map(({ path }) => path)).toEqual(['refunds.byKey', 'refunds.byKey', 'refunds.byKey'])
  expect(sessionStorage.getItem(KEPT)).toContain('"sent":true')
})
