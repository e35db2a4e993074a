import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { ProviderBanner, ProviderDownNotice } from '../../../client/lib/provider-health.tsx'
import { RefundStopBanner } from '../../../client/lib/refund-stop-banner.tsx'
import type { ProviderHealth } from '../../../server/domain/provider-health.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'

const DOWN: ProviderHealth = { state: 'down', since: new Date('2026-11-20T08:50:41Z') }
const STOP = {
  id: '00000000-0000-4000-8000-000000000009',
  gateway: 'RAZORPAY',
  reason: 'Wrong amounts in the file.',
  setByName: 'Asha Menon',
  setAt: new Date('2026-11-20T08:00:00Z'),
  expiresAt: null,
}

test('every page says since when Juspay does not answer, and stops saying it when it does', async () => {
  let health: ProviderHealth = { state: 'answering', answeredAt: new Date(), p95Ms: null }
  const api = fakeApi({ 'health.provider': () => health, 'stops.inForce': () => [] })
  const { wire, hear } = fakeLive()
  const screen = await render(
    <TestApp api={api} role="viewer">
      <LiveProvider enabled wire={wire}>
        <ProviderBanner />
      </LiveProvider>
    </TestApp>,
  )
  // The other one is the announcer.
  const banner = screen.getByRole('status').first()
  const changed = () => {
    const change = { subject: 'provider_health' as const, subjectId: 'a', at: new Date() }
    hear({ kind: 'batch', events: [], renewed: [], changes: [change] })
  }
  await expect.poll(() => api.calls).toHaveLength(1)
  await expect.element(banner).toBeEmptyDOMElement()

  health = DOWN
  changed()
  await expect
    .element(banner)
    .toMatchTextContent(
      /^Juspay is not answering \(since 20 Nov, 14:20\)\. New refunds are queued, and sent once they are approved and it answers\. Show status$/,
    )
  await expect.element(screen.getByRole('link', { name: 'Show status' })).toHaveAttribute('href', '/')

  health = { state: 'answering', answeredAt: new Date(), p95Ms: null }
  changed()
  await expect.element(banner).toBeEmptyDOMElement()
})

test('nothing is promised about new refunds while some are stopped', async () => {
  const api = fakeApi({ 'health.provider': () => DOWN, 'stops.inForce': () => [STOP] })
  const screen = await render(
    <TestApp api={api} role="viewer">
      <ProviderBanner />
      <ProviderDownNotice taken />
      <RefundStopBanner />
    </TestApp>,
  )
  await expect.element(screen.getByText(/^Refunds through Razorpay are stopped/)).toBeVisible()
  await expect
    .element(screen.getByRole('status').first())
    .toMatchTextContent(/^Juspay is not answering \(since 20 Nov, 14:20\)\. Show status$/)
  await expect.element(screen.getByText(/are queued/)).not.toBeInTheDocument()
})
