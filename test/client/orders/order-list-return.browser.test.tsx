import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { OrderRow } from '../../../client/features/orders/order-types.ts'
import { DEFAULT_SEARCH } from '../../../client/features/orders/order-views.ts'
import { useOrderList } from '../../../client/features/orders/use-order-list.ts'
import { LiveProvider, type LiveQuery, type WireMessage } from '../../../client/lib/live.tsx'
import type { LiveWire } from '../../../client/lib/live-connection.ts'
import { POLL_MS } from '../../../client/lib/use-catch-up.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'
import { orderRow } from './order-row.ts'

const START = Date.parse('2026-11-22T09:00:00Z')
/** Longer than any answer is fresh. */
const LONG_MS = 60_000

const { wire: steady } = fakeLive()
const broken: LiveWire<WireMessage, LiveQuery> = () => () => {}

const row = (n: number, change: Partial<OrderRow> = {}): OrderRow =>
  orderRow(n, { createdAt: new Date(START + n), displayStatus: 'pending', ...change })

function List() {
  const { rows, newer } = useOrderList(DEFAULT_SEARCH, {
    range: { from: null, to: null },
    readable: true,
    leftRow: null,
    firstInSight: () => 0,
  })
  const words = rows.map((row) => `${row.orderRef} ${row.displayStatus}`)
  return <output aria-label="List">{`${words.join(', ')}; ${newer} new`}</output>
}

/** The list on two orders, of a server that afterwards has a third and has changed the first. */
async function open(wire: LiveWire<WireMessage, LiveQuery>) {
  let rows = [row(2), row(1)]
  const api = fakeApi({
    'orders.list': () => ({ rows, nextCursor: null, previousCursor: null, asOf: new Date(START) }),
    'orders.total': () => ({ count: 2, exact: true, within: 0 }),
    'orders.rows': (input) => rows.filter(({ id }) => JSON.stringify(input).includes(id)),
  })
  const app = (shown: boolean) => (
    <TestApp api={api} role="ops">
      <LiveProvider enabled wire={wire}>
        {shown ? <List /> : null}
      </LiveProvider>
    </TestApp>
  )
  const screen = await render(app(true))
  const list = screen.getByLabelText('List')
  await expect.element(list).toHaveTextContent('ord_2 pending, ord_1 pending; 0 new')
  rows = [row(3), row(2), row(1, { displayStatus: 'charged' })]
  return { list, show: (shown: boolean) => screen.rerender(app(shown)) }
}

function look(state: 'hidden' | 'visible'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  // As a browser does: the document's event reaches the window too.
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: START }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const CAUGHT_UP = 'ord_2 pending, ord_1 charged; 1 new'

test('whoever looks at the tab again finds the rows where they were, up to date, and the newer ones counted', async () => {
  const { list } = await open(steady)
  look('hidden')
  vi.setSystemTime(START + LONG_MS)
  look('visible')
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
})

test('so does whoever comes back to the list from another page', async () => {
  const { list, show } = await open(steady)
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
