import { afterEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { RENEW_MS, useNavCounts } from '../../../client/lib/use-nav-counts.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'

afterEach(() => vi.useRealTimers())

function Counts() {
  return <output aria-label="Waiting">{useNavCounts().data?.approvals}</output>
}

test('a burst of requests renews the counts once, five seconds after the first', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  let approvals = 1
  const api = fakeApi({
    'session.counts': () => ({
      approvals,
      batches: 0,
      failedEvents: 0,
      discrepancies: 0,
      mentions: 0,
      refundLimit: null,
    }),
  })
  const { wire, hear } = fakeLive()
  const screen = await render(
    <TestApp api={api} role="ops">
      <LiveProvider enabled wire={wire}>
        <Counts />
      </LiveProvider>
    </TestApp>,
  )
  await expect.element(screen.getByLabelText('Waiting')).toHaveTextContent('1')
  approvals = 3
  const changes = ['a', 'b'].map((subjectId) => ({
    subject: 'refund_request' as const,
    subjectId,
    at: new Date(),
  }))
  hear({ kind: 'batch', events: [], renewed: [], changes })
  vi.advanceTimersByTime(RENEW_MS)
  await expect.element(screen.getByLabelText('Waiting')).toHaveTextContent('3')
  expect(api.calls).toHaveLength(2)
})
