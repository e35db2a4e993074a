import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { RefundRow } from '../../../client/features/refunds/refund-types.ts'
import { DEFAULT_REFUND_SEARCH } from '../../../client/features/refunds/refund-views.ts'
import { useRefundList } from '../../../client/features/refunds/use-refund-list.ts'
import { LiveProvider, type LiveQuery, type WireMessage } from '../../../client/lib/live.tsx'
import type { LiveWire } from '../../../client/lib/live-connection.ts'
import { POLL_MS } from '../../../client/lib/use-catch-up.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'
import { refund } from './refund-row.ts'

const START = Date.parse('2026-11-22T09:00:00Z')
/** Longer than any answer is fresh. */
const LONG_MS = 60_000

const broken: LiveWire<WireMessage, LiveQuery> = () => () => {}

function row(n: number, change: Partial<RefundRow> = {}): RefundRow {
  const id = `00000000-0000-4000-8000-00000000000${n}`
  return refund({ id, refundId: id, requestId: null, orderRef: `ord_${n}`, status: 'pending', ...change })
}

function List() {
  const { rows, newer, changed } = useRefundList(DEFAULT_REFUND_SEARCH, () => 0)
  const words = rows.map(({ id, orderRef, status }) => `${orderRef} ${status}${changed.has(id) ? '!' : ''}`)
  return <output aria-label="List">{`${words.join(', ')}; ${newer} new`}</output>
}

/** The list on two refunds, of a server that afterwards has a third and has ended the first. */
async function open(wire: LiveWire<WireMessage, LiveQuery>) {
  let rows = [row(2), row(1)]
  const api = fakeApi({
    'refunds.list': () => ({ rows, nextCursor: null }),
    'refunds.rows': (input) => rows.filter(({ id }) => JSON.stringify(input).includes(id)),
  })
  const app = (shown: boolean) => (
    <TestApp api={api} role="finance">
      <LiveProvider enabled wire={wire}>
        {shown ? <List /> : null}
      </LiveProvider>
    </TestApp>
  )
  const screen = await render(app(true))
  const list = screen.getByLabelText('List')
  await expect.element(list).toHaveTextContent('ord_2 pending, ord_1 pending; 0 new')
  // What happened last stands first.
  rows = [row(1, { status: 'succeeded' }), row(3), row(2)]
  return { api, list, show: (shown: boolean) => screen.rerender(app(shown)) }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: START }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const CAUGHT_UP = 'ord_2 pending, ord_1 succeeded!; 1 new'

test('whoever looks at the tab again finds the rows where they were, up to date, and the newer ones counted', async () => {
  const { list } = await open(fakeLive().wire)
  const look = (state: 'hidden' | 'visible') => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
    // As a browser does: the document's event reaches the window too.
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }
  look('hidden')
  vi.setSystemTime(START + LONG_MS)
  look('visible')
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
})

test('so does whoever comes back to the list from another page', async () => {
  const { list, show } = await open(fakeLive().wire)
  await show(false)
  vi.setSystemTime(START + LONG_MS)
  await show(true)
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
})

test('while the stream is down the list catches up by itself', async () => {
  const { list } = await open(broken)
  vi.advanceTimersByTime(POLL_MS)
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
})

test('however many refunds change at once, none moves and the list is not read again', async () => {
  const { wire, hear } = fakeLive()
  const { api, list } = await open(wire)
  const subject = 'refund' as const
  const many = Array.from({ length: 150 }, (_, i) => `00000000-0000-4000-9000-${String(i).padStart(12, '0')}`)
  const changes = [row(1).id, ...many].map((subjectId) => ({ subject, subjectId, at: new Date() }))
  hear({ kind: 'batch', events: [], renewed: [], changes })
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
  expect(api.calls.filter(({ path }) => path === 'refunds.list').map(({ input }) => input)).toEqual([
    expect.objectContaining({ limit: 100 }),
    expect.objectContaining({ limit: 100, cursor: null }),
  ])
})
