import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { ProviderBanner } from '../../../client/lib/provider-health.tsx'
import type { ProviderHealth } from '../../../server/domain/provider-health.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'

test('every page says since when Juspay does not answer, and stops saying it when it does', async () => {
  let health: ProviderHealth = { state: 'answering', answeredAt: new Date(), p95Ms: null }
  const api = fakeApi({ 'health.provider': () => health })
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

  health = { state: 'down', since: new Date('2026-11-20T08:50:41Z') }
  changed()
  await expect
    .element(banner)
    .toMatchTextContent(
      /^Juspay is not answering \(since 20 Nov, 14:20\)\. New refunds are queued and will be sent when it answers\. Show status$/,
    )
  await expect.element(screen.getByRole('link', { name: 'Show status' })).toHaveAttribute('href', '/')

  health = { state: 'answering', answeredAt: new Date(), p95Ms: null }
  changed()
  await expect.element(banner).toBeEmptyDOMElement()
})
